"""Walk the whole site by its own links, as a visitor does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from booking.extensions import LANGUAGES, language_of
from booking.rules.languages import DEFAULT
from tests.page_checks import read


@dataclass(frozen=True)
class Visit:
    """One page as it came."""

    path: str
    endpoint: str
    response: TestResponse

    @property
    def is_page(self) -> bool:
        return self.response.mimetype == "text/html"


def crawl(app: Flask, client: FlaskClient, starts: Iterable[str], *, per_endpoint: int = 3) -> Iterator[Visit]:
    """Yield pages reached by links from the starts: a few of each endpoint, so that long lists end.

    The walk stays in the language of the first address: the same pages in the others need walks of their own.
    No app context may be pushed meanwhile: requests would share what belongs to one.
    """
    waiting = list(starts)
    lang = _language_of(waiting[0])
    seen: set[str] = set()
    counts: dict[str, int] = {}
    adapter = app.url_map.bind("localhost")
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        try:
            endpoint, _values = adapter.match(urlsplit(path).path.removeprefix(language_of(lang).prefix), method="GET")
        except HTTPException:
            endpoint = "no such page"
        most = 1 if urlsplit(path).path.endswith(".pdf") else per_endpoint  # each takes a second to make
        if endpoint == "static" or counts.get(endpoint, 0) >= most:
            continue
        counts[endpoint] = counts.get(endpoint, 0) + 1
        visit = Visit(path, endpoint, client.get(path, buffered=True))
        yield visit
        if visit.response.status_code in (301, 302, 303, 308):
            waiting.append(_local(path, visit.response.headers["Location"]) or "/")
        elif visit.is_page:
            links = _links(path, visit.response.get_data(as_text=True))
            waiting += [link for link in links if link not in seen and _language_of(link) == lang]


def _language_of(path: str) -> str:
    code = path[1:].partition("/")[0]
    return code if code in LANGUAGES else DEFAULT


def _links(page: str, html: str) -> list[str]:
    found = [values.get("href") for tag, values in read(html).tags if tag == "a"]
    return [local for href in found if href and (local := _local(page, href))]


def _local(page: str, href: str) -> str | None:
    address = urlsplit(urljoin(f"http://localhost{page}", href))
    if address.scheme not in ("http", "https") or address.netloc != "localhost":
        return None
    return address.path + (f"?{address.query}" if address.query else "")
