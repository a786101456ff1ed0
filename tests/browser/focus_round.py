"""Take the focus once through a page, stop by stop, and say in sentences what somebody with a keyboard would miss.

Pressing Tab costs a frame of the screen, and a page has a hundred stops. So the focus is given to each stop that Tab
comes to, in the page's order; that Tab comes to just these in that order is pressed on a few pages (`tab_order`).
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.keys import press

STOPS = """
  const isShown = element => element.checkVisibility({visibilityProperty: true}) && !element.closest('[inert]');
  const isStop = element => {
    if (element.disabled || element.tabIndex < 0 || element.type === 'hidden' || !isShown(element)) return false;
    if (element.type !== 'radio') return true;
    const group = [...document.querySelectorAll('input[type=radio]')]
      .filter(one => one.name === element.name && one.form === element.form && !one.disabled && isShown(one));
    return element === (group.find(one => one.checked) ?? group[0]);
  };
  const MAY_STOP = 'a[href], button, input, select, textarea, summary, iframe, [tabindex]';
  const stops = () => [...document.querySelectorAll(MAY_STOP)].filter(isStop);
  const nameOf = element => {
    const said = element.getAttribute('aria-label') || element.id || element.textContent.trim() || element.name || '';
    return `${element.tagName} ${said.slice(0, 40)}`;
  };
"""

# What shows that something has the focus may be drawn on it, before or after it, on its label, or in a drawing.
LOOK = """
  const look = element => {
    const parts = [[element, null], [element, '::before'], [element, '::after']];
    const next = element.nextElementSibling;
    if (next) parts.push([next, '::before'], [next, null]);
    for (const part of element.children) parts.push([part, null]);
    return JSON.stringify(parts.map(([part, pseudo]) => {
      const style = getComputedStyle(part, pseudo);
      return ['outline', 'boxShadow', 'backgroundColor', 'borderColor', 'borderWidth', 'stroke', 'strokeWidth', 'fill',
              'clipPath', 'width'].map(name => style[name]);
    }));
  };
"""

ROUND = f"""() => {{
  {STOPS} {LOOK}
  const isInSight = element => [...element.getClientRects()].some(box => {{
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return false;
    const ours = [element, ...(element.labels ?? [])];
    return [.5, .1, .9].some(across => [.5, .1, .9].some(down => {{
      const seen = document.elementFromPoint(left + (right - left) * across, top + (bottom - top) * down);
      return seen && ours.some(one => one.contains(seen) || one.parentElement === seen);
    }}));
  }});
  const wrong = [], all = stops();
  const [before, left, down] = [document.activeElement, scrollX, scrollY];
  for (const stop of all) {{
    stop.focus({{focusVisible: true}});
    if (document.activeElement !== stop) wrong.push(`does not take the focus: ${{nameOf(stop)}}`);
    if (!isInSight(stop)) wrong.push(`has the focus out of sight: ${{nameOf(stop)}}`);
    if (stop.tabIndex > 0) wrong.push(`has an order of its own: ${{nameOf(stop)}}`);
    const tab = new KeyboardEvent('keydown', {{key: 'Tab', code: 'Tab', bubbles: true, cancelable: true}});
    if (!stop.dispatchEvent(tab)) wrong.push(`keeps Tab for itself: ${{nameOf(stop)}}`);
    const focused = look(stop);
    stop.blur();
    if (look(stop) === focused) wrong.push(`does not show its focus: ${{nameOf(stop)}}`);
  }}
  before.focus({{preventScroll: true}});
  scrollTo(left, down);
  const isFramed = !document.querySelector('header');
  const skips = all[0]?.matches('.govuk-skip-link[href="#main-content"]');
  if (!isFramed && !skips) wrong.push('does not begin with the way to the content');
  const main = document.querySelector('#main-content[tabindex="-1"]');
  if (!isFramed && !main) wrong.push('has no content that the focus can go to');
  return wrong;
}}"""

BEGIN = f"() => {{ {STOPS} document.activeElement.blur(); window.tabStops = stops(); return tabStops.map(nameOf); }}"
WHERE = """() => {
  const at = document.activeElement;
  return at === document.body ? null : tabStops.indexOf(at);
}"""


def focus_round(page: Page) -> list[str]:
    """Give the focus to every stop of the open page, and return what is wrong; all is left as it was."""
    wrong: list[str] = page.evaluate(ROUND)
    return wrong


def tab_order(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab from the top of the page until it comes out; return the stops it should come to, and those it did."""
    wanted: list[str] = page.evaluate(BEGIN)
    return wanted, [wanted[at] if at >= 0 else "something else" for at in _pressed(page, most=len(wanted) + 20)]


def _pressed(page: Page, *, most: int) -> Iterator[int]:
    """Yield where each Tab goes. A date is one stop, though Tab goes through its day, month and year."""
    before: int | None = None
    for _ in range(most):
        press(page, "Tab")
        at: int | None = page.evaluate(WHERE)
        if at is None or (at == 0 and before is not None):  # a browser without a window of its own begins again
            return
        if at != before:
            yield at
        before = at
    raise AssertionError(f"Tab does not come to the end of {page.url}")
