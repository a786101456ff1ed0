"""What a phone at the door says is true, and what was said at the door can be recorded there."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking
from booking.rules.words import BookingMode, Origin
from tests.browser.conftest import Site
from tests.browser.doors import Door, a_phone, came_in, door, here, open_door, other, says, send
from tests.browser.wire import a_wire
from tests.cast import a_booking, a_venue, an_event, slots_for

__all__ = ["door"]


def outcodes(door: Door) -> list[tuple[str | None, str]]:
    """Say where those live who walked in, in the order they came."""
    db.session.rollback()
    walked = select(Booking).where(Booking.event_id == door.event_id, Booking.origin == Origin.WALK_IN)
    return [(each.outcode, each.district) for each in db.session.scalars(walked.order_by(Booking.id))]


class TestWhereSomebodyLives:
    def test_is_said_under_who_came_in_last(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        card = page.locator("#newest li")
        where = card.get_by_label("Where they live")
        where.select_option("TN23")
        expect(card.locator(".person__said")).to_contain_text("1 adult, TN23")
        where.select_option(label="Swale")
        expect(card.locator(".person__said")).to_contain_text("1 adult, Swale")
        send(page)
        says(page, "All sent")
        assert outcodes(door) == [("", "swale")] or outcodes(door) == [(None, "swale")]
        where.select_option(label="Not known")
        expect(card.locator(".person__said")).not_to_contain_text("Swale")
        page.context.close()

    def test_is_said_of_who_gave_a_name(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        page.get_by_text("Add with a name, or several people").click()
        page.fill("#name", "Pete")
        page.get_by_role("button", name="Add them").click()
        card = page.locator("#newest li")
        card.get_by_label("Where they live").select_option("TN23")
        expect(card.locator(".person__said")).to_have_text("✓ Pete: 1 adult, TN23")
        send(page)
        says(page, "All sent")
        assert [code for code, _district in outcodes(door)] == ["TN23"]
        assert door.register().walk_ins[0].people[0].name == "Pete"
        page.context.close()

    def test_can_be_another_postcode(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        card = page.locator("#newest li")
        field = card.get_by_label("Or a postcode")
        field.fill("Sheppey")
        field.press("Tab")
        expect(card.get_by_role("alert")).to_have_text("Type the first part of the postcode, like ME9.")
        expect(field).to_have_value("Sheppey")
        field.fill("me12 3ab")
        field.press("Tab")
        expect(card.locator(".person__said")).to_contain_text("1 adult, ME12")
        expect(card.get_by_label("Where they live")).to_have_value("ME12")
        expect(card.locator(".wrong")).to_have_text("")
        page.get_by_text("Add with a name, or several people").click()
        page.fill("#name", "Pete")
        page.fill("#outcode", "Ashford")
        page.get_by_role("button", name="Add them").click()
        expect(page.locator("#outcode")).to_be_focused()
        expect(page.locator("#named").get_by_role("alert")).to_contain_text("first part of the postcode")
        expect(page.locator("#name")).to_have_value("Pete")
        page.fill("#outcode", "ME9")
        page.get_by_role("button", name="Add them").click()
        expect(page.locator("#newest")).to_contain_text("Pete: 1 adult, ME9")
        send(page)
        says(page, "All sent")
        assert outcodes(door) == [("ME12", "swale"), ("ME9", "swale")]
        page.context.close()

    def test_is_not_known_once(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        for select_ in (page.locator("#where"), page.locator("#newest select")):
            expect(select_.locator("option", has_text="Not known")).to_have_count(1)
        page.context.close()

    def test_what_is_typed_stays_when_the_list_comes_anew(self, browser: Browser, door: Door) -> None:
        page, second = a_phone(browser), a_phone(browser)
        open_door(page, door.link())
        open_door(second, door.link())
        came_in(page)
        says(page, "All sent")
        field = page.locator("#newest").get_by_label("Or a postcode")
        field.press_sequentially("ME")
        came_in(second)
        send(second)
        says(second, "All sent")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#count-walked")).to_have_text("2")
        expect(field).to_have_value("ME")
        expect(field).to_be_focused()
        for each in (page, second):
            each.context.close()


class TestTrueWords:
    def test_of_who_comes_later_and_who_left_unseen(self, browser: Browser, site: Site) -> None:
        with site.app.app_context(), a_wire(site.url) as wire:
            starts_at = clock.now() + timedelta(hours=1)
            event = an_event(starts_at=starts_at, booking_mode=BookingMode.SLOTS, venue=a_venue(fire_limit=200))
            slots_for(event)
            family = a_booking(event, adults=("Zebedee Quillfeather",), slot_id=event.slots[0].id, children=2).id
            page = a_phone(browser)
            open_door(page, Door(event.id, [family], wire).link())
            expect(page.locator("#left-again")).to_be_hidden()
            other(page, "Zebedee", "Comes later")
            said = page.locator(".person .person__said")
            expect(said).to_have_text("Comes later")
            page.get_by_role("button", name="Left, not seen").press("Enter")
            expect(said).to_have_text(re.compile(r"^Came, \d+(:\d\d)?[ap]m\. Left, not seen$"))
            send(page)
            says(page, "All sent")
            expect(said).to_have_text(re.compile(r"^Came, .+\. Left, not seen$"))
            assert [page.locator(each).inner_text() for each in ("#count-here", "#count-children")] == ["1 of 1", "2"]
            assert [page.locator(each).inner_text() for each in ("#count-inside", "#count-left")] == ["3 of 200", "3"]
            page.context.close()

    def test_of_one_among_several_who_did_not_come(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        row = page.locator("#booked > li", has_text="Zebab")
        other(page, "Zebab", "Did not come: Jo O.")
        expect(row.locator("[data-part=other-said]")).to_have_text("Other: did not come: Jo O.")
        other(page, "Zebaa", "Did not come")
        alone = page.locator("#booked > li", has_text="Zebaa").locator("[data-part=other-said]")
        expect(alone).to_have_text("Other: did not come")
        page.context.close()

    def test_of_who_was_added_when_children_come_after(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        page.locator("#newest").get_by_role("button", name="+1 child").click()
        expect(page.locator("#newest")).to_contain_text("1 adult, 1 child")
        expect(page.locator("#added")).to_have_text(re.compile(r"^Added: No name given, [\d:]+[ap]m\. 1 so far\.$"))
        page.context.close()

    def test_of_who_gave_no_name_say_when_they_came(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        row = page.locator("#walked li")
        when = re.compile(r"^✓ No name given, \d+(:\d\d)?[ap]m: 1 adult$")
        expect(row.locator(".person__said")).to_have_text(when)
        send(page)
        says(page, "All sent")
        page.reload()
        page.fill("#pin", "739104")
        page.get_by_role("button", name="Unlock").click()
        expect(row.locator(".person__said")).to_have_text(when)
        page.context.close()

    def test_of_the_counts(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        here(page, "Zebab")
        came_in(page)
        for name, number in (
            ("Booked, came", "1 of 4"),
            ("Without booking, adults", "1"),
            ("Children", "1"),
            ("Came in, with children", "3 of 200"),
        ):
            box = page.locator(".counts div", has=page.get_by_text(name, exact=True))
            expect(box.locator("dd")).to_have_text(number)
        expect(page.locator("#door")).not_to_contain_text("In the building")
        page.context.close()
