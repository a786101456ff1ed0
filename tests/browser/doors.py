"""A door on a phone in a real browser: a session that is on, phones, and what one taps there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking
from booking.queries.register import Register, get_register
from booking.rules.words import (
    ConsentSubject,
    Outcome,
)
from booking.services.ask_needs import Need
from booking.services.enrol_phone import make_phone_link
from tests.browser.conftest import PHONE, Site
from tests.browser.wire import Wire, a_wire
from tests.cast import a_booking, a_venue, an_event

PIN = "739104"


@dataclass
class Door:
    """A session that is on, and its families."""

    event_id: int
    families: list[int]
    wire: Wire

    def link(self, **values: Any) -> str:
        """Make a link as staff do, at the end of this wire."""
        with transaction():
            _device, token = make_phone_link(self.event_id, by=None, **values)
        return f"{self.wire.url}/door/phone#{token}"

    def register(self) -> Register:
        db.session.rollback()
        return get_register(self.event_id)

    def outcomes(self) -> list[Outcome]:
        """What became of the first person of each family, in the order they booked."""
        db.session.rollback()
        return [db.session.get_one(Booking, each).places[0].outcome for each in self.families]


@pytest.fixture
def door(site: Site) -> Iterator[Door]:
    with site.app.app_context(), a_wire(site.url) as wire:
        yield a_door(wire)


def a_door(wire: Wire, *, families: int = 3, **values: Any) -> Door:
    values.setdefault("venue", a_venue(fire_limit=200))
    event = an_event(starts_at=clock.now() + timedelta(hours=1), capacity=200, **values)
    booked = [
        a_booking(
            event,
            adults=(f"{name_of(number)} Quillfeather", *["Jo Otherwise"] * (number % 2)),
            children=number % 3,
            needs=(Need("quiet_space", "by the orangery"),) if number == 0 else (),
            consents=(ConsentSubject.NEEDS,) if number == 0 else (),
        ).id
        for number in range(families)
    ]
    return Door(event.id, booked, wire)


def name_of(number: int) -> str:
    return f"Zeb{chr(97 + number // 26)}{chr(97 + number % 26)}"


def a_phone(browser: Browser, **options: Any) -> Page:
    context = browser.new_context(viewport=options.pop("viewport", PHONE), locale="en-GB", **options)
    context.set_default_timeout(10_000)
    return context.new_page()


def open_door(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("#new-pin", PIN)
    page.fill("#again-pin", PIN)
    page.get_by_role("button", name="Open the door").click()
    expect(page.locator("#title")).to_be_focused()
    expect(page.locator("#booked > li").first).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def unlock(page: Page, pin: str = PIN) -> None:
    page.fill("#pin", pin)
    page.get_by_role("button", name="Unlock").click()


def here(page: Page, name: str) -> None:
    """Tap "Here" left of the middle, never twice at one spot: a second tap there at once would count for nothing."""
    button = page.locator(".person", has_text=name).get_by_role("button", name="Here")
    button.click(position={"x": 10 + 30 * (ord(name[-1]) % 3), "y": 20})


def other(page: Page, name: str, deed: str) -> None:
    """Open "Other" in somebody's row, and press a button there."""
    row = page.locator("#booked > li", has_text=name)
    row.locator("[data-part=other-sum]").click()
    row.get_by_role("button", name=deed).click()


def came_in(page: Page) -> None:
    """Let somebody in who did not book; two such taps at once are one of a hand that shakes."""
    page.wait_for_timeout(420)
    page.get_by_role("button", name="Someone came in").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send now").click()


def says(page: Page, text: str) -> None:
    expect(page.locator("#state")).to_contain_text(text)
