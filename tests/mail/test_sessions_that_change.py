"""What everybody is mailed when staff move, put off or cancel a session."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from icalendar import Calendar

from booking import clock
from booking.extensions import transaction
from booking.jobs import deliver_messages
from booking.models import Event
from booking.rules.words import EventCancelReason
from booking.services.cancel_session import cancel_session
from booking.services.move_session import move_session
from booking.services.postpone_session import postpone_session
from booking.services.save_session import SessionPlan
from tests.cast import a_booking, an_event
from tests.mail.deeds import statuses
from tests.mail.relay import Relay, calendar_of, text_of


def later(event: Event, *, days: int) -> SessionPlan:
    """Return the same session some days later."""
    return SessionPlan(
        title=event.title,
        delivery=event.delivery,
        starts_at=event.starts_at + timedelta(days=days),
        ends_at=event.ends_at + timedelta(days=days),
        venue_id=event.venue_id,
    )


def entries(relay: Relay) -> list[tuple[str, str, int, str]]:
    """Return method, UID, revision and London start of every calendar object sent."""
    found = []
    for mail in relay.mails:
        if ics := calendar_of(mail):
            calendar = Calendar.from_ical(ics)
            (event,) = calendar.walk("VEVENT")
            start = clock.in_london(event["DTSTART"].dt).isoformat()[:16]
            found.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), start))
    return found


def test_a_move_updates_the_same_entry_and_tells_who_waits_plainly(in_app: Flask, relay: Relay) -> None:
    event = an_event(capacity=1)
    booked, waiting = a_booking(event), a_booking(event)
    deliver_messages()
    with transaction():
        move_session(event.id, later(event, days=1))
    deliver_messages()
    assert entries(relay) == [
        ("REQUEST", booked.ical_uid, 0, "2026-06-30T10:00"),
        ("REQUEST", booked.ical_uid, 1, "2026-07-01T10:00"),
    ]
    plain = [mail for mail in relay.mails if mail["To"] == waiting.email][-1]
    assert "New time: Wednesday 1 July 2026" in text_of(plain)
    assert "Your place is safe" not in text_of(plain)


def test_a_session_put_off_keeps_its_entry_until_the_new_date(in_app: Flask, relay: Relay) -> None:
    event = an_event()
    booked = a_booking(event)
    deliver_messages()
    with transaction():
        postpone_session(event.id)
    deliver_messages()
    assert len(entries(relay)) == 1
    assert relay.subjects[-1].startswith("Put off:")
    with transaction():
        move_session(event.id, later(event, days=20))
    deliver_messages()
    assert entries(relay)[-1] == ("REQUEST", booked.ical_uid, 1, "2026-07-20T10:00")


def test_a_cancelled_session_takes_every_entry_away(in_app: Flask, relay: Relay) -> None:
    event = an_event(capacity=2)
    booked = [a_booking(event), a_booking(event)]
    a_booking(event)
    deliver_messages()
    with transaction():
        cancel_session(event.id, EventCancelReason.WEATHER)
    deliver_messages()
    cancels = [entry for entry in entries(relay) if entry[0] == "CANCEL"]
    assert cancels == [("CANCEL", booking.ical_uid, 1, "2026-06-30T10:00") for booking in booked]
    assert sum(subject.startswith("Cancelled:") for subject in relay.subjects) == 3
    assert "Please do not come" in text_of(relay.mails[-1])
    assert not [state for state in statuses() if not state.endswith("sent")]
