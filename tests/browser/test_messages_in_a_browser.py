"""Every mail in a browser as a phone shows it, by day and by night: nothing too wide, nothing pale, nothing loaded."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from booking.extensions import LANGUAGES
from booking.rules.texts import TEXT_ONLY
from booking.rules.words import MessageKind
from booking.services.write_sample import write_sample
from tests.browser.axe_rules import bring_axe, violations
from tests.browser.conftest import PHONE

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
"""Without "best-practice": a mail stands inside the page of a mail program, which has the landmarks."""


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mail_can_be_read(browser: Browser, axe: Axe, in_app: Flask, scheme: str) -> None:
    found: list[str] = []
    with browser.new_context(viewport=PHONE, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        bring_axe(page, axe)  # a new content leaves the window, and axe in it, as they are
        page.on("request", lambda request: found.append(f"loads {request.url}"))
        for kind in sorted(set(MessageKind) - TEXT_ONLY):
            for lang in LANGUAGES:
                page.set_content(write_sample(kind, lang).html)
                is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(33, 26, 40)"
                wide = page.evaluate("document.documentElement.scrollWidth")
                wrong = violations(page, WCAG)
                found += [f"{kind} {lang}: {each['id']}: {each['nodes'][0]['html']}" for each in wrong]
                found += [f"{kind} {lang}: {wide} wide"] if wide > PHONE["width"] else []
                found += [] if is_dark == (scheme == "dark") else [f"{kind} {lang}: not {scheme}"]
    assert found == []
