"""Near me: the device finds the nearest outcode by itself, and only when somebody asks it to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.keys import press, tab_to

MARGATE = {"latitude": 51.38914, "longitude": 1.38612}
EDINBURGH = {"latitude": 55.9533, "longitude": -3.1883}
BUTTON = "Use where I am now"


def somebody(browser: Browser, site: Site, **options: object) -> BrowserContext:
    context = browser.new_context(base_url=site.url, viewport=PHONE, **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    return context


def open_search(context: BrowserContext) -> tuple[Page, list[Request]]:
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (a bound method cannot listen)
    page.goto("/sessions")
    return page, asked


def test_the_nearest_outcode_is_found_on_the_device(browser: Browser, site: Site) -> None:
    with somebody(browser, site, geolocation=MARGATE, permissions=["geolocation"]) as context:
        page, asked = open_search(context)
        assert not [each for each in asked if "outcodes" in each.url], "nothing is loaded before it is asked for"
        tab_to(page, ".house-near__button")
        press(page, "Enter")
        page.wait_for_url("**/sessions?place=CT9**")
        expect(page.locator("#place")).to_have_value("CT9")
        sent = " ".join(f"{each.url} {each.post_data or ''}" for each in asked)
        assert "51.3" not in sent
        assert "1.38" not in sent
        assert len([each for each in asked if "outcodes" in each.url]) == 1


def test_who_says_no_is_told_what_else_to_do(browser: Browser, site: Site) -> None:
    with somebody(browser, site, permissions=[]) as context:
        page, _asked = open_search(context)
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("status")).to_contain_text("That is fine. Type a town or a postcode.")
        assert page.url.endswith("/sessions")


def test_who_is_far_away_is_asked_for_a_place(browser: Browser, site: Site) -> None:
    with somebody(browser, site, geolocation=EDINBURGH, permissions=["geolocation"]) as context:
        page, _asked = open_search(context)
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("status")).to_contain_text("You seem to be far away")


def test_a_lost_connection_is_said(browser: Browser, site: Site) -> None:
    with somebody(browser, site, geolocation=MARGATE, permissions=["geolocation"]) as context:
        page, _asked = open_search(context)
        page.route("**/outcodes.json", lambda route: route.abort())
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("status")).to_contain_text("We could not find where you are")


@pytest.mark.parametrize("path", ["/", "/sessions"])
def test_without_a_script_there_is_no_button_that_does_nothing(browser: Browser, site: Site, path: str) -> None:
    with somebody(browser, site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(path)
        expect(page.get_by_role("button", name=BUTTON)).to_have_count(0)
        expect(page.get_by_label("Town or postcode")).to_be_visible()
