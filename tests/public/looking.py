"""What the tests of the public pages share: how to read a page, and how to count what it asks the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from booking.extensions import db
from booking.queries.installation import is_demonstration
from tests.page_checks import problems_of


def page(client: FlaskClient, address: str, *, status: int = 200) -> str:
    """Fetch a page, prove that it is sound, and return its text as a reader sees it."""
    return text_of(html(client, address, status=status))


def html(client: FlaskClient, address: str, *, status: int = 200) -> str:
    """Fetch a page, prove that it is sound, and return its markup."""
    response = client.get(address)
    assert response.status_code == status, response.status
    assert "Set-Cookie" not in response.headers
    assert problems_of(response.text) == []
    return response.text


def text_of(markup: str) -> str:
    """Return the text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def titles(markup: str) -> list[str]:
    """Return the titles of the sessions on a page, in order, without the day and place only screen readers hear."""
    return [
        unescape(title)
        for title in re.findall(
            r'class="house-card__title"><a[^>]*><bdi[^>]*>(.*?)</bdi><span class="govuk-visually-hidden">, ', markup
        )
    ]


@contextmanager
def counting_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the SELECTs that run inside."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
        is_demonstration()  # asked once for good, by whichever page comes first
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
