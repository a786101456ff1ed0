"""The keyboard of somebody patient: it waits until the page is there, and gives up when the browser does not answer.

Playwright's own `page.keyboard` has no time-out: a key pressed while one page makes way for the next can wait for ever.
"""

from __future__ import annotations

from playwright.sync_api import Page

FOCUS = "body, :focus"


def press(page: Page, key: str) -> None:
    """Press a key where the focus is, or on the page where nothing has it."""
    page.wait_for_load_state("load")
    page.locator(FOCUS).last.press(key)


def write(page: Page, text: str) -> None:
    """Type where the focus is."""
    page.wait_for_load_state("load")
    page.locator(":focus").press_sequentially(text)


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until something that fits the selector has the focus."""
    for _ in range(most):
        press(page, "Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")
