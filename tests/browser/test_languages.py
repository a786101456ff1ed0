"""Easy Read, Polish and a language from right to left in a real browser, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_babel import Domain
from playwright.sync_api import Browser, BrowserContext, Page, expect

from booking import extensions
from booking.rules.languages import PageLanguage
from tests.browser.conftest import DESK, Site
from tests.browser.looking import Looker
from tests.browser.walk import go_on
from tests.browser.world import World, build_world
from tests.guards.pseudo import PseudoTranslations

ARABIC = PageLanguage(
    code="ar", html="ar", locale="ar", own_name="العربية", direction="rtl", is_reviewed=False
)  # fmt: skip
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه", strict=True))
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>)")


class ArabicLetters(PseudoTranslations):
    """Says everything in Arabic letters, one for one: no language, but as long and in the same direction."""

    def gettext(self, text: str) -> str:
        parts = KEPT.split(text)
        return "".join(part if KEPT.fullmatch(part) else self._letters(part) for part in parts)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)

    def _letters(self, text: str) -> str:
        return "".join(LETTERS.get(letter, letter) for letter in text.lower())

    ugettext, ungettext = gettext, ngettext


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    return build_world(site)


@pytest.fixture
def looker(axe: Axe) -> Looker:
    return Looker(axe)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(base_url=site.url, viewport=DESK, bypass_csp=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def walk(page: Page, prefix: str, world: World) -> Iterator[str]:
    """Find, book and change, stopping at each page; codes and names of fields are the same in every language."""
    for path in ("/", "/sessions", f"/sessions/{world.slugs['forum']}", "/help", "/find-my-booking"):
        page.goto(prefix + path)
        yield path
    page.goto(f"{prefix}/sessions/{world.slugs['forum']}/book")
    yield "who"
    page.fill("input[name=adults]", "x")
    go_on(page)
    yield "who, refused"
    page.fill("input[name=adults]", "1")
    go_on(page)
    yield "contact"
    page.fill("input[name=full_name]", "Zoë Łukasz")
    page.check("input[name=contact_by][value=email]")
    page.fill("input[name=email]", "zoe@example.org")
    go_on(page)
    yield "children"
    go_on(page)
    yield "needs"
    page.check("input[name=any_needs][value=no]")
    go_on(page)
    yield "questions"
    go_on(page)
    yield "check"
    go_on(page)
    page.wait_for_url("**/bookings/*")
    yield "done"
    for state in ("waiting", "offered", "cancelled by us"):
        page.goto(prefix + world.own_pages[state])
        yield state
    page.goto(f"{prefix}{world.own_pages['confirmed']}/cancel")
    yield "cancel"


@pytest.mark.parametrize(("prefix", "lang"), [("/easy", "en-GB"), ("/pl", "pl")])
def test_a_language_of_ours(page: Page, world: World, looker: Looker, prefix: str, lang: str) -> None:
    for step in walk(page, prefix, world):
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert f"{prefix}/" in page.url, step
        looker.look(page)
        if prefix == "/easy":
            assert page.locator("main svg.house-picture").count(), f"no picture: {step}"
    assert not looker.found, looker.report()
    assert len(looker.seen) == 17


def test_a_language_from_right_to_left(
    page: Page, world: World, looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(extensions.LANGUAGES, "ar", ARABIC)
    monkeypatch.setattr(Domain, "get_translations", lambda _self: ArabicLetters())
    for step in walk(page, "/ar", world):
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert "/ar/" in page.url, step
        looker.look(page)
        if step == "needs":
            box = page.locator(".govuk-checkboxes__item").first
            label, tick = box.locator("label").bounding_box(), box.locator("input").bounding_box()
            assert label
            assert tick
            assert tick["x"] + tick["width"] > label["x"] + label["width"], "the box stands before its words: right"
    assert not looker.found, looker.report()
