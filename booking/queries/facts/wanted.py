"""What was wanted: families on waiting lists, and wishes of nobody we know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import datetime

from sqlalchemy import func, select

from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, BookingChange, Event, Place, Wish
from booking.queries.extensions import is_a_family
from booking.queries.facts.past import Visit
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.facts import UNMET_AFTER, SessionFact, SessionState, WaitFact, WishFact
from booking.rules.words import BookingStatus, ChangeKind, EventStatus, Outcome

VisitsOf = Callable[[Set[int]], Mapping[int, set[Visit]]]
"""Finds the days on which some families came."""


def waits(span: Span, sessions: Mapping[int, SessionFact], visits_of: VisitsOf, area: Locality) -> Iterator[WaitFact]:
    """Read every family that joined the waiting list of a session that was not cancelled."""
    offers = _first_offers(span)
    came = (
        select(Place.id)
        .where(Place.booking_id == Booking.id, Place.outcome == Outcome.ATTENDED)
        .correlate(Booking)
        .exists()
    )
    rows = db.session.execute(
        select(
            Booking.id, Booking.event_id, Booking.family_id, Booking.district, Booking.queued_at, Booking.status, came
        )
        .join(Event, Event.id == Booking.event_id)
        .where(
            *span.holds(Event.starts_at),
            Event.status == EventStatus.PUBLISHED,
            Booking.queued_at.is_not(None),
            is_a_family(),
        )
        .order_by(Booking.id)
    ).all()
    visits = visits_of({row.family_id for row in rows if row.family_id is not None})
    for id_, event_id, family, district, queued_at, status, has_come in rows:
        session = sessions[event_id]
        if session.state not in (SessionState.HELD, SessionState.PLANNED) or family is None or queued_at is None:
            continue
        offered = offers.get(id_)
        attended = status == BookingStatus.CONFIRMED and has_come and not session.is_register_overdue
        yield WaitFact(
            id=id_,
            session=session,
            family=family,
            district=district_in(area, district),
            days_to_offer=(offered - queued_at).days if offered else None,
            came=attended,
            was_helped=attended or _came_elsewhere(visits.get(family, set()), session, queued_at),
        )


def wishes(span: Span, area: Locality) -> Iterator[WishFact]:
    """Read what people looked for and did not find."""
    rows = db.session.execute(
        select(Wish.id, Wish.created_at, Wish.reason, Wish.district, Wish.kind, Wish.time_band)
        .where(*span.holds(Wish.created_at))
        .order_by(Wish.id)
    )
    for row in rows:
        yield WishFact(
            id=row.id,
            made_on=local_date(row.created_at),
            reason=row.reason.value,
            district=district_in(area, row.district),
            kind=row.kind.value if row.kind else "",
            time_band=row.time_band,
        )


def _came_elsewhere(visits: set[Visit], session: SessionFact, queued_at: datetime) -> bool:
    """Tell whether a family came to the same kind after it began to wait and by 28 days after the session."""
    first, last = local_date(queued_at), session.starts_on + UNMET_AFTER
    return any(visit.kind == session.kind and first <= visit.day <= last for visit in visits)


def _first_offers(span: Span) -> dict[int, datetime]:
    rows = db.session.execute(
        select(BookingChange.booking_id, func.min(BookingChange.at))
        .join(Booking, Booking.id == BookingChange.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(*span.holds(Event.starts_at), BookingChange.kind == ChangeKind.OFFERED)
        .group_by(BookingChange.booking_id)
    )
    return dict(rows.all())
