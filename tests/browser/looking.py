"""Look at a page as people do: on a phone and at a desk, with large text, by keyboard; each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.axe_rules import bring_axe, in_words, violations
from tests.browser.conftest import DESK, PHONE
from tests.browser.focus_round import focus_round
from tests.browser.keys import press

SAME_WORDS_OTHER_PLACE = """() => {
  const said = new Map();
  for (const link of document.querySelectorAll('main a[href]')) {
    const name = (link.getAttribute('aria-label') || link.textContent).trim().replace(/\\s+/g, ' ');
    said.set(name, (said.get(name) || new Set()).add(link.href));
  }
  return [...said].filter(([, hrefs]) => hrefs.size > 1).map(([name]) => name);
}"""

CUT_OFF = """() => [...document.body.querySelectorAll('*')].filter(element => {
  if (element.closest('.govuk-visually-hidden, [aria-hidden=true], svg, .govuk-skip-link')) return false;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height || style.visibility === 'hidden' || style.clipPath !== 'none') return false;
  const holds = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const clips = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
  if (clips && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
    return true;
  }
  return holds && (box.right > innerWidth + 1 || box.left < -1);
}).map(element => element.tagName + '.' + element.className + ': ' + element.textContent.trim().slice(0, 40))"""

# What shows that something has the focus may be drawn on it, before or after it, on its label, or in a drawing.
HOW_IT_LOOKS = """() => {
  const at = document.activeElement;
  const parts = [[at, null], [at, '::before'], [at, '::after']];
  if (at.nextElementSibling) parts.push([at.nextElementSibling, '::before'], [at.nextElementSibling, null]);
  for (const part of at.children) parts.push([part, null]);
  const look = () => JSON.stringify(parts.map(([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo);
    return ['outline', 'boxShadow', 'backgroundColor', 'borderColor', 'borderWidth', 'stroke', 'strokeWidth', 'fill',
            'clipPath', 'width'].map(name => style[name]);
  }));
  const [focused, box] = [look(), at.getBoundingClientRect()];
  const name = at.getAttribute('aria-label') || at.id || at.textContent.trim().slice(0, 30);
  const inView = box.bottom > 0 && box.top < innerHeight;
  at.blur();
  const shows = look() !== focused;
  at.focus();
  return {what: at.tagName + ' ' + name, shows, inView, isBody: at === document.body};
}"""


class Looker:
    """Looks at one page after the other and remembers what is wrong with them."""

    def __init__(self, axe: Axe) -> None:
        self.axe = axe
        self.found: dict[str, list[str]] = {}
        self.seen: list[str] = []

    def look(self, page: Page, *, of_family: bool = True) -> None:
        """Look at the open page at both widths."""
        name = f"{page.url} ({page.title()})"
        self.seen.append(name)
        bring_axe(page, self.axe)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for violation in violations(page):
                self._note(name, f"{size['width']}: {in_words(violation)}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                self._note(name, f"{wide} wide on {size['width']}")
            for sentence in focus_round(page):
                self._note(name, f"{size['width']}: {sentence}")
        if of_family:
            for words in page.evaluate(SAME_WORDS_OTHER_PLACE):
                self._note(name, f"two links say {words!r} and lead to different places")

    def look_with_large_text(self, page: Page) -> None:
        """Look at the open page on a phone with text twice as large. The context must bypass the CSP."""
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.add_style_tag(content="html { font-size: 200% !important; }")
        for summary in reversed(page.locator("details:not([open]) > summary").all()):  # an open one is not counted
            summary.click()
        name = f"{page.url} ({page.title()}), large text"
        for element in page.evaluate(CUT_OFF):
            self._note(name, f"cut off: {element}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > PHONE["width"]:
            self._note(name, f"{wide} wide on {PHONE['width']}")

    def look_at_focus(self, page: Page) -> int:
        """Go through the open page by Tab; what has the focus must show it. Return how many stops there are."""
        stops = 0
        for stop in tab_stops(page):
            stops += 1
            if not stop["shows"]:
                self._note(page.url, f"does not show its focus: {stop['what']}")
            if not stop["inView"]:
                self._note(page.url, f"has the focus out of sight: {stop['what']}")
        return stops

    def report(self) -> str:
        """Say everything that was found, a page a paragraph."""
        return "\n\n".join("\n  ".join([name, *problems]) for name, problems in self.found.items())

    def _note(self, name: str, problem: str) -> None:
        self.found.setdefault(name, []).append(problem)


def tab_stops(page: Page, most: int = 120) -> Iterator[dict[str, object]]:
    """Yield what Tab stops at, in order, from the beginning of the page to its end."""
    for _ in range(most):
        press(page, "Tab")
        stop = page.evaluate(HOW_IT_LOOKS)
        if stop["isBody"]:
            return
        yield stop
    raise AssertionError(f"Tab does not come to the end of {page.url}")
