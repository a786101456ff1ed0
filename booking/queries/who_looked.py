"""Who of the staff looked at a family, or changed something of theirs: read from the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from booking.extensions import db
from booking.models import AuditEntry, Booking, Event, Inbound, Message, Place, Staff

SHOWS_ALL = ("view", "export")
"""How what is written begins that is about all families of a session."""
SHOWN = "bookings_shown"
"""Where an entry about a page that lists families keeps the numbers of their bookings."""
SESSIONS_SHOWN = "sessions_shown"
"""Where an entry about a list of everybody at many sessions keeps the numbers of these: there may be 100,000 people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One entry that touches a family."""

    at: datetime
    who: str
    is_view: bool
    action: str
    screen: str
    about: str


@dataclass(frozen=True, slots=True)
class _Theirs:
    bookings: dict[int, Booking]
    events: dict[int, list[Booking]]
    places: dict[int, int]
    messages: dict[int, int]
    mails: dict[int, int]


def who_looked(family_ids: Sequence[int]) -> list[Look]:
    """Return every look at these families and every change of theirs by staff, the latest first.

    A page about a whole session counts from when the family booked it; a list counts where it showed them.
    """
    theirs = _theirs(family_ids)
    return [_look(entry, who, about) for entry, who, about in _touching(theirs)] if theirs.bookings else []


def _touching(theirs: _Theirs) -> Iterator[tuple[AuditEntry, str | None, Booking]]:
    since = min(booking.created_at for booking in theirs.bookings.values())
    is_about = or_(
        and_(AuditEntry.subject_type == "booking", AuditEntry.subject_id.in_(theirs.bookings)),
        and_(AuditEntry.subject_type == "event", AuditEntry.subject_id.in_(theirs.events)),
        and_(AuditEntry.subject_type == "message", AuditEntry.subject_id.in_(theirs.messages)),
        and_(AuditEntry.subject_type == "inbound", AuditEntry.subject_id.in_(theirs.mails)),
        AuditEntry.subject_id.is_(None),
    )
    statement = (
        select(AuditEntry, Staff.name)
        .outerjoin(Staff, Staff.id == AuditEntry.staff_id)
        .where(AuditEntry.at >= since, AuditEntry.staff_id.is_not(None), is_about)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .execution_options(yield_per=1000)
    )
    for entry, who in db.session.execute(statement):
        about = _booking_of(entry, theirs)
        if about is not None:
            yield entry, who, about


def _booking_of(entry: AuditEntry, theirs: _Theirs) -> Booking | None:
    """Return the booking of theirs that an entry is about, if it is about one."""
    number = entry.subject_id
    if number is None:
        named = next((theirs.bookings[each] for each in entry.facts.get(SHOWN, ()) if each in theirs.bookings), None)
        return named or _booking_on_list(entry, theirs)
    if entry.subject_type == "event":
        return _booking_at(entry, theirs)
    if entry.subject_type == "message":
        return theirs.bookings.get(theirs.messages[number])
    if entry.subject_type == "inbound":
        return theirs.bookings.get(theirs.mails[number])
    return theirs.bookings.get(number)


def _booking_on_list(entry: AuditEntry, theirs: _Theirs) -> Booking | None:
    """Return their booking at one of the sessions that a list showed whole."""
    for number in entry.facts.get(SESSIONS_SHOWN, ()):
        if found := _booked_by_then(entry, theirs.events.get(number, [])):
            return found
    return None


def _booking_at(entry: AuditEntry, theirs: _Theirs) -> Booking | None:
    """Return their booking at the session of an entry: the one it names, or any that a look at all of them shows."""
    facts = entry.facts
    if "booking" in facts:
        return theirs.bookings.get(facts["booking"])
    if "place" in facts:
        return theirs.bookings.get(theirs.places.get(facts["place"], 0))
    if not entry.action.startswith(SHOWS_ALL):
        return None
    return _booked_by_then(entry, theirs.events.get(entry.subject_id or 0, []))


def _booked_by_then(entry: AuditEntry, there: list[Booking]) -> Booking | None:
    return next((booking for booking in there if booking.created_at <= entry.at), None)


def _theirs(family_ids: Sequence[int]) -> _Theirs:
    statement = select(Booking).join(Event, Event.id == Booking.event_id).where(Booking.family_id.in_(family_ids))
    bookings = {booking.id: booking for booking in db.session.scalars(statement)}
    events: dict[int, list[Booking]] = {}
    for booking in bookings.values():
        events.setdefault(booking.event_id, []).append(booking)
    messages = db.session.execute(select(Message.id, Message.booking_id).where(Message.booking_id.in_(bookings)))
    places = db.session.execute(select(Place.id, Place.booking_id).where(Place.booking_id.in_(bookings)))
    mails = db.session.execute(select(Inbound.id, Inbound.booking_id).where(Inbound.booking_id.in_(bookings)))
    return _Theirs(
        bookings=bookings,
        events=events,
        places={row[0]: row[1] for row in places},
        messages={row[0]: row[1] or 0 for row in messages},
        mails={row[0]: row[1] or 0 for row in mails},
    )


def _look(entry: AuditEntry, who: str | None, about: Booking) -> Look:
    return Look(
        at=entry.at,
        who=who or "Somebody who is no longer there",
        is_view=entry.action == "view",
        action=entry.action,
        screen=entry.screen,
        about=about.event.title,
    )
