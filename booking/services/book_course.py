"""Book several dates of a course in one deed: one booking a date, each with its own link and calendar entry (J8)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from booking.errors import Conflict, SessionFull
from booking.extensions import db
from booking.formats import refusals
from booking.models import Booking, Event
from booking.queries.courses import series_of
from booking.rules.words import BookingMode
from booking.services.book_places import BookingRequest, book_places
from booking.services.locks import lock_event


def book_course(request: BookingRequest, event_ids: Iterable[int]) -> Sequence[Booking]:
    """Book each of these dates, or join its waiting list if that was accepted; return the bookings by date.

    The same draft twice gives the same bookings: the first one carries its number, the others its group.
    Raise what `book_places` raises, said of the date it is about; then none of them is booked.
    """
    wanted = set(event_ids)
    events = {event_id: lock_event(event_id) for event_id in sorted({request.event_id, *wanted})}
    if earlier := _booked_before(request):
        return earlier
    dates = sorted((events[event_id] for event_id in wanted), key=lambda event: (event.starts_at, event.id))
    _refuse_if_no_course(events[request.event_id], dates)
    group = str(uuid.uuid4()) if len(dates) > 1 else None
    first = _book(replace(request, event_id=dates[0].id, slot_id=None, group_key=group), dates[0])
    return [first, *(_book(_for_later_date(request, event, first=first), event) for event in dates[1:])]


def _booked_before(request: BookingRequest) -> Sequence[Booking]:
    first = None
    if request.draft_id is not None:
        first = db.session.scalar(select(Booking).where(Booking.draft_id == request.draft_id))
    if first is None or first.group_key is None:
        return [first] if first else []
    return db.session.scalars(
        select(Booking)
        .join(Booking.event)
        .where(Booking.group_key == first.group_key)
        .order_by(Event.starts_at, Booking.id)
    ).all()


def _refuse_if_no_course(begun_on: Event, dates: Sequence[Event]) -> None:
    if not dates:
        raise refusals.no_dates()
    course = series_of(begun_on)
    if course is None or any(event.series_id != course.id for event in dates):
        raise refusals.no_dates()
    if any(event.booking_mode == BookingMode.SLOTS for event in dates):
        raise refusals.no_dates()


def _for_later_date(request: BookingRequest, event: Event, *, first: Booking) -> BookingRequest:
    """Return the request for one more date of the same chain: a question is asked once, what to keep is said once."""
    return replace(
        request,
        event_id=event.id,
        slot_id=None,
        group_key=first.group_key,
        root_id=first.root_id or first.id,
        draft_id=None,
        question=None,
        remember_needs=False,
    )


def _book(request: BookingRequest, event: Event) -> Booking:
    try:
        return book_places(request)
    except SessionFull as full:
        raise refusals.date_full(event.starts_at, left=full.places_left) from full
    except Conflict as conflict:
        raise refusals.date_closed(event.starts_at) from conflict
