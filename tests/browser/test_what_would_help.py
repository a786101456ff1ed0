"""A parent ticks what would help and sees what fits, in a real browser: on a phone without scripts, and at a desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from booking import clock
from booking.rules.words import EventKind
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.looking import Looker
from tests.browser.walk import follow, go_on, go_to, push
from tests.public.test_what_would_help import an_event_with

Judge = Callable[[Page], None]
ASK = "Tell us what would help, and we show which sessions fit"


@pytest.fixture(scope="module")
def slug(site: Site) -> str:
    """A workshop in a room with a level way in and no quiet room, and a later one that has both."""
    with site.app.app_context():
        start = clock.london_time(clock.today() + timedelta(days=50), 10)
        facts = {"step_free_route": "yes", "quiet_room": "no"}
        here = an_event_with("Workshop on a hill", facts, kind=EventKind.WORKSHOP, starts_at=start)
        quiet = facts | {"quiet_room": "yes"}
        later = start + timedelta(days=1)
        an_event_with("Workshop with a quiet room", quiet, kind=EventKind.WORKSHOP, starts_at=later)
        return here.slug


def test_from_the_first_page_to_a_booking_that_asks_nothing_twice(page: Page, slug: str, judge: Judge) -> None:
    page.goto("/")
    go_to(page, ASK)
    judge(page)
    page.check("input[value=step_free]")
    page.check("input[value=quiet_space]")
    page.locator("summary", has_text="Hearing and talking").click()
    page.check("input[value=stt]")
    follow(page, "Show me what fits")
    expect(page).to_have_url("/sessions")
    judge(page)
    go_to(page, "Only show sessions that fit")
    expect(page.get_by_role("link", name="Workshop on a hill")).to_have_count(0)
    judge(page)
    page.goto(f"/sessions/{slug}")
    matches = page.get_by_role("region", name="What would help you")
    expect(matches.get_by_role("listitem").filter(has_text="No steps").first).to_contain_text("Already there.")
    expect(matches).to_contain_text("This place can’t. There is no quiet room")
    expect(matches).to_contain_text("We can arrange it if you book by")
    expect(matches.get_by_role("link", name="Workshop with a quiet room").first).to_be_visible()
    judge(page)
    push(page.get_by_role("link", name="Book a place").first)
    page.fill("input[name=adults]", "2")
    go_on(page)
    page.fill("input[name=full_name]", "Sam Carer")
    page.check("input[name=contact_by][value=email]")
    page.fill("input[name=email]", "sam.of.the.hill@example.net")
    go_on(page)
    go_on(page)
    for code in ("step_free", "quiet_space", "stt"):
        expect(page.locator(f"input[value={code}]")).to_be_checked()
    judge(page)
    page.check("input[name=consent_needs]")
    follow(page, "tell us more about each")
    judge(page)
    page.get_by_role("group", name="No steps: who is this for?").get_by_label("Another adult").check()
    page.get_by_label("A quiet room to step out to: anything we should know?").fill("Ten minutes is enough")
    go_on(page)
    expect(page.locator("main")).to_contain_text("No steps (for: Another adult)")
    expect(page.locator("main")).to_contain_text("A quiet room to step out to: Ten minutes is enough")
    judge(page)
    secrets = ("step_free", "quiet_space", "stt")
    assert not [cookie for cookie in page.context.cookies() if any(code in str(cookie) for code in secrets)]


def test_one_tap_clears_it(page: Page, slug: str) -> None:
    page.goto(f"/what-would-help?session={slug}")
    page.check("input[value=bsl]")
    follow(page, "Show me what fits")
    expect(page).to_have_url(f"/sessions/{slug}")
    follow(page, "Clear my ticks")
    expect(page).to_have_url(f"/sessions/{slug}")
    expect(page.get_by_role("link", name=ASK)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="What would help you")).to_have_count(0)


def test_a_new_browser_knows_nothing(browser: Browser, site: Site, slug: str) -> None:
    for _visit in range(2):
        with browser.new_context(base_url=site.url, viewport=PHONE) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto("/sessions")
            expect(page.get_by_role("link", name=ASK)).to_be_visible()
            page.goto("/what-would-help")
            page.check("input[value=bsl]")
            follow(page, "Show me what fits")
            expect(page.get_by_role("link", name="Change what would help")).to_be_visible()


def test_pages_that_show_what_fits_are_sound_with_large_text_and_by_keyboard(
    browser: Browser, site: Site, slug: str, axe: Axe
) -> None:
    looker = Looker(axe)
    with browser.new_context(base_url=site.url, viewport=DESK, bypass_csp=True) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/what-would-help")
        for code in ("step_free", "quiet_space", "bsl", "loop", "large_print", "supporter"):
            page.check(f"input[value={code}]")
        follow(page, "Show me what fits")
        paths = ("/", "/sessions", "/sessions?view=month", "/sessions?fit=1", f"/sessions/{slug}", "/what-would-help")
        for path in paths:
            page.goto(path)
            looker.look(page)
        for path in (f"/sessions/{slug}", "/what-would-help"):
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
            page.goto(path)
            assert looker.look_at_focus(page) > 8
            page.goto(path)
            looker.look_with_large_text(page)
    assert not looker.found, looker.report()
