"""Finding a name, and seeing what is pressed, at the door of a phone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from booking.extensions import db
from booking.models import Event
from tests.browser.test_door_without_a_signal import Door, a_phone, door, open_door
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
