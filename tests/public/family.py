"""A family at its browser, without the browser: it opens pages, fills forms in and sends them as they stand."""

from __future__ import annotations

from contextvars import Context
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import Booking
from tests.page_checks import problems_of

Given = dict[str, object]


class Family:
    """Opens pages and sends forms. Every page it sees must pass the checks for all pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = "/"
        self.page: TestResponse | None = None

    @property
    def text(self) -> str:
        """The page as it was sent."""
        assert self.page is not None
        return self.page.get_data(as_text=True)

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def open(self, path: str) -> Family:
        """Open a page, following redirects."""
        return self._see(self.get(path, follow_redirects=True))

    def send(self, given: Given | None = None, *, to: str | None = None, **more: object) -> Family:
        """Fill in the page's form (or the one that posts to an address ending in `to`) and send it."""
        form = _form_of(self.text, ending=to)
        data = MultiDict(form.values)
        for name, value in {**(given or {}), **more}.items():
            data.setlist(name, [str(each) for each in (value if isinstance(value, (list, tuple)) else [value])])
        return self._see(self.post(form.action, data=data, follow_redirects=True))

    def book(self, slug: str, **contact: object) -> Family:
        """Go through the pages as fast as one can, up to the check page."""
        self.open(f"/sessions/{slug}/book").send(adults=contact.pop("adults", 1))
        self.send({"full_name": "Sam Carer", "contact_by": "email", "email": "sam@example.net"} | contact)
        while not self.path.endswith("/check"):
            assert self.status == 200, self.text
            self.send()
        return self

    def get(self, path: str, **values: Any) -> TestResponse:
        """Ask for an address; the page before stays open."""
        return Context().run(self.client.get, path, **values)

    def post(self, path: str, **values: Any) -> TestResponse:
        """Send something no form says; the page before stays open. A test's own app context is not shared."""
        return Context().run(self.client.post, path, **values)

    @property
    def csrf(self) -> str:
        """What keeps the form on this page safe."""
        return self.text.split('name="csrf_token" value="')[1].split('"')[0]

    def _see(self, response: TestResponse) -> Family:
        self.page = response
        self.path = urlsplit(response.request.path).path
        if response.mimetype == "text/html":
            problems = problems_of(self.text)
            assert not problems, f"{self.path}: {problems}"
        return self


def page_of(booking: Booking, more: str = "") -> str:
    """Give the address of a family's own page, or of a page below it."""
    return f"/bookings/{booking_token(booking)}{more}"


def now(booking: Booking) -> Booking:
    """Give a booking as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._area: str | None = None
        self._list: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.forms.append(_Form(values.get("action") or "", values.get("method") or "get"))
        elif self.forms:
            form, name = self.forms[-1], values.get("name")
            if tag == "textarea":
                self._area = name
                form.values.append((name or "", ""))
            elif tag == "select":
                self._list = name
            elif tag == "option" and self._list:
                self._choose(values)
            elif tag == "input" and name and _is_sent(values):
                form.values.append((name, values.get("value") or ""))

    def _choose(self, option: dict[str, str | None]) -> None:
        """Send the first option of a list, or the one that is selected."""
        values = self.forms[-1].values
        is_first = not any(name == self._list for name, _value in values)
        if "selected" in option and not is_first:
            values.pop()
        if "selected" in option or is_first:
            values.append((self._list or "", option.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].values[-1] = (self._area, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._list = None


class _Form:
    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.values: list[tuple[str, str]] = []


def _is_sent(values: dict[str, str | None]) -> bool:
    return values.get("type") not in ("radio", "checkbox") or "checked" in values


def _form_of(html: str, *, ending: str | None) -> _Form:
    reader = _Forms()
    reader.feed(html)
    posts = [form for form in reader.forms if form.method == "post"]
    matching = [form for form in posts if ending is None or form.action.endswith(ending)]
    assert matching, f"no form to {ending or 'send'} among {[form.action for form in posts]}"
    return matching[0]
