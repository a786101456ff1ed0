"""How long a tap at the door takes to show, without a signal, on a slow phone with a long list; and what both weigh."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from booking import clock
from booking.extensions import transaction
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need
from booking.services.enrol_phone import make_phone_link
from tests.cast import a_booking, a_venue, an_event
from tests.postgres import free_port

FAMILIES = 200
TIMES_SLOWER = (4, 6)
"""A phone of the middle and an old one, as the developers' tools of Chromium slow a processor for them."""
TAPS = 20
PIN = "739104"

NEXT = "#booked [data-deed=attended]:not([hidden])"
TAP = f"""async () => {{
  const button = document.querySelector("{NEXT}");
  const began = performance.now();
  button.click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}}"""
OVER_THE_WIRE = """() => performance.getEntriesByType("resource").filter((each) => /\\.(js|css)$/.test(each.name))
  .reduce((sum, each) => sum + each.decodedBodySize, 0)"""


@dataclass(frozen=True, kw_only=True)
class AtTheDoor:
    """Milliseconds from a tap to the next frame: first, usual, slowest; bytes of the list, and of script and style."""

    first: float
    usual: float
    slowest: float
    pack: int
    code: int


def time_taps(app: Flask, *, times_slower: int) -> AtTheDoor:
    """Serve the app, open a door on a phone that is so much slower, take its signal away and tap."""
    with app.app_context():
        token = _a_full_door()
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        return _on_a_phone(f"http://127.0.0.1:{server.port}/door/phone#{token}", times_slower)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _a_full_door() -> str:
    event = an_event(starts_at=clock.now() + timedelta(hours=1), capacity=1000, venue=a_venue(fire_limit=None))
    needs, consents = (Need("step_free"), Need("bring_baby")), (ConsentSubject.NEEDS,)
    for number in range(FAMILIES):
        a_booking(event, adults=(f"Zebedee{number} Quillfeather", "Wilhelmina Oxbow"), needs=needs, consents=consents)
    with transaction():
        _device, token = make_phone_link(event.id, by=None)
    return token


def _on_a_phone(link: str, times_slower: int) -> AtTheDoor:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 320, "height": 640})
        page = context.new_page()
        pack = 0

        def weigh(response: object) -> None:
            nonlocal pack
            if str(getattr(response, "url", "")).endswith("/enrol"):
                pack = len(json.dumps(response.json()["pack"], separators=(",", ":")))  # type: ignore[attr-defined]

        page.on("response", weigh)
        _open(page, link)
        code = page.evaluate(OVER_THE_WIRE)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times_slower})
        context.set_offline(True)
        taps = [_tap(page) for _each in range(TAPS)]
        browser.close()
    return AtTheDoor(first=taps[0], usual=median(taps), slowest=max(taps), pack=pack, code=code)


def _tap(page: Page) -> float:
    """Tap as people do: what they see, and the one before is done with."""
    page.locator(NEXT).first.evaluate("each => each.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(700)
    took: float = page.evaluate(TAP)
    return took


def _open(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("#new-pin", PIN)
    page.fill("#again-pin", PIN)
    page.get_by_role("button", name="Open the door").click()
    page.locator("#booked > li").first.wait_for()
