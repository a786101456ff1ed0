"""A first visit is light: few requests, few bytes, and what never changes is kept."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from tests.cast import a_venue, an_event

COMPRESSED = {"Accept-Encoding": "gzip, br"}
LIMIT = 30_000


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/", "/sessions"])
def test_a_first_visit_takes_four_requests_and_thirty_kilobytes(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context():
        venue = a_venue()
        for number in range(40):
            an_event(
                venue_id=venue.id, summary="Talk to others. " * 5, starts_at=clock.now() + timedelta(days=number + 1)
            )
    page = client.get(address, headers=COMPRESSED, buffered=True)
    markup = gzip.decompress(page.data).decode()
    loaded = set(re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="(/[^"]+)"', markup))
    assert len(loaded) == 3
    parts = [client.get(each, headers=COMPRESSED, buffered=True) for each in loaded]
    assert all(part.status_code == 200 for part in parts)
    assert len(page.data) + sum(len(part.data) for part in parts) < LIMIT


@pytest.mark.one_database
def test_built_files_are_kept_for_ever(app: Flask, client: FlaskClient) -> None:
    style = re.search(r'href="(/static/built/[^"]+\.css)"', client.get("/help").text)
    assert style
    answer = client.get(style.group(1), headers=COMPRESSED, buffered=True)
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.one_database
def test_a_page_is_sent_as_it_is_to_whoever_cannot_unpack_it(client: FlaskClient) -> None:
    answer = client.get("/help")
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.one_database
def test_a_page_with_a_form_token_is_never_compressed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        slug = an_event().slug
    answer = client.get(f"/sessions/{slug}/book", headers=COMPRESSED, buffered=True)
    assert "csrf_token" in answer.text
    assert "Content-Encoding" not in answer.headers
