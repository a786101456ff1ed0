"""What whoever holds a phone at the door finds where they look for it: found by running a door with the guide alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event
from booking.rules.words import (
    BookingMode,
    CancelledBy,
    Origin,
    Outcome,
    Turn,
)
from booking.services.cancel_booking import cancel_booking
from tests.browser.conftest import PHONE, Site
from tests.browser.doors import (
    PIN,
    Door,
    a_door,
    a_phone,
    came_in,
    door,
    here,
    open_door,
    other,
    says,
    send,
    unlock,
)
from tests.browser.looking import Looker
from tests.browser.wire import a_wire
from tests.cast import a_booking, a_venue, an_event, slots_for

__all__ = ["door"]


def test_a_name_is_found_without_its_accents(browser: Browser, door: Door) -> None:
    a_booking(db.session.get_one(Event, door.event_id), adults=("Paweł Strauß",))
    page = a_phone(browser)
    open_door(page, door.link())
    for words in ("pawel", "PAWEŁ", "Paweł"):
        page.fill("#find", words)
        expect(page.locator("#found")).to_have_text("1 found")
    page.context.close()


def test_what_is_pressed_says_so_while_it_has_the_focus(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.context.set_offline(True)
    page.get_by_role("button", name="Someone came in").click()
    first = page.locator("#walked [data-deed=first]")
    first.click()
    pressed = page.locator("#walked [data-deed=first]")
    expect(pressed).to_be_focused()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_have_css("background-color", "rgb(43, 34, 51)")
    assert "✓" in pressed.evaluate("each => getComputedStyle(each, '::before').content")
    page.context.close()


def test_who_came_in_last_stands_at_the_top_with_what_can_be_said_of_them(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.context.set_offline(True)
    page.get_by_role("button", name="Someone came in").click()
    newest = page.locator("#newest li")
    newest.get_by_role("button", name="+1 child").click()
    newest.get_by_role("button", name="+1 child").click()
    newest.get_by_role("button", name="−1 child").click()
    newest.get_by_role("button", name="Yes").click()
    expect(newest).to_contain_text("1 adult, 1 child")
    page.get_by_text("Add with a name, or several people").click()
    page.fill("#name", "Pete")
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#added")).to_contain_text("Pete")
    expect(newest).to_contain_text("Pete: 1 adult")
    expect(newest).to_be_in_viewport()
    page.context.close()


def test_first_time_stays_said_when_the_list_comes_anew(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_role("button", name="Someone came in").click()
    page.locator("#newest [data-deed=first]").click()
    send(page)
    page.reload()
    unlock(page)
    page.get_by_role("button", name="Someone came in").click()
    page.locator("#newest [data-deed=first]").click()
    send(page)
    expect(page.locator("#newest [data-deed=first]")).to_have_attribute("aria-pressed", "true")
    page.context.close()


def test_the_other_phone_sees_what_was_said_of_who_walked_in(browser: Browser, door: Door) -> None:
    one, other = a_phone(browser), a_phone(browser)
    open_door(one, door.link())
    open_door(other, door.link())
    one.get_by_role("button", name="+1 TN23").click()
    one.locator("#newest [data-deed=not-first]").click()
    one.locator("#newest [data-deed=child]").click()
    send(one)
    says(one, "All sent")
    send(other)
    row = other.locator("#walked li")
    expect(row).to_contain_text("1 adult, 1 child, TN23")
    expect(row.locator("[data-deed=not-first]")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name="+1 child").click()
    send(other)
    says(other, "All sent")
    send(one)
    expect(one.locator("#newest")).to_contain_text("1 adult, 2 children, TN23")
    for page in (one, other):
        page.context.close()


def test_the_link_opened_again_leads_back_to_the_pin(browser: Browser, door: Door) -> None:
    page, link = a_phone(browser), door.link()
    open_door(page, link)
    page.context.set_offline(True)
    page.get_by_role("button", name="Someone came in").click()
    page.context.set_offline(False)
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#unlock")).to_be_visible()
    assert "#" not in page.url
    unlock(page)
    expect(page.locator("#walked")).to_contain_text("No name given")
    page.context.close()


def test_nobody_found_says_to_look_at_the_whole_list_first(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.fill("#find", "Nobody of this name")
    expect(page.locator("#found")).to_have_text("Nobody found. Look down the whole list before you add anybody.")
    page.context.close()


def test_the_list_is_wiped_only_after_a_second_yes(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    finish = page.get_by_role("button", name="Send all, and wipe this phone")
    finish.click()
    expect(page.locator("#wipe-ask")).to_be_focused()
    expect(page.locator("#wipe")).to_contain_text("You need a new link to come back")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#wipe")).to_be_hidden()
    expect(finish).to_be_focused()
    expect(page.locator("#booked > li")).to_have_count(3)
    finish.press("Enter")
    page.get_by_role("button", name="Yes, wipe").press("Enter")
    expect(page.locator("#gone")).to_contain_text("Everything is sent, and the list is wiped")
    expect(page.locator("#gone h2")).to_be_focused()
    page.context.close()


def test_nothing_is_asked_nor_wiped_before_all_is_sent(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    here(page, "Zebaa")
    page.get_by_role("button", name="Send all, and wipe this phone").click()
    expect(page.locator("#finish-said")).to_contain_text("Nothing is wiped until then")
    expect(page.locator("#wipe")).to_be_hidden()
    door.wire.mend()
    send(page)
    expect(page.locator("#finish-said")).not_to_contain_text("Not everything")
    says(page, "All sent")
    page.context.close()


def test_what_is_rare_waits_behind_other_which_says_what_was_chosen(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    row = page.locator("#booked > li", has_text="Zebaa")
    summary = row.locator("[data-part=other-sum]")
    expect(row.get_by_role("button", name="Did not come")).to_be_hidden()
    expect(summary).to_have_text("Other: Zebaa Q.")  # the name is for who hears the page
    summary.press("Enter")
    row.get_by_role("button", name="Did not come").press("Enter")
    expect(summary).to_contain_text("Other: did not come")
    expect(summary).to_be_focused()
    send(page)
    says(page, "All sent")
    here(page, "Zebac")
    send(page)
    says(page, "All sent")
    row.get_by_role("button", name="Undo").press("Enter")  # it is open still
    expect(row.get_by_role("button", name="Here")).to_be_visible()
    page.context.close()


def test_other_offers_only_what_can_still_be_said(browser: Browser, site: Site) -> None:
    with site.app.app_context(), a_wire(site.url) as wire:
        starts_at = clock.now() + timedelta(hours=1)
        event = an_event(starts_at=starts_at, booking_mode=BookingMode.SLOTS, venue=a_venue(fire_limit=200))
        slots_for(event)
        names = ("Ada Quill", "Bea Quill")
        families = [a_booking(event, adults=(name,), slot_id=event.slots[n].id).id for n, name in enumerate(names)]
        page = a_phone(browser)
        open_door(page, Door(event.id, families, wire).link())
        here(page, "Ada")
        ada, bea = (page.locator("#booked > li", has_text=name) for name in ("Ada", "Bea"))
        ada.locator("[data-part=other-sum]").click()
        expect(ada.get_by_role("button", name="Comes later")).to_be_hidden()
        expect(ada.get_by_role("button", name="Left, not seen")).to_be_visible()
        other(page, "Bea", "Did not come")
        expect(bea.get_by_role("button", name="Left, not seen")).to_be_hidden()
        bea.get_by_role("button", name="Undo").press("Enter")
        bea.get_by_role("button", name="Comes later").press("Enter")
        expect(bea.locator("[data-part=other-sum]")).to_contain_text("Other: comes later")
        page.context.close()


def test_what_was_promised_is_folded_until_they_are_here(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    row = page.locator("#booked > li", has_text="Zebaa")
    promised = row.locator("[data-part=promised]")
    expect(promised.locator("summary")).to_contain_text("Something was promised: show")
    expect(promised.locator("li").first).to_be_hidden()
    expect(page.locator("#booked > li", has_text="Zebac").locator("[data-part=promised]")).to_be_hidden()
    here(page, "Zebaa")
    expect(promised.locator("li").first).to_be_visible()
    assert promised.locator("li").first.inner_text() in page.locator("#heard").inner_text()
    row.get_by_role("button", name="Undo").click()
    expect(promised.locator("li").first).to_be_hidden()
    promised.locator("summary").press("Enter")
    expect(promised.locator("li").first).to_be_visible()
    page.context.close()


def test_the_children_booked_are_named_before_somebody_is_here(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    row = page.locator("#booked > li", has_text="Zebab")
    expect(row.locator("[data-part=booked]")).to_have_text("1 child booked")
    text = row.inner_text()
    assert text.index("1 child booked") < text.index("Here")
    expect(row.get_by_role("button", name="one child more")).to_be_hidden()
    here(page, "Zebab")
    expect(row).not_to_contain_text("booked")
    row.get_by_role("button", name="one child more: Zebab").click()
    expect(row.locator("[data-part=children-said]")).to_have_text("2 children")
    send(page)
    says(page, "All sent")
    assert next(each for each in door.register().booked if each.is_here).children == 2
    page.context.close()


def test_who_came_anyway_has_children_and_first_time(browser: Browser, door: Door) -> None:
    with transaction():
        cancel_booking(door.families[1], by=CancelledBy.FAMILY)
    page = a_phone(browser)
    open_door(page, door.link())
    others = page.locator("#others li")
    expect(others).to_contain_text("(no place)")
    others.get_by_role("button", name="Came anyway").click()
    newest = page.locator("#newest li")
    expect(newest).to_be_focused()
    expect(page.locator("#added")).to_contain_text("Added: Zebab Q.")
    newest.get_by_role("button", name="+1 child").click()
    newest.get_by_role("button", name="Yes").click()
    send(page)
    says(page, "All sent")
    walked = door.register().walk_ins
    assert [(each.children, each.first_time) for each in walked] == [(2, True)]
    expect(page.locator("#walked [data-deed=first]")).to_have_attribute("aria-pressed", "true")
    page.context.close()


def test_remove_is_far_from_no(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_role("button", name="Someone came in").click()
    remove = page.locator("#newest").get_by_role("button", name="Remove").bounding_box()
    assert remove
    for button in page.locator("#newest button:visible:not([data-deed=take-back])").all():
        box = button.bounding_box()
        assert box
        gaps = (remove["y"] - box["y"] - box["height"], box["y"] - remove["y"] - remove["height"])
        assert max(gaps) >= 24, button.inner_text()
    page.context.close()


def test_everybody_is_shown_again_by_one_button(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    everybody = page.get_by_role("button", name="Show everybody")
    expect(everybody).to_be_hidden()
    page.fill("#find", "zebab")
    expect(page.locator("#booked > li:visible")).to_have_count(1)
    everybody.click()
    expect(page.locator("#booked > li:visible")).to_have_count(3)
    expect(page.locator("#find")).not_to_be_focused()  # it would open a keyboard
    expect(page.locator("#booked-title")).to_be_focused()
    expect(everybody).to_be_hidden()
    page.context.close()


def test_a_fault_of_the_site_is_not_called_no_signal(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.route("**/door/phone/taps", _fault)
    here(page, "Zebaa")
    says(page, "Site fault. 1 not sent yet, safe here.")
    send(page)
    expect(page.locator("#finish-said")).to_have_text(
        "The site has a fault. It is kept on this phone, and tried again."
    )
    page.unroute("**/door/phone/taps")
    send(page)
    says(page, "All sent")
    page.context.close()


def _fault(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Sorry</h1>")


def test_the_first_names_and_what_to_do_are_there_but_no_need(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    expect(page.locator("#booked")).to_contain_text("Zebaa Q.")
    text = page.content()
    assert "Quillfeather" not in text
    assert "quiet_space" not in text
    assert "orangery" not in text
    expect(page.locator("#booked li.row").first).to_contain_text("First time: say hello")
    page.context.close()


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("12345", "12345", "Use six numbers or more"),
        ("111111", "111111", "too easy"),
        ("123456", "123456", "too easy"),
        (PIN, "739105", "not the same"),
    ],
)
def test_a_pin_that_is_not_good_is_refused_and_the_link_still_works(
    browser: Browser, door: Door, pin: str, again: str, said: str
) -> None:
    page = a_phone(browser)
    link = door.link()
    page.goto(link)
    page.fill("#new-pin", pin)
    page.fill("#again-pin", again)
    page.get_by_role("button", name="Open the door").click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    page.fill("#new-pin", PIN)
    page.fill("#again-pin", PIN)
    page.get_by_role("button", name="Open the door").click()
    expect(page.locator("#title")).to_be_visible()
    page.context.close()


def test_the_fire_limit_stops_and_who_leads_may_answer_for_it(browser: Browser, site: Site) -> None:
    with site.app.app_context(), a_wire(site.url) as wire:
        door = a_door(wire, families=1, venue=a_venue(fire_limit=1))
        helper, lead = a_phone(browser), a_phone(browser)
        open_door(helper, door.link())
        open_door(lead, door.link(leads=True))
        wire.cut()
        for page in (helper, lead):
            came_in(page)
            came_in(page)
            expect(page.locator("#override")).to_contain_text("The room is full")
        expect(helper.locator("#reason")).to_be_hidden()
        helper.get_by_role("button", name="Do not let them in").click()
        lead.fill("#reason", "They wait in the porch")
        lead.get_by_role("button", name="Let them in", exact=True).click()
        for page in (helper, lead):
            says(page, "not sent yet")
        wire.mend()
        for page in (helper, lead):
            send(page)
            says(page, "All sent")
        assert door.register().walked_in == 3
        reasons = db.session.scalars(select(AuditEntry.reason).where(AuditEntry.action == "override_fire_limit")).all()
        assert "They wait in the porch" in reasons
        for page in (helper, lead):
            page.context.close()


def test_j5_walk_in_in_three_taps(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_role("button", name="+1 TN23").click()
    page.locator("#walked").get_by_role("button", name="Yes").click()
    page.locator("#walked").get_by_role("button", name="+1 child").click()
    expect(page.locator("#walked")).to_contain_text("1 child")
    says(page, "not sent yet")
    send(page)
    says(page, "All sent")
    db.session.rollback()
    booking = db.session.scalars(
        select(Booking).where(Booking.event_id == door.event_id, Booking.origin == Origin.WALK_IN)
    ).one()
    assert (booking.outcode, booking.is_first_time, booking.children, booking.family_id) == ("TN23", True, 1, None)
    page.context.close()


def test_who_comes_later_and_who_left_unseen_is_recorded_where_times_are_booked(browser: Browser, site: Site) -> None:
    with site.app.app_context(), a_wire(site.url) as wire:
        event = an_event(
            starts_at=clock.now() + timedelta(hours=1), booking_mode=BookingMode.SLOTS, venue=a_venue(fire_limit=200)
        )
        slots_for(event)
        family = a_booking(event, adults=("Zebedee Quillfeather",), slot_id=event.slots[0].id).id
        page = a_phone(browser)
        open_door(page, Door(event.id, [family], wire).link())
        wire.cut()
        other(page, "Zebedee", "Comes later")
        page.get_by_role("button", name="Left, not seen").press("Enter")
        expect(page.locator("#booked")).to_contain_text("Other: left, not seen")
        expect(page.locator("#count-here")).to_have_text("1 of 1")
        says(page, "3 not sent yet")
        wire.mend()
        send(page)
        says(page, "All sent")
        db.session.rollback()
        booking = db.session.get_one(Booking, family)
        assert (booking.turn, booking.places[0].outcome) == (Turn.LEFT, Outcome.ATTENDED)
        page.context.close()


def test_a_locked_phone_holds_no_name_in_its_page_either(browser: Browser, door: Door) -> None:
    """What is only out of sight is read by whoever opens the tools of the browser, or restores its tabs."""
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_text("Add with a name").click()
    page.fill("#name", "Marmaduke Doorstepper")
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#newest")).to_contain_text("Marmaduke")
    page.get_by_text("Add with a name").click()
    page.fill("#name", "Half Written")
    page.fill("#find", "Zebaa")
    here(page, "Zebaa")
    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.locator("#unlock")).to_be_visible()
    html = page.content()
    for name in ("Zebaa", "Marmaduke", "quiet"):
        assert name not in html
    assert [page.locator(field).input_value() for field in ("#name", "#find")] == ["", ""]
    unlock(page)
    expect(page.locator("#walked")).to_contain_text("Marmaduke")
    expect(page.locator(".person", has_text="Zebaa")).to_contain_text("Here")
    page.context.close()


def test_every_screen_passes_axe_and_is_whole(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    looker = Looker(Axe())

    def look() -> None:
        looker.look(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    page.goto(f"{door.wire.url}/door/phone")
    look()
    page.goto("about:blank")
    page.goto(door.link())
    expect(page.locator("#enrol")).to_be_visible()
    look()
    open_door(page, door.link())
    here(page, "Zebaa")
    came_in(page)
    page.get_by_text("Add with a name").click()
    for summary in page.locator("#booked summary:visible").all():
        if summary.evaluate("each => !each.parentElement.open"):
            summary.click()
    look()
    page.get_by_role("button", name="Lock", exact=True).click()
    look()
    unlock(page)
    page.get_by_role("button", name="Send all, and wipe this phone").click()
    expect(page.locator("#wipe-ask")).to_be_focused()
    look()
    page.get_by_role("button", name="Yes, wipe").click()
    expect(page.locator("#gone")).to_contain_text("Everything is sent")
    look()
    assert len(looker.seen) == 6
    assert not looker.found, looker.report()
    page.context.close()
