"""What else is on when sessions are planned: the venue is taken, or the district has a session that day already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.models import Event
from booking.queries.districts import district_today
from booking.queries.venue_calendar import taking_a_room
from booking.rules.double_bookings import Stay, is_in_the_way, stay_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session as it is planned; an online one has no stay and no district."""

    starts_at: datetime
    ends_at: datetime
    stay: Stay | None
    district: str | None

    @property
    def day(self) -> date:
        """Its day, in London."""
        return clock.in_london(self.starts_at).date()


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The sessions in its room at that time, and the others in its district on that day."""

    taken: tuple[Event, ...]
    same_district: tuple[Event, ...]


def conflicts_of(wanted: Sequence[Wanted], *, but_for: Collection[int] = ()) -> list[Conflicts]:
    """Return what is in the way of each planned session, in their order; all of them are looked up in one query."""
    if not wanted:
        return []
    first = clock.start_of_day(min(each.day for each in wanted))
    last = max(clock.end_of_day(max(each.day for each in wanted)), *(each.ends_at for each in wanted))
    others = db.session.scalars(
        taking_a_room()
        .where(Event.ends_at > first, Event.starts_at < last, Event.id.not_in(but_for))
        .options(joinedload(Event.venue))
        .order_by(Event.starts_at, Event.id)
    ).all()
    return [_of(each, others) for each in wanted]


def _of(wanted: Wanted, others: Sequence[Event]) -> Conflicts:
    taken = tuple(
        other
        for other in others
        if wanted.stay and (stay := stay_of(other)) is not None and is_in_the_way(wanted.stay, stay)
    )
    near = tuple(
        other
        for other in others
        if wanted.district
        and other.venue is not None
        and district_today(other.venue.district) == district_today(wanted.district)
        and clock.in_london(other.starts_at).date() == wanted.day
        and other not in taken
    )
    return Conflicts(taken, near)
