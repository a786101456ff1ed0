"""The phone of a member of staff: sets up the code app as the page says."""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.walk import send


def set_up_code_app(page: Page) -> None:
    """Go through the set-up to the recovery codes; nothing to do where none is asked for."""
    page.goto("/staff/")
    if "/two-step" not in page.url:
        return
    page.get_by_role("button", name="Set it up").click()
    key = page.locator("strong.house-key").inner_text()
    page.fill("input[name=code]", pyotp.TOTP(re.sub(r"[^A-Z2-7]", "", key)).now())
    send(page)
    expect(page.locator("h1")).to_have_text("Recovery codes")
