"""Ask axe about an open page: which rules, and only for what breaks them."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": AXE_RULES, "resultTypes": ["violations"]}
"""All rules are tried; to tell in full what was well takes axe and the line to the browser most of the time."""

READ_A_COLOUR_ONCE = """{
  const {Color} = axe.commons.color, read = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (said) {
    if (!known.has(said)) known.set(said, read.call(new Color(), said));
    const {r, g, b, alpha} = known.get(said);
    return Object.assign(this, {r, g, b, alpha});
  };
}"""
"""axe reads the colour behind every word anew, each time through all spaces of colour; a page has a handful."""


def violations(page: Page, options: dict[str, Any] = OPTIONS) -> list[dict[str, Any]]:
    """Return what breaks a rule on a page that axe was brought to."""
    found: list[dict[str, Any]] = page.evaluate("async options => (await axe.run(options)).violations", options)
    return found


def bring_axe(page: Page, axe: Axe) -> None:
    """Load axe into the open page, straight into the browser: `evaluate` reads its half a megabyte twice more."""
    line = page.context.new_cdp_session(page)
    answer = line.send("Runtime.evaluate", {"expression": f"{axe.axe_script}\n{READ_A_COLOUR_ONCE}"})
    assert "exceptionDetails" not in answer, answer
    line.detach()


def in_words(violation: dict[str, Any]) -> str:
    """Say what is broken, and where first."""
    where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']}: {where}"
