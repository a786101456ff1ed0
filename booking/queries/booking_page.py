"""One booking with all that a call about it needs: who, where, what was said and sent, and the family's others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Adult, Booking, BookingChange, Call, Event, Family, FamilyJoin, Message, Note, Place, Staff
from booking.queries.districts import codes_of
from booking.queries.extensions import is_a_family, may_come
from booking.rules.words import BookingMode, ChangeKind, EventStatus

STAFF = "staff:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of what happened to a booking; `who` is empty where the family or the system did it."""

    at: datetime
    kind: ChangeKind
    who: str
    is_family: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of a family as staff compare it with another: whose names, how reached, how many bookings."""

    family_id: int
    names: tuple[str, ...]
    contacts: tuple[str, ...]
    bookings: tuple[Booking, ...]


def get_booking(booking_id: int) -> Booking:
    """Return a booking with its people, session and place. Raise NotFound; nobody's walk-in is among them."""
    booking = db.session.scalar(
        select(Booking)
        .where(Booking.id == booking_id, may_come())
        .options(
            joinedload(Booking.event).joinedload(Event.venue),
            joinedload(Booking.slot),
            joinedload(Booking.family),
            selectinload(Booking.places).joinedload(Place.adult),
            selectinload(Booking.needs),
        )
    )
    if booking is None:
        raise NotFound("There is no such booking.")
    return booking


def others_of_family(booking: Booking, *, among: Iterable[int] | None) -> list[Booking]:
    """Return the family's other bookings at sessions that the person may see, the latest session first."""
    if booking.family_id is None:
        return []
    visible = None if among is None else frozenset(among)
    rows = db.session.scalars(
        select(Booking)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.family_id == booking.family_id, Booking.id != booking.id, is_a_family())
        .options(joinedload(Booking.event))
        .order_by(Event.starts_at.desc(), Booking.id.desc())
    )
    return [row for row in rows if visible is None or row.event_id in visible]


def history_of(booking: Booking) -> list[Happened]:
    """Return what happened to a booking, the first first, with the names of the staff who did it."""
    changes = db.session.scalars(
        select(BookingChange).where(BookingChange.booking_id == booking.id).order_by(BookingChange.id)
    ).all()
    numbers = {int(each.actor.removeprefix(STAFF)) for each in changes if each.actor.startswith(STAFF)}
    names = {row.id: row.name or row.email for row in db.session.scalars(select(Staff).where(Staff.id.in_(numbers)))}
    return [
        Happened(
            at=each.at,
            kind=each.kind,
            who=names.get(int(each.actor.removeprefix(STAFF)), "") if each.actor.startswith(STAFF) else "",
            is_family=each.actor == "family",
        )
        for each in changes
    ]


def notes_of(booking_id: int) -> Sequence[Note]:
    """Return the notes about a booking that still have words, the latest first."""
    return db.session.scalars(
        select(Note)
        .where(Note.booking_id == booking_id, Note.text.is_not(None))
        .options(joinedload(Note.staff))
        .order_by(Note.id.desc())
    ).all()


def calls_of(booking_id: int) -> Sequence[Call]:
    """Return the calls about a booking, the latest first."""
    return db.session.scalars(select(Call).where(Call.booking_id == booking_id).order_by(Call.id.desc())).all()


def messages_about(booking_id: int) -> Sequence[Message]:
    """Return the messages about a booking, the latest first."""
    statement = select(Message).where(Message.booking_id == booking_id).order_by(Message.id.desc())
    return db.session.scalars(statement).all()


def joins_of(family_id: int | None) -> Sequence[FamilyJoin]:
    """Return the records that were made one with a family's and can be taken apart again, the latest first."""
    return db.session.scalars(
        select(FamilyJoin)
        .where(FamilyJoin.kept_id == family_id, FamilyJoin.undone_at.is_(None))
        .order_by(FamilyJoin.id.desc())
    ).all()


def record_of(family_id: int) -> Record:
    """Return a record of a family to be compared with another."""
    bookings = db.session.scalars(
        select(Booking)
        .where(Booking.family_id == family_id, is_a_family())
        .options(joinedload(Booking.event), selectinload(Booking.places).joinedload(Place.adult))
        .order_by(Booking.id)
    ).all()
    adults = db.session.scalars(select(Adult).where(Adult.family_id == family_id).order_by(Adult.id))
    contacts = [each for booking in bookings for each in (booking.email, booking.phone) if each]
    return Record(
        family_id=family_id,
        names=tuple(dict.fromkeys(adult.name for adult in adults if adult.name)),
        contacts=tuple(dict.fromkeys(contacts)),
        bookings=tuple(bookings),
    )


def alike(family_id: int) -> list[int]:
    """Return the other records that share an e-mail address or a phone number with this one, oldest first."""
    family = db.session.get_one(Family, family_id)
    same = [
        column == value
        for column, value in ((Family.email_hash, family.email_hash), (Family.phone_hash, family.phone_hash))
        if value is not None
    ]
    if not same:
        return []
    found = db.session.scalars(
        select(Family.id).where(or_(*same), Family.id != family_id, Family.joined_id.is_(None)).order_by(Family.id)
    )
    return list(found)


def sessions_to_move_to(booking: Booking, *, limit: int = 40) -> Sequence[Event]:
    """Return the coming sessions that take bookings, those of the same district first, then by date."""
    events = db.session.scalars(
        select(Event)
        .where(
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.booking_mode != BookingMode.OPEN,
            Event.starts_at > clock.now(),
            Event.id != booking.event_id,
        )
        .options(joinedload(Event.venue), selectinload(Event.slots))
        .order_by(Event.starts_at, Event.id)
    ).all()
    here = codes_of(booking.event.venue.district if booking.event.venue else booking.district)
    near = [event for event in events if event.venue and event.venue.district in here]
    return [*near, *[event for event in events if event not in near]][:limit]
