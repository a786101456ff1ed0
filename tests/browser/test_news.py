"""From "tell me about new sessions" to the mail, the yes, a change and the stop, in a real browser with a real mail."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.looking import Looker
from tests.browser.walk import follow, go_to


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_asks_says_yes_changes_and_stops(site: Site, browser: Browser, axe: Axe, scripts: bool) -> None:
    context = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=scripts, locale="en-GB")
    context.set_default_timeout(10_000)
    page, looker = context.new_page(), Looker(axe)
    look = looker.look if scripts else lambda _page: None  # axe is a script itself
    email = f"reader{'-' if scripts else '+'}x@example.net"

    page.goto("/news")
    look(page)
    follow(page, "Tell me about new sessions", exact=True)
    expect(page).to_have_title(re.compile("^Error: "))
    look(page)
    page.fill("input[name=email]", email)
    page.check("input[name=where][value=district]")
    page.select_option("select[name=district]", "ashford")
    page.check("input[name=kinds][value=coffee]")
    page.click("main summary")
    page.check("input[name=needs][value=lift]")
    follow(page, "Tell me about new sessions", exact=True)
    expect(page.locator("main")).to_contain_text("Tick that you agree")
    look(page)
    page.check("input[name=consent_needs]")
    follow(page, "Tell me about new sessions", exact=True)
    expect(page.locator("h1")).to_have_text("Check your email")
    look(page)

    page.goto(_link_for(site, email))
    expect(page.locator("main")).to_contain_text("Coffee and chat")
    look(page)
    follow(page, "Yes, tell me about new sessions", exact=True)
    expect(page.locator("h1")).to_have_text("What we tell you about")
    expect(page.locator("main")).to_contain_text("Thank you.")
    look(page)
    page.check("input[name=where][value=near]")
    page.fill("input[name=place]", "CT9")
    page.select_option("select[name=miles]", "25")
    follow(page, "Save", exact=True)
    expect(page.locator("main")).to_contain_text("Within 25 miles of CT9")
    go_to(page, "Stop these emails")
    look(page)
    follow(page, "Stop the emails", exact=True)
    expect(page.locator("h1")).to_have_text("The emails have stopped")
    look(page)
    context.close()
    assert not looker.found, looker.report()


def _link_for(site: Site, email: str) -> str:
    site.tick()
    (mail,) = site.mail_to(email)
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"/news/[a-z2-7]{26}", str(body.get_content()))
    assert found
    return found[0]
