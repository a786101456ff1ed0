"""Which families are asked how a session was: once when its register is closed, and once more a week later."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event, Feedback, Message, Place
from booking.queries.feedback import feedback_of, takes_feedback_now
from booking.rules.feedback import OPEN_FOR, REMIND_AFTER
from booking.rules.reminders import is_quiet
from booking.rules.words import BookingStatus, EventStatus, MessageKind, MessageStatus, Outcome


def families_that_came(event_id: int) -> list[Booking]:
    """Return one booking of each family that came and has an e-mail address; rather one that answered before it."""
    statement = (
        select(Booking)
        .outerjoin(Feedback, Feedback.booking_id == Booking.id)
        .where(Booking.event_id == event_id, Booking.family_id.is_not(None), _may_be_asked(), _came())
        .order_by(Feedback.id.is_(None), Booking.id)
    )
    by_family: dict[int | None, Booking] = {}
    for booking in db.session.scalars(statement):
        by_family.setdefault(booking.family_id, booking)
    return sorted(by_family.values(), key=lambda booking: booking.id)


def sessions_to_ask_again() -> list[int]:
    """Return the sessions with families that have not answered a week after they were thanked; none at night."""
    if is_quiet(clock.now()):
        return []
    return sorted({event_id for event_id, _booking in _to_ask_again()})


def bookings_to_ask_again(event_id: int) -> Sequence[Booking]:
    """Return the bookings of these families at one session."""
    ids = [booking_id for of_event, booking_id in _to_ask_again() if of_event == event_id]
    return db.session.scalars(select(Booking).where(Booking.id.in_(ids)).order_by(Booking.id)).all()


def is_asked_how(booking: Booking) -> bool:
    """Return whether a family is still to be asked: it came, its link is alive, and it has not answered."""
    row = feedback_of(booking)
    came = any(place.outcome == Outcome.ATTENDED for place in booking.places)
    is_open = row is not None and row.link_digest is not None and row.answered_at is None
    return is_open and came and takes_feedback_now(booking.event)


def _to_ask_again() -> list[tuple[int, int]]:
    """Return the numbers of session and booking."""
    now = clock.now()
    thanks, again = aliased(Message), aliased(Message)
    was_asked_again = exists().where(again.booking_id == Booking.id, again.kind == MessageKind.FEEDBACK_REMINDER)
    statement = (
        select(Booking.event_id, Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .join(Feedback, Feedback.booking_id == Booking.id)
        .join(thanks, thanks.booking_id == Booking.id)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.starts_at > now - OPEN_FOR,
            Feedback.answered_at.is_(None),
            Feedback.link_digest.is_not(None),
            thanks.kind == MessageKind.THANK_YOU,
            thanks.status == MessageStatus.SENT,
            thanks.bounced_at.is_(None),
            thanks.sent_at <= now - REMIND_AFTER,
            _may_be_asked(),
            _came(),
            ~was_asked_again,
        )
    )
    return [(event_id, booking_id) for event_id, booking_id in db.session.execute(statement)]


def _may_be_asked() -> ColumnElement[bool]:
    return (Booking.status == BookingStatus.CONFIRMED) & Booking.email.is_not(None) & Booking.extends_id.is_(None)


def _came() -> ColumnElement[bool]:
    return exists().where(Place.booking_id == Booking.id, Place.outcome == Outcome.ATTENDED)
