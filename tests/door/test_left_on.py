"""The waiting room's screen stays on for hours, and opens nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.rules.words import BookingMode, StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in, slots_for
from tests.staff.browse import send

pytestmark = pytest.mark.one_database


@pytest.fixture
def drop_in(app: Flask) -> int:
    """A drop-in that begins in an hour."""
    with app.app_context():
        event = an_event(starts_at=clock.now() + timedelta(hours=1), booking_mode=BookingMode.SLOTS, capacity=3)
        slots_for(event)
        return event.id


def screen_of(event_id: int) -> str:
    return f"/door/{event_id}/waiting-room"


def test_stays_for_hours_and_keeps_no_other_page_open(app: Flask, client: FlaskClient, drop_in: int) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
    assert client.get(f"/door/{drop_in}/board").status_code == 200
    with time_machine.travel(clock.now(), tick=True) as time:
        for _look in range(12):
            time.shift(timedelta(minutes=15))
            assert client.get(screen_of(drop_in)).status_code == 200
        for page in (f"/door/{drop_in}/board", f"/door/{drop_in}", "/staff/"):
            answer = client.get(page)
            assert answer.status_code == 303
            assert "sign-in" in answer.location
        assert client.get(screen_of(drop_in)).status_code == 200


def test_needs_a_sign_in_and_no_right_to_names(app: Flask, client: FlaskClient, drop_in: int) -> None:
    assert client.get(screen_of(drop_in)).status_code == 303
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.VENUE))
    assert client.get(screen_of(drop_in)).status_code == 200
    assert client.get(f"/door/{drop_in}/board").status_code == 403


def test_is_over_when_the_sign_in_is_ended(app: Flask, client: FlaskClient, drop_in: int) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
    assert client.get(screen_of(drop_in)).status_code == 200
    send(client, "/staff/account", to="/staff/sign-out")
    assert client.get(screen_of(drop_in)).status_code == 303
