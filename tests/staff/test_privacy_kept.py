"""The privacy lead sees what is kept, what the nights took away, and what would go now."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from booking import clock
from booking.extensions import db, transaction
from booking.models import Wish
from booking.rules.retention import RETENTION
from booking.rules.words import StaffRole, WishReason
from booking.services.sweep_old import sweep_old
from tests.cast import a_member_of_staff, sign_in
from tests.staff.browse import send

KEPT = "/staff/privacy/kept"


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    _sign_in(app, client)
    return client


def _sign_in(app: Flask, client: FlaskClient) -> None:
    """Sign in afresh: no sign-in lasts for years."""
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.PRIVACY_LEAD))


@pytest.mark.one_database
def test_every_row_of_the_table_is_there(lead: FlaskClient) -> None:
    page = lead.get(KEPT).text
    assert [row.kept for row in RETENTION if str(escape(row.what)) not in page] == []


def test_the_button_counts_and_changes_nothing_and_the_run_is_listed_afterwards(app: Flask, lead: FlaskClient) -> None:
    with app.app_context(), transaction():
        db.session.add(Wish(reason=WishReason.TOPIC, text="on a Sunday"))
    with time_machine.travel(clock.now() + timedelta(days=800), tick=True):
        _sign_in(app, lead)
        counted = send(lead, KEPT)
        assert "1 thing would go if the sweep ran now. Nothing was changed." in counted.text
        assert "None yet." in counted.text
        with app.app_context(), transaction():
            assert sweep_old()["wish_text"] == 1
        page = lead.get(KEPT).text
        assert "We do not ask who you are.: 1" in page
        assert "A night was left out" not in page
    with time_machine.travel(clock.now() + timedelta(days=803), tick=True):
        _sign_in(app, lead)
        assert "A night was left out" in lead.get(KEPT).text
        assert "Not swept" in lead.get("/staff/privacy").text
