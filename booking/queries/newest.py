"""The newest row of everything figures are counted from: when it is another, something was added."""

from __future__ import annotations

from sqlalchemy import func, select

from booking.extensions import db
from booking.models import (
    Booking,
    BookingChange,
    DoorEvent,
    Event,
    Feedback,
    Issue,
    IssueUpdate,
    NeedRequest,
    Place,
    PupilCount,
    Wish,
)

_TABLES = (Event, Booking, BookingChange, Place, DoorEvent, NeedRequest, Feedback, Issue, IssueUpdate, Wish, PupilCount)
_NEWEST = select(
    *(select(func.max(table.id)).scalar_subquery().label(table.__tablename__) for table in _TABLES),
    select(func.max(Event.register_closed_at)).scalar_subquery().label("register_closed_at"),
    select(func.max(Event.changed_at)).scalar_subquery().label("changed_at"),
    select(func.sum(PupilCount.sen_support + PupilCount.ehcp)).scalar_subquery().label("pupils"),
)


def newest_rows() -> tuple[object, ...]:
    """Give the newest number of each table; a row that was only changed leaves most of them as they are."""
    return tuple(db.session.execute(_NEWEST).one())
