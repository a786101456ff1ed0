"""What staff heard at a session is read by the families who came, on their own page, and by nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from booking.errors import Conflict
from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import AuditEntry, Booking, Event, Heard
from booking.queries.heard import heard_at
from booking.rules.heard import LONGEST
from booking.rules.words import Outcome, StaffRole
from booking.services.close_register import close_register
from booking.services.sweep_old import sweep_old
from booking.services.write_heard import write_heard
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import send

NOTE = "You told us that the bus is late.\n\n- We asked <b>the council</b>."
SHOWN = "We asked &lt;b&gt;the council&lt;/b&gt;."


@pytest.fixture
def booking(in_app: Flask, summer: time_machine.Traveller) -> Booking:
    """A booking at a session that is over."""
    booking = a_booking(an_event())
    summer.move_to(event_of(booking).ends_at + timedelta(hours=1))
    return booking


def event_of(booking: Booking) -> Event:
    return db.session.get_one(Event, booking.event_id)


def close(booking: Booking, outcome: Outcome) -> None:
    places = [place.id for place in db.session.get_one(Booking, booking.id).places]
    with transaction():
        close_register(booking.event_id, dict.fromkeys(places, outcome), by=None)


def own_page(client: FlaskClient, booking: Booking) -> str:
    return client.get(f"/bookings/{booking_token(db.session.get_one(Booking, booking.id))}").text


def test_who_came_reads_it_as_text_on_their_own_page(booking: Booking, client: FlaskClient) -> None:
    close(booking, Outcome.ATTENDED)
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    assert "What we heard" not in own_page(client, booking)
    page = f"/staff/sessions/{booking.event_id}/what-we-heard"
    assert send(client, page, text=NOTE, do="show").status_code == 303
    html = own_page(client, booking)
    assert SHOWN in html
    assert "Changed on" not in html
    assert problems_of(client.get(page).text) == []
    assert "what-we-heard" in client.get(f"/staff/sessions/{booking.event_id}").text


def test_who_did_not_come_reads_nothing(booking: Booking, client: FlaskClient) -> None:
    close(booking, Outcome.DID_NOT_COME)
    with transaction():
        write_heard(booking.event_id, NOTE)
    assert "What we heard" not in own_page(client, booking)


def test_a_look_at_it_first_shows_it_to_nobody(booking: Booking, client: FlaskClient) -> None:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    answer = send(client, f"/staff/sessions/{booking.event_id}/what-we-heard", text=NOTE)
    assert answer.status_code == 200
    assert "What families will read" in answer.text
    assert answer.text.count(SHOWN) == 2, "as families will read it, and in the field"
    assert problems_of(answer.text) == []
    assert heard_at(booking.event_id) is None


def test_a_correction_says_its_day_and_the_same_words_do_not(booking: Booking, client: FlaskClient) -> None:
    close(booking, Outcome.ATTENDED)
    for _again in range(2):
        with transaction():
            write_heard(booking.event_id, NOTE)
    assert "Changed on" not in own_page(client, booking)
    with transaction():
        write_heard(booking.event_id, "Other words")
    html = own_page(client, booking)
    assert "Changed on" in html
    assert "Other words" in html
    kinds = ("write_heard", "change_heard")
    entries = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(kinds)).order_by(AuditEntry.id))
    assert entries.all() == list(kinds)


@pytest.mark.one_database
@pytest.mark.parametrize(("words", "sentence"), [(" ", "Write what you heard."), ("x" * (LONGEST + 1), "or fewer")])
def test_what_is_wrong_is_said_and_nothing_is_lost(
    booking: Booking, client: FlaskClient, words: str, sentence: str
) -> None:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    answer = send(client, f"/staff/sessions/{booking.event_id}/what-we-heard", text=words, do="show")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert words.strip() in answer.text
    assert heard_at(booking.event_id) is None


def test_nothing_is_shown_before_the_session_is_over(in_app: Flask) -> None:
    with pytest.raises(Conflict), transaction():
        write_heard(an_event().id, NOTE)


def test_two_who_press_at_once_leave_one_note(booking: Booking, app: Flask) -> None:
    number, start = booking.event_id, threading.Barrier(2)
    db.session.rollback()

    def press() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                write_heard(number, NOTE)

    pressed = [threading.Thread(target=press) for _ in range(2)]
    for each in pressed:
        each.start()
    for each in pressed:
        each.join()
    assert db.session.scalar(select(func.count(Heard.id))) == 1


def test_it_is_sealed_and_goes_after_24_months(booking: Booking, summer: time_machine.Traveller) -> None:
    with transaction():
        write_heard(booking.event_id, NOTE)
    assert "bus" not in str(db.session.execute(text("SELECT text FROM heard")).scalar_one())
    summer.move_to(event_of(booking).ends_at + timedelta(days=740))
    with transaction():
        sweep_old()
    assert heard_at(booking.event_id) is None
