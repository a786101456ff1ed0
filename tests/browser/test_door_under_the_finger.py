"""Nothing moves under the finger of whoever holds a phone at the door; what is looked for stands where one looks."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Browser, Locator, Page, expect

from booking import clock
from booking.extensions import transaction
from booking.rules.words import BookingMode
from booking.services.add_walk_in import WalkIn, add_walk_in
from tests.browser.conftest import Site
from tests.browser.doors import (
    Door,
    a_door,
    a_phone,
    came_in,
    door,
    here,
    name_of,
    open_door,
    says,
    send,
)
from tests.browser.wire import a_wire
from tests.cast import a_booking, a_venue, an_event, slots_for

__all__ = ["door"]

A_MOMENT = 900
"""Milliseconds after which a tap is one of its own."""

HOLD_THE_DISK = """() => new Promise((ready) => {
  const request = indexedDB.open("door");
  request.onsuccess = () => {
    const taps = request.result.transaction("taps", "readwrite").objectStore("taps");
    let isHeld = true;
    window.letGo = () => { isHeld = false; };
    (function hold() { taps.count().onsuccess = () => { if (isHeld) hold(); ready(); }; })();
  };
})"""
"""A transaction that goes on until it is let go: what is recorded meanwhile is not on the disk."""


def top_of(each: Locator) -> float:
    """Say how far below the top of the screen something stands."""
    top: float = each.evaluate("each => each.getBoundingClientRect().top")
    return top


def stays(each: Locator, top: float) -> bool:
    return abs(top_of(each) - top) <= 2


def middle_of(each: Locator) -> tuple[float, float]:
    box = each.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_the_middle(each: Locator) -> None:
    """Scroll as a thumb does: what is tapped next stands in the middle of the screen."""
    each.evaluate("each => each.scrollIntoView({block: 'center'})")
    each.page.wait_for_timeout(100)


class TestASecondTapAtOnce:
    def test_does_not_hit_what_slid_under_the_finger(self, browser: Browser, site: Site) -> None:
        with site.app.app_context(), a_wire(site.url) as wire:
            starts_at = clock.now() + timedelta(hours=1)
            event = an_event(starts_at=starts_at, booking_mode=BookingMode.SLOTS, venue=a_venue(fire_limit=200))
            slots_for(event)
            family = a_booking(event, adults=("Zebedee Quillfeather",), slot_id=event.slots[0].id).id
            page = a_phone(browser)
            open_door(page, Door(event.id, [family], wire).link())
            wire.cut()
            page.locator("[data-part=other-sum]").click()
            page.wait_for_timeout(A_MOMENT)
            at = middle_of(page.get_by_role("button", name="Comes later"))
            page.mouse.dblclick(*at)
            expect(page.locator("[data-part=other-sum]")).to_contain_text("Other: comes later")
            says(page, "1 not sent yet")
            page.wait_for_timeout(A_MOMENT)
            page.mouse.click(*middle_of(page.get_by_role("button", name="Left, not seen")))
            expect(page.locator("[data-part=other-sum]")).to_contain_text("left, not seen")
            page.context.close()

    def test_lets_one_person_in_and_says_how_many_came(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        one = page.get_by_role("button", name="Someone came in")
        page.mouse.dblclick(*middle_of(one))
        expect(page.locator("#count-walked")).to_have_text("1")
        expect(page.locator("#added")).to_contain_text(". 1 so far.")
        page.wait_for_timeout(A_MOMENT)
        one.click()
        expect(page.locator("#added")).to_contain_text(". 2 so far.")

    def test_on_the_same_button_of_children_counts_twice(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        more = page.locator("#newest").get_by_role("button", name="+1 child")
        more.scroll_into_view_if_needed()
        page.mouse.dblclick(*middle_of(more))
        expect(page.locator("#newest")).to_contain_text("1 adult, 2 children")
        page.context.close()

    def test_by_keyboard_always_counts(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        here(page, "Zebaa")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#count-here")).to_have_text("0 of 4")
        page.context.close()


class TestWhatWasTappedKeepsItsPlace:
    def test_somebody_who_is_here(self, browser: Browser, site: Site) -> None:
        with site.app.app_context(), a_wire(site.url) as wire:
            page = a_phone(browser)
            open_door(page, a_door(wire, families=30).link())
            box = page.locator(".person", has_text=name_of(20))
            in_the_middle(box)
            top = top_of(box)
            here(page, name_of(20))
            assert stays(box, top)
            says(page, "All sent")
            page.wait_for_timeout(A_MOMENT)  # the list came anew
            assert stays(box, top)
            page.context.close()

    def test_someone_came_in_and_the_postcodes(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        one, chip = page.get_by_role("button", name="Someone came in"), page.locator("#chips button").first
        tops = top_of(one), top_of(chip)
        came_in(page)
        expect(page.locator("#newest li")).to_be_visible()
        assert stays(one, tops[0])
        assert stays(chip, tops[1])
        expect(page.locator("#added")).to_be_in_viewport()
        expect(page.locator("#newest .person__said")).to_be_in_viewport()
        chip.click()
        says(page, "All sent")
        assert stays(chip, tops[1])
        page.context.close()

    def test_who_is_removed(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        for _each in range(12):
            came_in(page)
        row = page.locator("#walked li").nth(6)
        in_the_middle(row)
        top = top_of(row)
        row.get_by_role("button", name="Remove").click()
        expect(row).to_contain_text("Removed: No name given")
        assert stays(row, top)
        says(page, "All sent")
        page.wait_for_timeout(A_MOMENT)
        removed = page.locator("#walked li", has_text="Removed")
        assert stays(removed, top)
        page.context.close()


class TestARoundInWhichNothingCame:
    def test_makes_no_list_anew(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        came_in(page)
        send(page)
        says(page, "All sent")
        page.wait_for_timeout(A_MOMENT)  # the list came anew
        stays_the_same = marked(page, "#walked li", "#booked li", "#newest li")
        send(page)
        page.wait_for_timeout(A_MOMENT)
        expect(stays_the_same).to_have_count(3)
        door.wire.cut()
        send(page)
        says(page, "No signal. All sent")
        expect(stays_the_same).to_have_count(3)
        door.wire.mend()
        with transaction():
            add_walk_in(WalkIn(event_id=door.event_id, adults=1, children=0), by=None)
        send(page)
        expect(page.locator("#walked li")).to_have_count(2)
        page.context.close()

    def test_leaves_the_focus_where_the_keyboard_led_it(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        door.wire.cut()
        box = page.locator(".person", has_text="Zebaa")
        box.get_by_role("button", name="Here").press("Enter")
        expect(box).to_be_focused()
        says(page, "No signal. 1 not sent yet")
        expect(box).to_be_focused()
        page.keyboard.press("Tab")
        undo = box.get_by_role("button", name="Undo")
        expect(undo).to_be_focused()
        send(page)
        undo.press("Enter")
        expect(box).to_be_focused()
        expect(box.get_by_role("button", name="Here")).to_be_visible()
        page.context.close()


class TestWhatWasTapped:
    def test_is_said_to_wait_only_once_the_phone_keeps_it(self, browser: Browser, door: Door) -> None:
        page = a_phone(browser)
        open_door(page, door.link())
        says(page, "All sent")
        door.wire.cut()
        page.evaluate(HOLD_THE_DISK)
        here(page, "Zebaa")
        expect(page.locator("#count-here")).to_have_text("1 of 4")
        expect(page.locator("#heard")).not_to_be_empty()
        page.wait_for_timeout(A_MOMENT)
        expect(page.locator("#state")).not_to_contain_text("not sent yet, safe here")
        page.evaluate("window.letGo()")
        says(page, "1 not sent yet, safe here")
        page.context.close()


def marked(page: Page, *each: str) -> Locator:
    """Mark the first of each; what is made anew bears no mark."""
    for one in each:
        page.locator(one).first.evaluate("each => { each.id = 'same-' + Math.random() }")
    return page.locator("[id^=same-]")


def test_who_was_removed_comes_again_with_undo(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_role("button", name="+1 TN23").click()
    page.locator("#newest [data-deed=first]").click()
    page.locator("#newest").get_by_role("button", name="Remove").click()
    newest = page.locator("#newest")
    expect(newest).to_contain_text("Removed: No name given")
    expect(newest).to_contain_text("TN23")
    expect(page.locator("#count-walked")).to_have_text("0")
    expect(page.locator("#heard")).to_contain_text("Removed: No name given")
    send(page)
    says(page, "All sent")
    assert door.register().walked_in == 0
    page.wait_for_timeout(A_MOMENT)  # the list that came anew has them no more
    newest.get_by_role("button", name="Undo").click()
    expect(page.locator("#added")).to_contain_text("Added: No name given")
    expect(page.locator("#count-walked")).to_have_text("1")
    send(page)
    says(page, "All sent")
    walked = door.register().walk_ins
    assert [(each.where, each.first_time) for each in walked] == [("TN23", True)]
    page.context.close()


def test_who_is_found_stands_right_under_the_box(browser: Browser, site: Site) -> None:
    with site.app.app_context(), a_wire(site.url) as wire:
        page = a_phone(browser)
        open_door(page, a_door(wire, families=12).link())
        came_in(page)
        page.fill("#find", name_of(9))
        row = page.locator("#booked > li:visible")
        expect(row).to_have_count(1)
        box = page.locator("#find").bounding_box()
        assert box
        assert 0 < top_of(row) - box["y"] - box["height"] < 120
        expect(row).to_be_in_viewport(ratio=0.5)
        page.context.close()


def test_a_whole_name_finds_who_is_there_by_an_initial(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    for typed, found in (("Zebaa Quillfeather", 1), ("Zebaa Q.", 1), ("zebaa miller", 0), ("quill", 0)):
        page.fill("#find", typed)
        expect(page.locator("#booked > li:visible")).to_have_count(found)
    page.get_by_role("button", name="Booked: find a name").click()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("Zebab")
    expect(page.locator("#find")).to_have_value("Zebab")
    expect(page.locator("#booked > li:visible")).to_have_count(1)
    for title in ("#walked-title", "#nobody", "#others-title"):
        expect(page.locator(title)).to_be_hidden()
    page.context.close()


def test_who_walked_in_stands_in_the_order_they_came(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    for name in ("Cleo", "Abel", "Bea"):
        page.locator("#named summary").click()
        page.fill("#name", name)
        page.get_by_role("button", name="Add them").click()
        expect(page.locator("#walked li").first).to_contain_text(name)
    says(page, "All sent")
    page.wait_for_timeout(A_MOMENT)  # the list came anew
    expect(page.locator("#walked li .person__said")).to_contain_text(["Bea", "Abel", "Cleo"])
    page.context.close()


def test_who_was_not_let_in_leaves_the_finger_where_it_was(browser: Browser, site: Site) -> None:
    with site.app.app_context(), a_wire(site.url) as wire:
        page = a_phone(browser)
        open_door(page, a_door(wire, families=12, venue=a_venue(fire_limit=1)).link())
        came_in(page)
        page.wait_for_timeout(A_MOMENT)
        came_in(page)
        expect(page.locator("#override-title")).to_be_focused()
        page.get_by_role("button", name="Do not let them in").click()
        expect(page.get_by_role("button", name="Someone came in")).to_be_focused()
        expect(page.locator("#count-walked")).to_have_text("1")
        page.context.close()


def test_the_question_before_wiping_is_seen_with_both_answers(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.get_by_role("button", name="Send all, and wipe this phone").click()
    expect(page.locator("#wipe-ask")).to_be_focused()
    expect(page.locator("#wipe-ask")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Yes, wipe")).to_be_in_viewport(ratio=1)
    page.context.close()


def test_the_bar_of_the_state_stays_as_high_as_it_is(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    says(page, "All sent")
    high = high_of(page)
    door.wire.cut()
    for _each in range(35):
        came_in(page)
    says(page, "No signal. 35 not sent yet")
    assert high_of(page) == high
    door.wire.mend()
    page.route("**/door/phone/taps", lambda route: route.fulfill(status=500, body="Sorry"))
    send(page)
    says(page, "Site fault. 35 not sent yet")
    assert high_of(page) == high
    page.context.close()


def high_of(page: Page) -> float:
    high: float = page.locator(".top").evaluate("each => each.getBoundingClientRect().height")
    return high
