"""Read a course: its dates in order, how full each is, and which of them one family has booked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from booking import clock
from booking.extensions import db
from booking.models import Booking, Event, Series
from booking.rules import places as rule
from booking.rules.words import BookingMode, BookingStatus, EventStatus


@dataclass(frozen=True)
class CourseDate:
    """One date of a course: the how-manieth it is, and how many families wait for a place in it."""

    event: Event
    number: int
    waiting: int

    @property
    def day(self) -> date:
        """Its day, in London."""
        return clock.in_london(self.event.starts_at).date()

    @property
    def left(self) -> int | None:
        """How many places are left; None means no limit."""
        return rule.places_left(self.event.capacity, self.event.places_taken)

    @property
    def is_open(self) -> bool:
        """Tell whether it can be booked together with others: times are chosen one by one."""
        event = self.event
        return event.booking_mode == BookingMode.PLACES and not rule.why_closed(
            status=event.status,
            mode=event.booking_mode,
            new_date_pending=event.new_date_pending,
            starts_at=event.starts_at,
            now=clock.now(),
            window=event.window,
        )

    def has_room(self, adults: int) -> bool:
        """Tell whether so many get a place at once; while anyone waits, a newcomer joins the queue (J9)."""
        return not self.waiting and rule.fits(adults, self.left)


@dataclass(frozen=True)
class Course:
    """A course as families may see it: every date that was published, by start."""

    series: Series
    dates: tuple[CourseDate, ...]

    @property
    def open_dates(self) -> tuple[CourseDate, ...]:
        """The dates that can be booked together."""
        return tuple(each for each in self.dates if each.is_open)

    def date_of(self, event_id: int) -> CourseDate | None:
        """Return the date that is this session."""
        return next((each for each in self.dates if each.event.id == event_id), None)


def find_course(slug: str) -> Course | None:
    """Find a course of which at least one date was published."""
    if "\0" in slug:
        return None
    statement = select(Series).where(Series.slug == slug, Series.booked_together)
    series = db.session.scalars(statement).one_or_none()
    return _course(series) if series else None


def course_of(event: Event) -> Course | None:
    """Return the course a session is a date of; None for a session on its own."""
    series = series_of(event)
    return _course(series) if series else None


def series_of(event: Event) -> Series | None:
    """Return the course of a session without its dates; None for a session on its own."""
    series = event.series if event.series_id is not None else None
    return series if series and series.booked_together else None


def number_in_course(event: Event) -> tuple[int, int] | None:
    """Return that a session is date so of so many; a cancelled date keeps its number. None if it is in no course."""
    if series_of(event) is None:
        return None
    ids = db.session.scalars(_dates(event.series_id).with_only_columns(Event.id)).all()
    return (ids.index(event.id) + 1 if event.id in ids else 0), len(ids)


def booked_together(booking: Booking) -> Sequence[Booking]:
    """Return the bookings made in one deed with this one, itself among them, by date.

    A booking whose link was renewed since stands alone: whoever has the old link must not find the new one.
    """
    if booking.group_key is None:
        return [booking]
    return db.session.scalars(
        select(Booking)
        .join(Booking.event)
        .where(Booking.group_key == booking.group_key, Booking.link_version == booking.link_version)
        .order_by(Event.starts_at, Booking.id)
        .options(joinedload(Booking.event).joinedload(Event.venue))
    ).all()


def _course(series: Series) -> Course | None:
    events = db.session.scalars(_dates(series.id).options(joinedload(Event.venue))).all()
    waiting = _waiting([event.id for event in events])
    dates = tuple(CourseDate(event, number, waiting.get(event.id, 0)) for number, event in enumerate(events, start=1))
    return Course(series, dates) if dates else None


def _dates(series_id: int | None) -> Select[Event]:
    return (
        select(Event)
        .where(Event.series_id == series_id, Event.status != EventStatus.DRAFT)
        .order_by(Event.starts_at, Event.id)
    )


def _waiting(event_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Booking.event_id, func.count(Booking.id))
        .where(Booking.event_id.in_(event_ids), Booking.status == BookingStatus.WAITING)
        .group_by(Booking.event_id)
    )
    return {row[0]: row[1] for row in rows}
