"""J8: a course of six Tuesdays, booked in one go: six calendar entries that live and end each by itself."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from icalendar import Calendar

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages, tick
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, CancelledBy, EventCancelReason
from booking.services.book_course import book_course
from booking.services.book_places import BookingRequest
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_course import cancel_course
from booking.services.cancel_session import cancel_session
from tests.cast import a_booking, a_course, an_event
from tests.mail.deeds import move
from tests.mail.relay import Relay, calendar_of, text_of


@pytest.fixture
def course(relay: Relay) -> list[Event]:
    return a_course(dates=6)


@pytest.fixture
def bookings(course: list[Event]) -> list[Booking]:
    """One family that booked all six dates; its mails have left."""
    with transaction():
        made = book_course(BookingRequest(event_id=course[0].id, email="sam@example.net"), [e.id for e in course])
    deliver_messages()
    return list(made)


def entries(mails: list[EmailMessage]) -> list[tuple[str, str, int]]:
    """Return method, UID and revision of each mail's calendar entry."""
    found = []
    for mail in mails:
        calendar = Calendar.from_ical(calendar_of(mail) or b"")
        (event,) = calendar.walk("VEVENT")
        assert "RRULE" not in event
        found.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])))
    return found


def test_each_date_has_a_mail_and_a_calendar_entry_of_its_own(relay: Relay, bookings: list[Booking]) -> None:
    assert entries(relay.mails) == [("REQUEST", booking.ical_uid, 0) for booking in bookings]
    assert len({booking.ical_uid for booking in bookings}) == 6


def test_each_mail_says_first_which_date_it_is(relay: Relay, bookings: list[Booking]) -> None:
    for number, mail in enumerate(relay.mails, start=1):
        assert text_of(mail).splitlines()[2] == f"This is date {number} of 6 of your course."
    assert len(set(relay.subjects)) == len(bookings)


def test_a_session_on_its_own_speaks_of_no_course(relay: Relay) -> None:
    a_booking(an_event())
    deliver_messages()
    assert "of your course" not in text_of(relay.mails[-1])


def test_skipping_one_date_takes_one_entry_away(relay: Relay, bookings: list[Booking]) -> None:
    with transaction():
        cancel_booking(bookings[2].id, by=CancelledBy.FAMILY)
    deliver_messages()
    assert entries(relay.mails[6:]) == [("CANCEL", bookings[2].ical_uid, 1)]
    db.session.expire_all()
    assert [booking.status for booking in bookings].count(BookingStatus.CONFIRMED) == 5


def test_moving_one_date_moves_one_entry(relay: Relay, bookings: list[Booking]) -> None:
    move(bookings[3], days=1)
    deliver_messages()
    assert entries(relay.mails[6:]) == [("REQUEST", bookings[3].ical_uid, 1)]


def test_a_date_that_we_cancel_leaves_the_others(relay: Relay, bookings: list[Booking], course: list[Event]) -> None:
    with transaction():
        cancel_session(course[5].id, EventCancelReason.STAFF)
    deliver_messages()
    assert entries(relay.mails[6:]) == [("CANCEL", bookings[5].ical_uid, 1)]


def test_cancelling_all_takes_every_entry_away(relay: Relay, bookings: list[Booking]) -> None:
    for _time in range(2):
        with transaction():
            cancel_course(bookings[4].id)
    deliver_messages()
    assert entries(relay.mails[6:]) == [("CANCEL", booking.ical_uid, 1) for booking in bookings]


def test_the_full_date_is_waited_for_and_then_offered(relay: Relay, course: list[Event]) -> None:
    with transaction():
        db.session.get_one(Event, course[1].id).capacity = 1
    other = a_booking(course[1])
    with transaction():
        asked = BookingRequest(event_id=course[0].id, email="sam@example.net", accept_waiting_list=True)
        made = book_course(asked, [event.id for event in course])
    assert made[1].status == BookingStatus.WAITING
    with transaction():
        cancel_booking(other.id, by=CancelledBy.FAMILY)
    assert db.session.get_one(Booking, made[1].id).status == BookingStatus.OFFERED


def test_reminders_come_for_each_date(
    relay: Relay, bookings: list[Booking], course: list[Event], summer: time_machine.Traveller
) -> None:
    for event in course[:2]:
        summer.move_to(clock.in_london(event.starts_at) - timedelta(days=1))
        tick()
    told = [mail for mail in relay.mails[6:] if str(mail["Subject"]).startswith("Tomorrow:")]
    assert [text_of(mail).splitlines()[2] for mail in told] == [
        "This is date 1 of 6 of your course.",
        "This is date 2 of 6 of your course.",
    ]
