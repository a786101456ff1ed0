"""Attendance lists: the sessions one is about, everybody on it row after row, and what was asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, String, func, literal, select

from booking import clock
from booking.cipher import token_digest
from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Adult, AttendanceList, Booking, Event, NeedRequest, Place, Slot, Venue
from booking.queries.attendance import not_a_slip
from booking.queries.districts import is_in
from booking.queries.extensions import is_a_family
from booking.rules.attendance_lists import ListColumn, Scope
from booking.rules.attendance_row import ListRow, ListSession
from booking.rules.day_sheet import action_for
from booking.rules.door import short_name
from booking.rules.words import BookingStatus, EventStatus, NeedState

_AT_ONCE = 500
_SESSIONS_AT_ONCE = 300
_NAME, _CHILDREN = ListRow._fields.index("name"), ListRow._fields.index("children") - 1
_DROPPED = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)
_NO_LONGER_THERE = "There is no such list, or it was asked for by somebody else."


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whom a list is about: everybody at these sessions (in this order), or only who has a place or walked in.

    Who booked after `asked_at` is not on it: what was written down of the list then stays true while it is read.
    """

    event_ids: Sequence[int]
    asked_at: datetime
    only_with_place: bool = False


def sessions_in(scope: Scope, *, within: Collection[int] | None) -> list[int]:
    """Return the published sessions of a scope by their start, of these alone if they are given."""
    statement = (
        select(Event.id)
        .outerjoin(Venue, Event.venue_id == Venue.id)
        .where(
            Event.status != EventStatus.DRAFT,
            Event.starts_at >= clock.start_of_day(scope.first),
            Event.starts_at < clock.end_of_day(scope.last),
        )
        .order_by(Event.starts_at, Event.id)
    )
    if scope.venue_id is not None:
        statement = statement.where(Event.venue_id == scope.venue_id)
    if scope.district:
        statement = statement.where(is_in(Venue.district, scope.district))
    if scope.kinds:
        statement = statement.where(Event.kind.in_(scope.kinds))
    found = db.session.scalars(statement)
    return [number for number in found if within is None or number in within]


def count_people(people: People) -> int:
    """Count the rows of a list."""
    counted = 0
    for events in _parts(people.event_ids):
        statement = select(func.count(Place.id)).join(Booking, Place.booking_id == Booking.id)
        counted += db.session.scalar(statement.where(*_are_on_it(people, events))) or 0
    return counted


def read_people(people: People, columns: Collection[ListColumn], *, locality: Locality) -> Iterator[ListRow]:
    """Read everybody on a list. What no column shows is not read; what is sealed is opened row by row."""
    for events in _parts(people.event_ids):
        sessions = _sessions(events)
        statement = _rows(columns).where(*_are_on_it(people, events)).execution_options(yield_per=_AT_ONCE)
        before: int | None = None
        rows: Result[Any] = db.session.execute(statement)
        for part in rows.partitions():
            to_do = _to_do(part, locality) if ListColumn.TO_DO in columns else {}
            for row in part:
                event_id, values, booking_id = row[0], list[Any](row[1:-1]), row[-1]
                if booking_id == before:
                    values[_CHILDREN] = 0
                person = ListRow(sessions[event_id], *values)
                yield person._replace(to_do=to_do.get(booking_id, ())) if to_do and booking_id != before else person
                before = booking_id


def get_list(token: str, *, staff_id: int) -> AttendanceList:
    """Return what this person asked for, used or not. Raise NotFound, also for anybody else."""
    found = db.session.scalar(select(AttendanceList).where(AttendanceList.link_digest == token_digest(token)))
    if found is None or found.staff_id != staff_id:
        raise NotFound(_NO_LONGER_THERE)
    return found


def find_own_list(number: int, *, staff_id: int) -> AttendanceList | None:
    """Return what this person asked for once, if there is such a list."""
    mine = AttendanceList.id == number, AttendanceList.staff_id == staff_id
    return db.session.scalar(select(AttendanceList).where(*mine))


def _rows(columns: Collection[ListColumn]) -> Select[Any]:
    """Select the session, the values of a `ListRow` in their order, and the booking."""
    email = _if_shown(ListColumn.EMAIL, Booking.email, columns)
    phone = _if_shown(ListColumn.PHONE, Booking.phone, columns)
    contact = [email, phone] if {ListColumn.EMAIL, ListColumn.PHONE} & set(columns) else []
    return (
        select(
            Booking.event_id,
            _if_shown(ListColumn.NAME, Adult.name, columns),
            Place.kind,
            Booking.reference,
            Booking.origin,
            Booking.status,
            Place.outcome,
            Place.arrived_at,
            Booking.children,
            Slot.starts_at,
            *contact,
            Booking.id,
        )
        .select_from(Place)
        .join(Booking, Place.booking_id == Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .outerjoin(Adult, Place.adult_id == Adult.id)
        .outerjoin(Slot, Booking.slot_id == Slot.id)
        .order_by(Event.starts_at, Event.id, Booking.id, Place.id)
    )


def _sessions(events: Sequence[int]) -> dict[int, ListSession]:
    """Read what is the same in all rows of a session once."""
    statement = select(Event.id, Event.title, Event.starts_at, Venue.name).outerjoin(Venue, Event.venue_id == Venue.id)
    rows = db.session.execute(statement.where(Event.id.in_(events)))
    return {row[0]: ListSession(title=row[1], starts_at=row[2], venue=row[3]) for row in rows}


def _if_shown(column: ListColumn, value: Any, columns: Collection[ListColumn]) -> Any:
    return value if column in columns else literal(None, String).label(column.value)


def _are_on_it(people: People, events: Sequence[int]) -> list[ColumnElement[bool]]:
    has_place = [Booking.status == BookingStatus.CONFIRMED] if people.only_with_place else []
    was_there = Booking.created_at <= people.asked_at
    return [Booking.event_id.in_(events), was_there, not_a_slip(), is_a_family(), *has_place]


def _to_do(part: Sequence[Row[Any]], locality: Locality) -> dict[int, tuple[str, ...]]:
    """Say what to do for the families of some rows, as deeds and for whom, as the day sheet does."""
    names: dict[int, str] = {}
    for row in part:
        names.setdefault(row[-1], short_name(row[_NAME]))
    statement = (
        select(NeedRequest.booking_id, NeedRequest.code, NeedRequest.for_whom)
        .where(NeedRequest.booking_id.in_(names), NeedRequest.state.not_in(_DROPPED))
        .order_by(NeedRequest.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for booking_id, code, for_whom in db.session.execute(statement):
        sentence = locality.need_actions.get(code, "See to {who}")
        deed = action_for(sentence, names[booking_id] or "this family", for_whom)
        found[booking_id] = (*found.get(booking_id, ()), deed)
    return found


def _parts(events: Sequence[int]) -> Iterator[Sequence[int]]:
    """Take so many sessions at once: their rows stay in order, and no statement grows with the list."""
    for start in range(0, len(events), _SESSIONS_AT_ONCE):
        yield events[start : start + _SESSIONS_AT_ONCE]
