"""A session that is on today, a volunteer at its door, and a way to press the page's own buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking import clock
from booking.models import Event
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.page_checks import read


@pytest.fixture
def event(in_app: Flask) -> Event:
    """A forum that starts in an hour; made while booking was still open."""
    return an_event(starts_at=clock.now() + timedelta(hours=1))


@pytest.fixture
def at_the_door(in_app: Flask, client: FlaskClient) -> FlaskClient:
    """A volunteer's phone."""
    sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
    return client


@pytest.fixture
def organiser(in_app: Flask, client: FlaskClient) -> FlaskClient:
    """An organiser's browser."""
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    return client


def token_of(client: FlaskClient, page: str) -> str:
    """Take the token that keeps forms safe from a page that has a form."""
    html = client.get(page).get_data(as_text=True)
    return next(
        str(values["value"]) for tag, values in read(html).tags if tag == "input" and values.get("name") == "csrf_token"
    )


def submit(client: FlaskClient, page: str, address: str, **fields: object) -> TestResponse:
    """Send a form of a page to an address, with the page's own token."""
    return client.post(address, data={"csrf_token": token_of(client, page), **fields})
