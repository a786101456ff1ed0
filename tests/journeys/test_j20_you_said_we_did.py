"""J20: what a family raised at a session is answered where everybody can read it, and the family is told."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import transaction
from booking.jobs import tick
from booking.locality import get_locality
from booking.rules.issues import Raised
from booking.rules.words import Outcome, StaffRole
from booking.services.close_register import close_register
from booking.services.keep_issue import raise_issue
from tests.cast import a_booking, a_member_of_staff, an_event, come_back, sign_in
from tests.mail.conftest import relay
from tests.mail.relay import Relay, text_of
from tests.staff.browse import send

__all__ = ["relay"]

RAISED = "Anneliese says that the bus is late"
SHOWN = "The bus is always late"
REASON = "The bus company has too few drivers until the spring."


def held(*, traveller: time_machine.Traveller) -> int:
    """Let a session be over to which five families came; return its number."""
    event = an_event()
    bookings = [a_booking(event) for _each in range(5)]
    places = [place.id for booking in bookings for place in booking.places]
    traveller.move_to(event.ends_at + timedelta(minutes=5))
    with transaction():
        close_register(event.id, dict.fromkeys(places, Outcome.ATTENDED), by=None)
    return event.id


def test_raised_shown_late_answered_and_told(client: FlaskClient, relay: Relay, summer: time_machine.Traveller) -> None:
    number = held(traveller=summer)
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    with transaction():
        page = f"/staff/issues/{raise_issue(number, Raised(text=RAISED), locality=get_locality('kent')).id}"
    assert RAISED not in client.get("/you-said-we-did").text
    assert send(client, f"{page}/publish", text=SHOWN, owner="kcc", is_fit="y").status_code == 303
    assert SHOWN in client.get("/you-said-we-did").text

    for days in (22, 21):
        summer.move_to(clock.now() + timedelta(days=days))
        come_back(client)
        assert client.get("/staff/").status_code == 200
    assert "We are late." in client.get("/you-said-we-did?state=late").text
    assert "1 answer is late" in client.get("/staff/").text
    assert send(client, f"{page}/answer", outcome="cannot_yet", reason=REASON).status_code == 303
    board = client.get("/you-said-we-did").text
    assert REASON in board
    assert RAISED not in board
    assert "We are late." not in board

    summer.move_to(clock.now() + timedelta(days=1))
    tick()
    tick()
    mails = [text_of(mail) for mail in relay.mails if mail["Subject"] == "You said, we did"]
    assert len(mails) == 5
    assert all(SHOWN in mail and REASON in mail and "Anneliese" not in mail for mail in mails)
