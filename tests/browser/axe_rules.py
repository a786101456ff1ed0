"""Ask axe about an open page: which rules, and only for what breaks them."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": AXE_RULES, "resultTypes": ["violations"]}
"""All rules are tried; to tell in full what was well takes axe and the line to the browser most of the time."""


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what breaks a rule on a page that axe was brought to."""
    found: list[dict[str, Any]] = page.evaluate("async options => (await axe.run(options)).violations", OPTIONS)
    return found


def bring_axe(page: Page, axe: Axe) -> None:
    """Load axe into the open page."""
    page.evaluate(axe.axe_script)


def in_words(violation: dict[str, Any]) -> str:
    """Say what is broken, and where first."""
    where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']}: {where}"
