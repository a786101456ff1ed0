"""A parent with a keyboard or a switch, and nothing else: book, wait, take an offer, change and cancel."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from booking.extensions import db
from booking.models import Event
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.keys import press, write
from tests.browser.test_main_job import a_forum

MOST_STEPS = 150
"""Presses of Tab after which nobody would go on looking."""


class Keyboard:
    """Moves by Tab alone; presses and types only where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: Locator) -> None:
        """Tab to something."""
        element = target.element_handle()
        for _step in range(MOST_STEPS):
            if self.page.evaluate("element => element === document.activeElement", element):
                return
            press(self.page, "Tab")
        raise AssertionError(f"Tab never came to {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.to(target)
        press(self.page, key)

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Press the link or button of that name, and wait for the page it brings."""
        target = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first
        self.to(target)
        with self.page.expect_navigation():
            press(self.page, "Enter")

    def write(self, name: str, text: str) -> None:
        self.to(self.page.locator(f"input[name={name}]"))
        press(self.page, "Control+a")
        write(self.page, text)

    def choose(self, name: str, value: str) -> None:
        """Choose a radio: Tab reaches the group, arrows move in it."""
        wanted = self.page.locator(f"input[name={name}][value={value}]")
        group = self.page.locator(f"input[name={name}]")
        for _step in range(MOST_STEPS):
            if group.evaluate_all("all => all.includes(document.activeElement)"):
                break
            press(self.page, "Tab")
        press(self.page, "Space")
        for _step in range(group.count()):
            if wanted.is_checked():
                return
            press(self.page, "ArrowDown")
        raise AssertionError(f"The arrows never came to {value}")


@pytest.fixture(params=["phone, no script", "desk, script"])
def look(request: pytest.FixtureRequest) -> dict[str, object]:
    phone = request.param.startswith("phone")
    return {"viewport": PHONE if phone else DESK, "java_script_enabled": not phone}


@pytest.fixture
def families(browser: Browser, site: Site, look: dict[str, object]) -> Iterator[list[Page]]:
    """Two families, each with a browser of its own."""
    contexts: list[BrowserContext] = [browser.new_context(base_url=site.url, **look) for _family in range(2)]
    for context in contexts:
        context.set_default_timeout(10_000)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def book(page: Page, slug: str, *, name: str, email: str, joining: bool = False) -> None:
    """From the session's page to the done page, skipping what may be skipped."""
    keys = Keyboard(page)
    page.goto(f"/sessions/{slug}")
    keys.follow(re.compile("Book a place|Join the (waiting )?list"))
    keys.write("adults", "1")
    keys.follow("Continue")
    keys.write("full_name", name)
    keys.choose("contact_by", "email")
    keys.write("email", email)
    keys.follow("Continue")
    while not page.url.endswith("/check"):
        keys.follow(re.compile("Continue|Next"))
    keys.follow(re.compile("Join the (waiting )?list" if joining else "Book"))
    expect(page.locator("h1")).to_contain_text("list" if joining else "You have a place")


def link_in(site: Site, address: str) -> str:
    """Give the address of the family's own page from its newest mail."""
    plain = site.mail_to(address)[-1].get_body(("plain",))
    assert plain is not None
    found = re.search(r"\S+/bookings/\w+", plain.get_content())
    assert found
    return found.group()


class TestByKeyboardAlone:
    def test_book_wait_accept_change_and_cancel(self, families: list[Page], site: Site) -> None:
        first, second = families
        kind = "phone" if first.viewport_size == PHONE else "desk"
        event_id, slug = a_forum(site, title=f"By keyboard on a {kind}", capacity=1)
        mine, theirs = f"tab-{kind}@example.net", f"space-{kind}@example.net"

        book(first, slug, name="Sam Carer", email=mine)
        book(second, slug, name="Ada Nowak", email=theirs, joining=True)
        expect(second.get_by_text("You are number 1 on the list.")).to_be_visible()

        keys = Keyboard(first)
        keys.follow("Cancel my booking")
        keys.follow("Yes, cancel my booking")
        expect(first.locator("h1")).to_have_text("Your booking is cancelled")

        site.tick()
        second.goto(link_in(site, theirs))
        keys = Keyboard(second)
        keys.follow("Yes, we will come")
        expect(second.locator("h1")).to_have_text("You have a place")

        keys.follow("Change what would help")
        keys.choose("any_needs", "yes")
        keys.press(second.locator("input[name=needs][value=step_free]"), "Space")
        keys.press(second.locator("input[name=consent_needs]"), "Space")
        keys.follow(re.compile("Save|Change"))
        expect(second.get_by_text("No steps").first).to_be_visible()

        keys.follow("Cancel my booking")
        keys.follow("Yes, cancel my booking")
        expect(second.locator("h1")).to_have_text("Your booking is cancelled")
        with site.app.app_context():
            assert db.session.get_one(Event, event_id).places_taken == 0
