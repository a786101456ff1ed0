"""The map is for everyone: by keyboard and by ear it says the same, in the same order, as the list beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.locality import get_locality
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.keys import press, tab_to
from tests.cast import an_event

MAP = "Map: choose a district"
NAMES = [district.name for district in get_locality("kent").inside_districts]


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    with site.app.app_context():
        an_event()
    with browser.new_context(base_url=site.url, viewport=request.param, java_script_enabled=True) as context:
        page = context.new_page()
        page.goto("/")
        yield page


def test_says_what_the_list_says_in_the_same_order(page: Page) -> None:
    on_the_map = page.get_by_role("group", name=MAP).get_by_role("link").all()
    said = [each.get_attribute("aria-label") or "" for each in on_the_map]
    rows = page.get_by_role("list", name="Choose a district").get_by_role("listitem").all()
    listed = [re.sub(r"\s+", " ", each.inner_text()).strip() for each in rows]
    assert [each.split(":")[0] for each in said] == NAMES
    assert [each.replace(":", "") for each in said] == listed
    assert [each.get_attribute("href") for each in on_the_map] == [
        each.get_by_role("link").get_attribute("href") for each in rows
    ]
    assert any(re.fullmatch(r"Ashford: [1-9]\d* sessions?", each) for each in said)


def test_is_walked_by_tab_and_opened_by_enter(page: Page) -> None:
    tab_to(page, ".district-map__link")
    for name in NAMES:
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert label.startswith(f"{name}:")
        expect(page.locator(":focus")).to_be_in_viewport()
        if name != NAMES[-1]:
            press(page, "Tab")
    press(page, "Enter")
    page.wait_for_url(f"**/sessions?district={get_locality('kent').inside_districts[-1].code}")


def test_what_is_outside_is_not_offered(page: Page) -> None:
    expect(page.get_by_role("group", name=MAP).get_by_role("link", name="Medway")).to_have_count(0)
