"""A phone with a code app, for browsers in tests."""

from __future__ import annotations

import re

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking import clock
from tests.staff.browse import send

SET_UP = "/staff/two-step"


def set_up_code_app(client: FlaskClient) -> pyotp.TOTP:
    """Do what the page says, and return the app."""
    page = send(client, SET_UP)
    phone = phone_of(page.text)
    answer = send(client, page, to=validate_address(page), code=phone.at(clock.now()))
    assert answer.status_code == 302, answer.text
    return phone


def phone_of(html: str) -> pyotp.TOTP:
    """Return the app that was given the key on this page."""
    key = re.search(r'<strong class="house-key">([A-Z2-7 -]+)</strong>', html)
    assert key
    return pyotp.TOTP(re.sub(r"[^A-Z2-7]", "", key[1]))


def validate_address(page: TestResponse) -> str:
    """Return where the code goes."""
    action = re.search(r'action="(/staff/two-step/[^"]+)"', page.text)
    assert action
    return action[1]
