"""A long attendance list in a real browser: what its page says while it is made, once it was sent, if it broke off."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request_finished
from flask import request as asked
from playwright.sync_api import BrowserContext, Page, expect

from booking import clock
from booking.extensions import transaction
from booking.formats.attendance_input import read_attendance
from booking.queries.installation import our_locality
from booking.services.import_attendance import import_attendance
from tests.bench.lists import a_file
from tests.browser.conftest import Site
from tests.browser.test_main_job import sign_in
from tests.browser.walk import send

ROWS = 2_400


class Gate:
    """Holds the making of a list after so many rows, until it is opened."""

    def __init__(self) -> None:
        self.after = 1_200
        self.reached, self.opened = threading.Event(), threading.Event()
        self.breaks = False

    def holding(self, cells: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def held(*arguments: Any, **named: Any) -> Iterator[Any]:
            for number, row in enumerate(cells(*arguments, **named)):
                if number == self.after:
                    self.reached.set()
                    assert self.opened.wait(60)
                    if self.breaks:
                        raise OSError("no space left")
                yield row

        return held


class Looks:
    """Hears when the page of a list was looked at twice more."""

    def __init__(self, site: Site) -> None:
        self.app = site.app
        self.twice = threading.Event()
        self.number = 0

    def __enter__(self) -> None:
        request_finished.connect(self.hear, self.app)

    def __exit__(self, *_error: object) -> None:
        request_finished.disconnect(self.hear, self.app)

    def hear(self, _app: Flask, response: Response) -> None:
        self.number += asked.endpoint == "staff.attendance_list_ready"
        if self.number >= 2:
            self.twice.set()


@pytest.fixture
def gate(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    lists = importlib.import_module("booking.web.staff.attendance_lists")
    monkeypatch.setattr(lists, "list_cells", gate.holding(lists.list_cells))
    monkeypatch.setattr(importlib.import_module("booking.web.staff.list_progress"), "SAY_EVERY", 0)
    yield gate
    gate.opened.set()


@pytest.fixture(scope="module")
def past(site: Site) -> Site:
    """A site with many rows of past sessions."""
    with site.app.app_context():
        area = our_locality()
        reading = read_attendance(a_file(ROWS), locality=area, now=clock.now())
        with transaction():
            assert import_attendance(reading, locality=area).places == ROWS
    return site


def ask(page: Page) -> str:
    """Ask for a list of a year and return what its page says of how many rows it has."""
    page.goto("/staff/attendance-lists")
    for name, value in zip(
        ("first-day", "first-month", "first-year", "last-day", "last-month", "last-year"),
        ("1", "4", "2024", "31", "3", "2025"),
        strict=True,
    ):
        page.fill(f"input[name={name}]", value)
    page.fill("input[name=reason]", "letters about the new term")
    send(page)
    return page.locator("dt:text-is('Rows') + dd").inner_text()


SEEN = """() => {
  const words = document.getElementById('how-far-words');
  const note = () => seen.push([words.textContent, document.getElementById('how-far-bar')?.value,
    document.activeElement.id, document.querySelector('button[value=xlsx]').checkVisibility()]);
  window.seen = [];
  new MutationObserver(note).observe(words, {childList: true, characterData: true});
}"""
"""Nothing can be asked of a page on its way to another, though it lives: so it writes down what it shows."""


def test_a_list_says_how_far_it_is(
    *,
    past: Site,
    gate: Gate,
    page: Page,
    context: BrowserContext,
    judge: Callable[[Page], None],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    has_script = "no script" not in request.node.name
    sign_in(page, past, f"{'script' if has_script else 'plain'}@example.org")
    rows = ask(page)
    judge(page)
    if has_script:
        page.evaluate(SEEN)
    link = page.get_by_role("link", name="See how far it is (opens in a new tab)").first
    link.scroll_into_view_if_needed()
    box = link.evaluate("link => link.getClientRects()[0].toJSON()")
    waiting = page
    looked = Looks(past)
    with page.expect_download() as download, looked:
        page.evaluate("document.querySelector('button[value=xlsx]').click()")
        assert gate.reached.wait(20)
        if has_script:
            assert looked.twice.wait(20)
        else:
            with context.expect_page() as opened:
                page.mouse.click(box["x"] + 5, box["y"] + 5)
            waiting = opened.value
            expect(waiting.locator("h1")).to_have_text("Your list is being made")
            bar = waiting.get_by_role("progressbar", name=f"1,000 of {rows} rows are made.")
            assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("1000", rows.replace(",", ""))
            judge(waiting)
        gate.opened.set()
    file = tmp_path / "list.xlsx"
    download.value.save_as(file)
    assert file.read_bytes()[:2] == b"PK"
    done = f"Done: {rows} rows made and sent."
    if has_script:
        expect(page.locator("#how-far-words")).to_have_text(done)
        assert [f"1,000 of {rows} rows are made.", 1000, "how-far", False] in page.evaluate("seen")
        expect(page.get_by_role("status")).to_have_text(done)
        expect(page.get_by_role("progressbar")).to_have_count(0)
        judge(page)
        page.get_by_role("link", name="See what to do now").click()
    else:
        waiting.get_by_role("link", name="Look again").click()
    expect(waiting.locator("h1")).to_have_text("Your list was sent")
    expect(waiting.get_by_text(done)).to_be_visible()
    judge(waiting)
    assert waiting.get_by_role("button", name="Fetch").count() == 0


def test_a_list_that_fails_says_so_and_is_asked_for_again(
    past: Site, gate: Gate, page: Page, judge: Callable[[Page], None], request: pytest.FixtureRequest
) -> None:
    gate.breaks = True
    has_script = "no script" not in request.node.name
    sign_in(page, past, f"{'script' if has_script else 'plain'}-again@example.org")
    rows = ask(page)
    link = page.url
    with page.expect_download() as download:  # CSV comes while it is made, so that the browser has it begun
        page.get_by_role("button", name="Fetch it as CSV").click(no_wait_after=True)
    if has_script:
        expect(page.locator("#how-far-words")).to_have_text(f"1,000 of {rows} rows are made.")
    gate.opened.set()
    assert download.value.failure()
    broke = f"It broke off after 1,200 of {rows} rows."
    if has_script:
        expect(page.get_by_role("status")).to_have_text(broke)
        page.get_by_role("link", name="See what to do now").click()
    else:
        page.goto(link)
    expect(page.locator("h1")).to_have_text("Your list broke off")
    expect(page.get_by_text(broke)).to_be_visible()
    judge(page)
    page.get_by_role("link", name="Ask for the same list again").click()
    expect(page.locator("input[name=reason]")).to_have_value("letters about the new term")
    gate.breaks = False
    send(page)
    assert page.locator("dt:text-is('Rows') + dd").inner_text() == rows
