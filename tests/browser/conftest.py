"""A real site on loopback, a real browser, a real SMTP server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from booking import create_app
from booking.extensions import db
from tests.browser.axe_rules import bring_axe, in_words, violations
from tests.browser.hung import watched
from tests.conftest import ROOT, STDERR, make_config, save_work
from tests.postgres import free_port

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run in real time, and are left out (never in CI) where there is no Chromium."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.real_clock)
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium: `make system` brings it"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Show where a test stands shortly before pytest gives it up."""
    given_up = float(item.config.getini("faulthandler_timeout"))
    with watched(item.nodeid, seconds=given_up * 0.95, output=item.config.stash[STDERR]):
        return (yield)


@dataclass
class Site:
    """A running site, its app, and the mailbox its mail lands in."""

    url: str
    app: Flask
    mail: list[EmailMessage] = field(default_factory=list)

    def tick(self) -> None:
        """Let the worker do its round."""
        with self.app.app_context():
            result = self.app.test_cli_runner().invoke(args=["tick"])
        assert result.exit_code == 0, result.output

    def mail_to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.mail if message["To"] == address]


class _Mailbox:
    def __init__(self, mail: list[EmailMessage]) -> None:
        self.mail = mail

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        content = envelope.content  # type: ignore[attr-defined]
        self.mail.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on SQLite, served by threads, its mail going to a real SMTP server; each file of tests has its own."""
    mail: list[EmailMessage] = []
    relay = Controller(_Mailbox(mail), hostname="127.0.0.1", port=free_port())
    relay.start()
    instance = tmp_path_factory.mktemp("site")
    (instance / "postcodes.sqlite").symlink_to(ROOT / "instance" / "postcodes.sqlite")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = make_config(
        f"sqlite:///{instance / 'site.db'}",
        instance,
        PUBLIC_URL=url,
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=str(relay.port),
    )
    app = create_app(config)
    save_work(app)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(url, app, mail)
    server.shutdown()
    thread.join()
    server.server_close()
    relay.stop()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "No Chromium for the browser tests: run `make system` (as root, on Debian)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture(params=["phone, no script", "desk, script"])
def context(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A phone without JavaScript, and a desk with it."""
    phone = request.param.startswith("phone")
    context = browser.new_context(
        base_url=site.url, viewport=PHONE if phone else DESK, java_script_enabled=not phone, locale="en-GB"
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that remembers what the browser complained of."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(_complaint(message)) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    unexpected = [text for text in complaints if "status of 4" not in text]
    assert unexpected == []


def _complaint(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location.get('url', '')})"


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def judge(axe: Axe, browser: Browser) -> Iterator[Callable[[Page], None]]:
    """Judge a page: axe finds nothing, and nothing sticks out sideways.

    axe needs JavaScript: a page loaded without it is judged as a copy of its HTML in a second browser, whose one tab
    is emptied each time, so that no copy is taken for the one before.
    """
    with browser.new_context() as twin_context:
        twin = twin_context.new_page()

        def judge_page(page: Page) -> None:
            size = page.viewport_size
            assert size
            twin.goto("about:blank")
            twin.set_viewport_size(size)
            html = page.content()
            twin.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
            twin.goto(page.url)
            twin.unroute(page.url)
            bring_axe(twin, axe)
            found = [in_words(violation) for violation in violations(twin)]
            assert found == [], page.url
            wide = twin.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{page.url} is {wide} wide"

        yield judge_page
