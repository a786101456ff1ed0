"""What was heard at a session: for staff, and for a family that came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select, true

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, Heard, HeardFile, Place
from booking.rules.heard import ASKS, REMIND_FROM, REMIND_UNTIL, due_on, reads_note
from booking.rules.words import BookingStatus, EventStatus, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDue:
    """A session whose families wait to read what was heard, and by when."""

    event: Event
    due_on: date
    is_late: bool


def heard_at(event_id: int) -> Heard | None:
    """Return the note of a session as it stands now, or why there is none, or None."""
    statement = select(Heard).where(Heard.event_id == event_id)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def heard_for(booking: Booking) -> Heard | None:
    """Return the note if this family came; None for everybody else, and where there is none."""
    if not reads_note(booking.status, (place.outcome for place in booking.places)):
        return None
    note = heard_at(booking.event_id)
    return note if note is not None and note.text is not None else None


def files_with(event_id: int) -> Sequence[HeardFile]:
    """Return the files of a session's note in the order they came, without their bytes."""
    return db.session.scalars(select(HeardFile).where(HeardFile.event_id == event_id).order_by(HeardFile.id)).all()


def get_file(file_id: int, *, event_id: int) -> HeardFile:
    """Return one file of this session. Raise NotFound."""
    statement = select(HeardFile).where(HeardFile.id == file_id, HeardFile.event_id == event_id)
    file = db.session.scalar(statement)
    if file is None:
        raise NotFound("That file is not there any more.")
    return file


def families_without_email(event_id: int) -> int:
    """Count the families that came and gave a phone number alone: no mail tells them."""
    mine = (Booking.event_id == event_id, Booking.status == BookingStatus.CONFIRMED, Booking.phone.is_not(None))
    statement = select(func.count(Booking.family_id.distinct())).where(*mine, Booking.email.is_(None), _came())
    return db.session.scalar(statement) or 0


def notes_due(*, among: frozenset[int] | None) -> list[NoteDue]:
    """Return the sessions that hear families and of which none was told anything, the oldest first.

    They are over for five days, somebody came, and the register is closed. `among` are those to look at; None for
    every one.
    """
    now = clock.now()
    events = db.session.scalars(
        select(Event)
        .outerjoin(Heard, Heard.event_id == Event.id)
        .where(
            Heard.id.is_(None),
            Event.kind.in_(ASKS),
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.register_closed_at.is_not(None),
            Event.ends_at.between(now - REMIND_UNTIL, now - REMIND_FROM),
            true() if among is None else Event.id.in_(among),
            exists()
            .where(Booking.event_id == Event.id, Booking.status == BookingStatus.CONFIRMED, _came())
            .correlate(Event),
        )
        .order_by(Event.ends_at, Event.id)
    )
    return [_due(event) for event in events]


def _due(event: Event) -> NoteDue:
    due = due_on(event.ends_at)
    return NoteDue(event=event, due_on=due, is_late=clock.today() > due)


def _came() -> ColumnElement[bool]:
    return exists().where(Place.booking_id == Booking.id, Place.outcome == Outcome.ATTENDED).correlate(Booking)
