"""A phone at the door in a real browser, with the wire cut and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import AuditEntry, DoorDevice, DoorEvent, Event
from booking.rules.words import (
    CancelledBy,
    EventStatus,
    HeldReason,
    Outcome,
    TapState,
)
from booking.services.cancel_booking import cancel_booking
from booking.services.enrol_phone import shut_out_phone
from tests.browser.conftest import CHROMIUM, PHONE, Site
from tests.browser.doors import (
    PIN,
    Door,
    a_door,
    a_phone,
    came_in,
    door,
    here,
    name_of,
    open_door,
    other,
    says,
    send,
    unlock,
)
from tests.browser.wire import a_wire

__all__ = ["door"]

TWO_HOURS_FAST = "const real = Date.now; Date.now = () => real() + 7200000;"


def at_gate(page: Page, number: int) -> None:
    """Wait until the page waits at this gate. The CSP forbids Playwright's own way of waiting."""
    for _each in range(200):
        if page.evaluate("gates.length") == number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"nothing came to gate {number}")


def test_j18_no_signal_a_cold_start_and_then_everything_is_sent(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    here(page, "Zebaa")
    came_in(page)
    says(page, "2 not sent yet")
    page.close()
    again = page.context.new_page()
    again.goto(f"{door.wire.url}/door/phone")
    unlock(again)
    expect(again.locator(".person", has_text="Zebaa")).to_contain_text("Here")
    expect(again.locator("#count-walked")).to_have_text("1")
    says(again, "No signal")
    assert door.outcomes()[0] == Outcome.NOT_RECORDED
    door.wire.mend()
    send(again)
    says(again, "All sent")
    assert door.outcomes()[0] == Outcome.ATTENDED
    assert door.register().walked_in == 1
    page.context.close()


def test_an_answer_lost_on_the_way_is_sent_again_and_counts_once(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.answers = False
    came_in(page)
    send(page)
    says(page, "not sent yet")
    for _time in range(3):
        send(page)
        page.wait_for_timeout(200)
    door.wire.mend()
    send(page)
    says(page, "All sent")
    assert door.register().walked_in == 1
    page.context.close()


def test_the_signal_that_is_back_is_used_at_once(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    says(page, "All sent")
    away = [True]
    page.route("**/door/phone/taps", lambda route: None if away else route.continue_())  # no answer comes, nor a no
    came_in(page)
    says(page, "1 not sent yet")
    page.wait_for_timeout(1500)
    away.clear()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#state")).to_contain_text("All sent", timeout=5000)
    page.context.close()


def test_what_waits_is_tried_again_every_ten_seconds(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    page.clock.install()
    open_door(page, door.link())
    door.wire.cut()
    came_in(page)
    page.clock.run_for(2000)
    says(page, "No signal")
    door.wire.mend()
    page.clock.run_for(10_000)
    says(page, "All sent")
    page.context.close()


def test_a_clock_two_hours_wrong_does_no_harm(browser: Browser, door: Door) -> None:
    wrong, right = a_phone(browser), a_phone(browser)
    wrong.add_init_script(TWO_HOURS_FAST)
    open_door(wrong, door.link())
    open_door(right, door.link())
    door.wire.cut()
    here(wrong, "Zebab")
    wrong.wait_for_timeout(2000)
    other(right, "Zebab", "Did not come: Zebab")
    for page in (wrong, right):
        says(page, "1 not sent yet")
    door.wire.mend()
    for page in (right, wrong):
        send(page)
        says(page, "All sent")
    assert door.outcomes()[1] == Outcome.DID_NOT_COME, "the later of the two, whatever the first phone's clock says"
    first = select(DoorDevice.clock_off_s).where(DoorDevice.event_id == door.event_id, DoorDevice.number == 1)
    assert db.session.scalars(first).one() in range(7190, 7210)
    for page in (wrong, right):
        page.context.close()


def test_what_changed_meanwhile_waits_for_a_person(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    here(page, "Zebab")
    here(page, "Zebac")
    says(page, "2 not sent yet")
    with transaction():
        cancel_booking(door.families[1], by=CancelledBy.FAMILY)
    door.wire.mend()
    send(page)
    says(page, "All sent")
    held = db.session.scalars(select(DoorEvent.held_for).where(DoorEvent.state == TapState.HELD)).all()
    assert held[-1] == HeldReason.NO_PLACE
    assert door.outcomes()[2] == Outcome.ATTENDED
    door.wire.cut()
    came_in(page)
    says(page, "1 not sent yet")
    with transaction():
        db.session.get_one(Event, door.event_id).status = EventStatus.CANCELLED
    door.wire.mend()
    send(page)
    expect(page.locator("#gone")).to_contain_text("called off")
    held = db.session.scalars(select(DoorEvent.held_for).where(DoorEvent.state == TapState.HELD)).all()
    assert held[-1] == HeldReason.CALLED_OFF
    page.context.close()


def test_a_link_opens_one_phone_only(browser: Browser, door: Door) -> None:
    link = door.link()
    first, second = a_phone(browser), a_phone(browser)
    open_door(first, link)
    second.goto(link)
    second.fill("#new-pin", PIN)
    second.fill("#again-pin", PIN)
    second.get_by_role("button", name="Open the door").click()
    expect(second.get_by_role("alert")).to_contain_text("This link has been used already")
    assert second.locator("#booked li").count() == 0
    for page in (first, second):
        page.context.close()


def test_no_signal_at_the_first_opening_is_said_and_the_link_still_works(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    page.goto(door.link())
    door.wire.cut()
    page.fill("#new-pin", PIN)
    page.fill("#again-pin", PIN)
    page.get_by_role("button", name="Open the door").click()
    expect(page.get_by_role("alert")).to_contain_text("Opening the door the first time needs one")
    door.wire.mend()
    page.get_by_role("button", name="Open the door").click()
    expect(page.locator("#title")).to_be_visible()
    page.context.close()


def test_wrong_pins_slow_down_and_then_wipe_and_nothing_recorded_is_lost(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    came_in(page)
    says(page, "1 not sent yet")
    page.reload()
    for left in (9, 8, 7):
        unlock(page, "000000")
        expect(page.get_by_role("alert")).to_contain_text(f"Tries left: {left}")
    expect(page.get_by_role("alert")).to_contain_text("Try again in 5 seconds")
    unlock(page)
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong PINs")  # even the right one must wait
    page.evaluate(TRIED_NINE_TIMES)
    unlock(page, "000000")
    expect(page.locator("#gone")).to_contain_text("too many wrong PINs")
    expect(page.locator("#gone")).to_contain_text("1 entry is not sent yet")
    assert "pack" not in page.evaluate(KEPT_THINGS)
    door.wire.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#gone")).to_contain_text("Nothing waits to be sent")
    assert door.register().walked_in == 1
    page.context.close()


def test_a_phone_that_is_shut_out_wipes_itself_and_what_it_sends_waits(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    came_in(page)
    says(page, "1 not sent yet")
    device = db.session.scalars(select(DoorDevice).where(DoorDevice.event_id == door.event_id)).one()
    with transaction():
        shut_out_phone(device.id, event_id=door.event_id)
    door.wire.mend()
    send(page)
    expect(page.locator("#gone")).to_contain_text("shut this phone out")
    assert set(page.evaluate(KEPT_THINGS)).isdisjoint({"pack", "lock", "read"})
    assert door.register().walked_in == 0
    db.session.refresh(device)
    expect(page.locator("#gone")).to_contain_text("Nothing waits to be sent")
    page.context.close()


def test_after_its_day_the_phone_holds_no_list(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    page.add_init_script("const real = Date.now; Date.now = () => real() + 25 * 3600000;")
    page.reload()
    expect(page.locator("#gone")).to_contain_text("The day of this session is over")
    assert "pack" not in page.evaluate(KEPT_THINGS)
    page.context.close()


def test_who_is_marked_while_the_list_comes_anew_stays_marked(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    page.evaluate(GATES)
    here(page, "Zebaa")
    send(page)
    at_gate(page, 1)  # what was sent is sent; the list is about to be asked for
    here(page, "Zebab")
    says(page, "1 not sent yet")
    page.evaluate("gates[0]()")
    at_gate(page, 2)  # the list is there, and what was recorded meanwhile is read
    here(page, "Zebac")
    page.evaluate("gates[1]()")
    page.wait_for_timeout(300)
    for name in ("Zebaa", "Zebab", "Zebac"):
        expect(page.locator(".person", has_text=name)).to_contain_text("Here,")
    page.context.close()


def test_a_full_phone_says_so_and_loses_nothing_while_it_is_open(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    door.wire.cut()
    page.evaluate(FULL)
    came_in(page)
    expect(page.get_by_role("alert")).to_contain_text("This phone is full")
    says(page, "1 not sent yet")
    door.wire.mend()
    send(page)
    says(page, "All sent")
    assert door.register().walked_in == 1
    page.context.close()


def test_a_phone_whose_storage_was_cleared_asks_for_a_new_link(browser: Browser, door: Door) -> None:
    page = a_phone(browser)
    open_door(page, door.link())
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": door.wire.url, "storageTypes": "all"})
    page.goto(f"{door.wire.url}/door/phone")
    expect(page.locator("#need-link")).to_be_visible()
    open_door(page, door.link())
    page.context.close()


def test_a_stolen_phone_has_nothing_readable_on_its_disk(browser: Browser, door: Door, tmp_path: Path) -> None:
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], viewport=PHONE
    )
    page = context.new_page()
    open_door(page, door.link())
    door.wire.cut()
    page.get_by_text("Add with a name").click()
    page.fill("#name", "Wilhelmina")
    page.get_by_role("button", name="Add them").click()
    says(page, "1 not sent yet")
    title = page.locator("#title").inner_text()
    kept = page.evaluate(ALL_KEPT)
    context.close()
    disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "IndexedDB" in str(path))
    assert len(disk) > 1000
    for word in ("Zebaa", "Zebab", "Wilhelmina", title, "say hello", "attended", PIN):
        for form in (word.encode(), word.encode("utf-16-le")):
            assert form not in disk, word
        assert word not in kept, word


@pytest.mark.long
def test_a_session_of_sixty_families_is_run_by_two_phones_without_a_signal(browser: Browser, site: Site) -> None:
    """Done when: both offline, walk-ins on both, one wrong clock, then one signal: everything agrees."""
    with site.app.app_context(), a_wire(site.url) as one_wire, a_wire(site.url) as other_wire:
        door = a_door(one_wire, families=60)
        one, other = a_phone(browser), a_phone(browser)
        other.add_init_script(TWO_HOURS_FAST)
        open_door(one, door.link())
        open_door(other, door.link().replace(one_wire.url, other_wire.url))
        one_wire.cut()
        other_wire.cut()
        for number in range(30):
            here(one, name_of(number))
        for number in range(28, 50):
            here(other, name_of(number))
        for page in (one, other):
            for _each in range(3):
                came_in(page)
            page.wait_for_timeout(750)  # a tap at once, where the one before was, would be taken for its second half
            page.locator("#walked").get_by_role("button", name="Remove").first.click()
        says(one, "34 not sent yet")
        says(other, "26 not sent yet")
        one_wire.mend()
        send(one)
        says(one, "All sent")
        other_wire.mend()
        send(other)
        says(other, "All sent")
        send(one)
        register = door.register()
        assert door.outcomes() == [Outcome.ATTENDED] * 50 + [Outcome.NOT_RECORDED] * 10
        assert (register.here, register.walked_in) == (50, 4)
        for page in (one, other):
            expect(page.locator("#count-here")).to_have_text(f"50 of {register.expected}")
            expect(page.locator("#count-walked")).to_have_text("4")
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == door.event_id)).all()
        assert (acts.count("record_attendance"), acts.count("add_walk_in"), acts.count("remove_walk_in")) == (50, 6, 2)
        kept = db.session.scalars(select(DoorEvent).where(DoorEvent.event_id == door.event_id)).all()
        assert len(kept) == 30 + 22 + 6 + 2
        assert {each.state for each in kept} == {TapState.COUNTS}
        for page in (one, other):
            page.context.close()


GATES = """() => {
  const real = crypto.subtle.decrypt.bind(crypto.subtle);
  window.gates = [];
  crypto.subtle.decrypt = async (...all) => {
    const plain = await real(...all);
    await new Promise((open) => window.gates.push(open));
    return plain;
  };
}"""


FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


TRIED_NINE_TIMES = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("door");
  opening.onsuccess = () => {
    const change = opening.result.transaction("things", "readwrite");
    const things = change.objectStore("things");
    things.put({ wrong: 9, until: 0 }, "tries");
    change.oncomplete = () => { opening.result.close(); resolve(); };
    change.onabort = reject;
  };
})"""


KEPT_THINGS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("door");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("things").objectStore("things").getAllKeys();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    asked.onerror = reject;
  };
})"""


ALL_KEPT = """() => new Promise((resolve, reject) => {
  const text = (value) => value instanceof Uint8Array ? new TextDecoder("latin1").decode(value)
    : value instanceof CryptoKey ? String(value.extractable)
    : value && typeof value === "object" ? Object.entries(value).map(([key, each]) => key + text(each)).join(" ")
    : String(value);
  const opening = indexedDB.open("door");
  opening.onsuccess = () => {
    const reading = opening.result.transaction(["things", "taps"]);
    const all = [reading.objectStore("things").getAll(), reading.objectStore("taps").getAll()];
    reading.oncomplete = () => { opening.result.close(); resolve(all.map((each) => text(each.result)).join(" ")); };
    reading.onabort = reject;
  };
})"""
