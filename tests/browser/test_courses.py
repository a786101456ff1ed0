"""Courses, open drop-ins and the way into an online room, in a real browser: a phone without scripts, and a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from booking import clock
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Event
from booking.rules.words import BookingMode, Delivery, EventKind
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.looking import Looker
from tests.browser.walk import follow, go_on, go_to, push
from tests.cast import a_booking, a_course, an_event


@pytest.fixture
def looker(axe: Axe) -> Looker:
    return Looker(axe)


@pytest.fixture(params=["phone without scripts", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    is_phone = request.param != "desk"
    viewport = PHONE if is_phone else DESK
    options = {"base_url": site.url, "viewport": viewport, "locale": "en-GB", "bypass_csp": True}
    with browser.new_context(java_script_enabled=not is_phone, **options) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


def look(page: Page, looker: Looker) -> None:
    """Judge a page; without scripts axe cannot run, so only its width is."""
    if page.viewport_size == DESK:
        looker.look(page)
    else:
        wide = page.locator("html").bounding_box()
        assert wide is not None
        assert wide["width"] <= PHONE["width"]


def test_a_course_is_booked_whole_one_date_skipped_and_then_all(page: Page, site: Site, looker: Looker) -> None:
    with site.app.app_context():
        events = a_course(dates=3, title="Sleep, step by step", begins_in=30)
        slug, series = events[0].slug, events[0].series
        assert series is not None
        address = f"/courses/{series.slug}"
        with transaction():
            db.session.get_one(Event, events[1].id).capacity = 1
        a_booking(events[1])
    page.goto(f"/sessions/{slug}")
    look(page, looker)
    go_to(page, "Sleep, step by step")
    expect(page).to_have_url(re.compile(f"{address}$"))
    look(page, looker)
    go_to(page, "Choose dates")
    expect(page.get_by_label("Some of the dates")).to_be_checked()
    look(page, looker)
    page.get_by_label(re.compile("The whole course")).check()
    go_on(page)
    page.fill("input[name=full_name]", "Sam Carer")
    page.check("input[name=contact_by][value=email]")
    page.fill("input[name=email]", "sam.of.the.course@example.net")
    for _page in range(3):
        go_on(page)
    expect(page.locator("h1")).to_have_text("Check your answers")
    expect(page.get_by_text("you join the waiting list")).to_have_count(1)
    look(page, looker)
    follow(page, "Book, and join the waiting list")
    expect(page.get_by_text("This is date 1 of 3 of")).to_be_visible()
    look(page, looker)
    push(page.locator(".house-course__date a").last)
    go_to(page, "Cancel my booking")
    expect(page.get_by_text("You keep your other dates.")).to_be_visible()
    look(page, looker)
    follow(page, "Yes, cancel my booking")
    expect(page.locator("h1")).to_have_text("Your booking is cancelled")
    push(page.locator(".house-course__date a").first)
    expect(page.locator("h1")).to_have_text("You have a place")
    go_to(page, "Cancel my booking")
    go_to(page, "I cannot come to any date. Cancel them all.")
    look(page, looker)
    follow(page, "Yes, cancel all dates")
    expect(page.get_by_text("All your dates of this course are cancelled.")).to_be_visible()
    assert not looker.found, looker.report()


def test_somebody_may_come_to_an_open_drop_in(page: Page, site: Site, looker: Looker) -> None:
    with site.app.app_context():
        slug = an_event(kind=EventKind.COFFEE, booking_mode=BookingMode.OPEN, capacity=None).slug
    page.goto(f"/sessions/{slug}")
    go_to(page, "Let us know you may come")
    look(page, looker)
    page.fill("input[name=adults]", "9")
    follow(page, "We may come")
    expect(page.locator(".govuk-error-summary")).to_contain_text("a number from 1 to 6")
    look(page, looker)
    page.fill("input[name=adults]", "2")
    follow(page, "We may come")
    expect(page.locator("h1")).to_have_text("Thank you")
    look(page, looker)
    assert not looker.found, looker.report()


def test_the_door_of_the_online_room_opens_in_time(page: Page, site: Site, looker: Looker) -> None:
    with site.app.app_context():
        soon = clock.now() + timedelta(minutes=10)
        link = {"join_url": "https://meet.example.org/room", "dial_in": "01632 960 123, code 4455"}
        event = an_event(delivery=Delivery.ONLINE, starts_at=soon, **link)
        token = booking_token(a_booking(event))
    page.goto(f"/bookings/{token}")
    expect(page.get_by_role("heading", name="You can join online now")).to_be_visible()
    expect(page.get_by_role("link", name="Join now")).to_have_attribute("href", "https://meet.example.org/room")
    look(page, looker)
    assert not looker.found, looker.report()
