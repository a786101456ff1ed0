"""Browsers of staff. Requests run without the test's own app context, as they do in life."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.limits import forget_tries
from tests.mail.conftest import relay

__all__ = ["relay"]


@pytest.fixture(autouse=True)
def nobody_tried_before(app: Flask) -> None:
    """Forget the tries of earlier tests."""
    with app.app_context():
        forget_tries()


@pytest.fixture
def organiser(app: Flask, client: FlaskClient) -> FlaskClient:
    """An organiser's browser."""
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER, name="Olu Organiser"))
    return client


@pytest.fixture
def colleague(app: Flask) -> FlaskClient:
    """Another organiser's browser."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER, name="Carol Colleague"))
    return client
