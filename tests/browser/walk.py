"""Walk from page to page by the buttons and links on them, each time until the page it brings is there.

A page closed, judged or typed into while the next one is on its way can wait for ever.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

Name = str | re.Pattern[str]


def push(target: Locator) -> None:
    """Press a button or a link, whatever it is, and wait for the page it brings."""
    with target.page.expect_navigation():
        target.click()


def send(page: Page) -> None:
    """Press the form's own button."""
    push(page.locator("main form button:not([type=button])").first)


def go_on(page: Page) -> None:
    """Press the button that leads to the next page of a booking, whatever language it is in."""
    push(page.locator("main form").first.locator("button:not([name=action])").first)


def follow(page: Page, name: Name, *, exact: bool = False) -> None:
    """Press the button of that name."""
    push(page.get_by_role("button", name=name, exact=exact))


def go_to(page: Page, name: Name) -> None:
    """Press the link of that name."""
    push(page.get_by_role("link", name=name))
