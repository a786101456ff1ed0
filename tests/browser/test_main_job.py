"""The main job, end to end: find, book, invite, move, cancel, record, export. Each step as its person does it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

from icalendar import Calendar
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.invitations import invitation_token
from booking.models import Booking, Event, NeedRequest, Place
from booking.rules.words import EventKind, Outcome, StaffRole
from booking.services.invite_staff import invite_staff
from tests.browser.code_app import set_up_code_app
from tests.browser.conftest import Site
from tests.browser.walk import follow, go_on, go_to, push, send
from tests.cast import an_event

PASSWORD = "a long walk by the Stour"

Judge = Callable[[Page], None]


def a_forum(site: Site, *, title: str, starts_at=None, **values: object) -> tuple[int, str]:
    with site.app.app_context():
        event = an_event(title=title, kind=EventKind.FORUM, starts_at=starts_at, **values)
        return event.id, event.slug


def sign_in(page: Page, site: Site, address: str) -> None:
    """Make a member of staff by the command's service and follow the one-time link, as its reader does."""
    with site.app.app_context(), transaction():
        member = invite_staff(address, name="Gwen Ashdown", role=StaffRole.ORGANISER)
        token = invitation_token(member, now=clock.now())
    page.goto(f"/staff/set-password/{token}")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    send(page)
    if page.locator("input[name=email]").count():
        page.fill("input[name=email]", address)
        page.fill("input[name=password]", PASSWORD)
        send(page)
    set_up_code_app(page)
    page.goto("/staff/")
    expect(page.locator("h1")).to_be_visible()
    assert "/staff/sign-in" not in page.url


def book_two_adults_with_bsl(page: Page, address: str, judge: Judge) -> str:
    """From the session's page to the done page; return the address of the family's own page."""
    push(page.get_by_role("link", name=re.compile("Book a place")).first)
    judge(page)
    page.fill("input[name=adults]", "2")
    page.fill("input[name=children]", "1")
    go_on(page)
    judge(page)
    page.fill("input[name=full_name]", "Zoë Łukasz-Okafor")
    page.check("input[name=contact_by][value=email]")
    page.fill("input[name=email]", address)
    page.fill("input[name=outcode]", "TN23")
    go_on(page)
    judge(page)
    go_on(page)
    judge(page)
    page.check("input[name=any_needs][value=yes]")
    page.check("input[name=needs][value=bsl]")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    judge(page)
    page.check("input[name=consent_needs]")
    go_on(page)
    judge(page)
    page.fill("textarea[name=question]", "When will letters be in plain words?")
    go_on(page)
    judge(page)
    expect(page.get_by_text("Zoë Łukasz-Okafor")).to_be_visible()
    push(page.get_by_role("button", name=re.compile("Book|Confirm")).first)
    expect(page.get_by_text(re.compile("reference", re.IGNORECASE)).first).to_be_visible()
    judge(page)
    assert re.search(r"/bookings/[a-z0-9]+$", page.url)
    return page.url


def calendar_of(message) -> Calendar:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    return Calendar.from_ical(parts[0].get_payload(decode=True))


class TestTheMainJob:
    def test_a_parent_books_staff_move_it_and_the_parent_cancels(self, page: Page, site: Site, judge: Judge) -> None:
        title = f"Forum for {page.viewport_size['width']} pixels"
        event_id, _slug = a_forum(site, title=title)
        address = f"zoe-{event_id}@example.org"

        page.goto("/")
        judge(page)
        page.fill("input[name=place]", "TN23")
        push(page.get_by_role("button", name="Search").first)
        judge(page)
        go_to(page, title)
        judge(page)
        own_page = book_two_adults_with_bsl(page, address, judge)

        with site.app.app_context():
            event = db.session.get_one(Event, event_id)
            assert event.places_taken == 2
            codes = db.session.scalars(select(NeedRequest)).all()
            assert "bsl" in {need.code for need in codes}

        site.tick()
        (invitation,) = site.mail_to(address)
        first = calendar_of(invitation)
        assert first["METHOD"] == "REQUEST"
        entry = first.walk("VEVENT")[0]
        assert entry["SEQUENCE"] == 0
        assert own_page in invitation.get_body(("plain",)).get_content()
        for secret in ("BSL", "Zoë", "Łukasz"):
            assert secret not in first.to_ical().decode()
            assert secret not in invitation["Subject"]

        self._staff_move_it(page, site, event_id, judge)
        site.tick()
        change = site.mail_to(address)[-1]
        moved = calendar_of(change).walk("VEVENT")[0]
        assert moved["UID"] == entry["UID"]
        assert moved["SEQUENCE"] == 1
        assert moved["DTSTART"].dt - entry["DTSTART"].dt == timedelta(hours=1)
        assert change["Subject"].startswith("Changed")

        page.goto(own_page)
        judge(page)
        go_to(page, "Cancel my booking")
        judge(page)
        send(page)
        expect(page.locator("h1")).to_contain_text("cancelled")
        judge(page)
        site.tick()
        gone = calendar_of(site.mail_to(address)[-1])
        assert gone["METHOD"] == "CANCEL"
        assert gone.walk("VEVENT")[0]["UID"] == entry["UID"]
        assert gone.walk("VEVENT")[0]["SEQUENCE"] == 2
        with site.app.app_context():
            assert db.session.get_one(Event, event_id).places_taken == 0

    def _staff_move_it(self, page: Page, site: Site, event_id: int, judge: Judge) -> None:
        sign_in(page, site, f"gwen-{event_id}@example.org")
        judge(page)
        page.goto(f"/staff/sessions/{event_id}")
        judge(page)
        go_to(page, "Move")
        judge(page)
        page.fill("input[name=starts]", "11:00")
        page.fill("input[name=ends]", "13:00")
        follow(page, "See who it touches")
        judge(page)
        follow(page, "Move it and tell everybody")
        judge(page)

    def test_the_door_records_and_the_list_opens(self, page: Page, site: Site, judge: Judge) -> None:
        now = clock.now().replace(second=0, microsecond=0)
        title = f"Door of {page.viewport_size['width']} pixels"
        event_id, slug = a_forum(site, title=title, starts_at=now + timedelta(hours=1))
        page.goto(f"/sessions/{slug}")
        book_two_adults_with_bsl(page, f"door-{event_id}@example.org", judge)
        sign_in(page, site, f"desk-{event_id}@example.org")
        page.goto(f"/door/{event_id}")
        judge(page)
        push(page.get_by_role("button", name=re.compile("^Here")).first)
        push(page.get_by_role("button", name=re.compile("^Did not come")).last)
        push(page.get_by_role("button", name=re.compile("Someone came in|came in", re.IGNORECASE)).first)
        judge(page)
        with site.app.app_context():
            assert self._outcomes(event_id) == [Outcome.ATTENDED, Outcome.ATTENDED, Outcome.DID_NOT_COME]
            assert db.session.get_one(Event, event_id).places_taken == 2
        answer = page.request.get(f"/staff/sessions/{event_id}/attendance-list.csv")
        text = answer.body().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert "Zoë Łukasz-Okafor" in text
        assert len(rows) == 4
        page.goto("/staff/figures")
        judge(page)

    def _outcomes(self, event_id: int) -> list[Outcome]:
        rows = db.session.scalars(select(Place).join(Booking).where(Booking.event_id == event_id)).all()
        return sorted(place.outcome for place in rows)
