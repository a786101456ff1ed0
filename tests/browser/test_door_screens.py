"""What whoever holds a phone at the door finds where they look for it: found by running a door with the guide alone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from booking.extensions import db
from booking.models import Event
from tests.browser.test_door_without_a_signal import Door, a_phone, door, open_door, says, send, unlock
from tests.cast import a_booking

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
