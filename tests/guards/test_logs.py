"""What reaches a log: never a link's token, never what somebody searched for, never what a family told us."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from booking import cipher
from booking.extensions import db
from booking.web.public import my_booking
from booking.web.shared.logs import masked


def test_what_falls_over_is_logged_without_its_token(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(token: str) -> None:
        raise RuntimeError(f"/bookings/{token}?place=ME13")

    monkeypatch.setattr(my_booking, "find_booking_by_token", fall)
    monkeypatch.setitem(app.config, "TESTING", False)
    token = cipher.random_token()
    page = client.get(f"/bookings/{token}?place=TN23+1AB")
    assert page.status_code == 500
    assert token not in page.get_data(as_text=True)
    assert "Exception on /bookings/… [GET]" in caplog.text
    assert "RuntimeError: /bookings/…?…" in caplog.text
    assert token not in caplog.text
    assert "TN23" not in caplog.text


@pytest.mark.one_database
def test_an_access_log_that_is_turned_on_has_neither_token_nor_question(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    token = cipher.random_token()
    line = '%(h)s "%(r)s" %(s)s "%(f)s"'
    atoms = {
        "h": "192.0.2.1",
        "r": "GET /sessions?place=TN23+1AB HTTP/1.1",
        "s": "200",
        "f": f"https://localhost/bookings/{token}",
    }
    with caplog.at_level(logging.INFO, "gunicorn.access"):
        logging.getLogger("gunicorn.access").info(line, atoms)
    assert caplog.messages == ['192.0.2.1 "GET /sessions?… HTTP/1.1" 200 "https://localhost/bookings/…"']


def test_a_database_error_does_not_say_what_was_written(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as error:
        db.session.execute(text("INSERT INTO no_such_table VALUES (:name)"), {"name": "Zebedee Quill"})
    assert "no_such_table" in str(error.value)
    assert "Zebedee" not in str(error.value)


@pytest.mark.one_database
@pytest.mark.parametrize("kept", ["/sessions/ehc-plan-drop-in-ashford-2026-12", "message 5 of booking 7", "a" * 40])
def test_the_rest_stays_readable(kept: str) -> None:
    assert masked(kept) == kept


@pytest.mark.one_database
def test_every_kind_of_token_is_masked() -> None:
    for token in (cipher.random_token(), cipher.derive_token("booking", 1, 1)):
        assert token not in masked(f"/bookings/{token}/cancel")
        assert token not in masked(f"/staff/set-password/1-1795725584-{token}")
        assert token.upper() not in masked(f"/bookings/{token.upper()}")
