"""What became of each session's places, promises and questions, added up by the database: the quick way to a trend.

A trend over nine quarters of a full house would read 60,000 places row by row. Here a session is one row. Nothing is
kept from one page to the next, so nothing can be old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Feedback, NeedRequest, Place, Venue
from booking.queries.facts.in_order import in_order
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.access import JUDGED
from booking.rules.engagement.facts import ONLINE, SessionFact, is_register_overdue, state_of
from booking.rules.feedback import AGREE, DOES_NOT_APPLY
from booking.rules.intervals import Share
from booking.rules.need_outcomes import outcome_that_counts
from booking.rules.words import PARTICIPANTS, BookingStatus, Delivery, EventStatus, NeedState, Origin, Outcome


@dataclass(frozen=True, slots=True)
class Attendance:
    """What the register of a session says: people who came, of these and of all recorded those that had booked."""

    came: int
    came_booked: int
    due: int
    families: frozenset[int]


def sessions_in_brief(span: Span, area: Locality) -> Iterator[SessionFact]:
    """Read of every session of the span its state, kind, delivery and district, and nothing of its calendar."""
    now = clock.now()
    rows = db.session.execute(
        select(
            Event.id,
            Event.starts_at,
            Event.ends_at,
            Event.status,
            Event.first_published_at.is_not(None).label("was_published"),
            Event.new_date_pending,
            Event.register_closed_at.is_(None).label("is_open"),
            Event.kind,
            Event.delivery,
            Venue.district,
        )
        .outerjoin(Venue)
        .where(*span.holds(Event.starts_at))
    )
    for id_, starts_at, ends_at, status, was_published, is_pending, is_open, kind, delivery, district in rows:
        yield SessionFact(
            id=id_,
            starts_on=local_date(starts_at),
            state=state_of(status, ends_at=ends_at, was_published=was_published, new_date_pending=is_pending, now=now),
            kind=kind.value,
            delivery=delivery.value,
            district=ONLINE if delivery == Delivery.ONLINE else district_in(area, district or ONLINE),
            is_register_overdue=is_register_overdue(closed_at=None if is_open else ends_at, ends_at=ends_at, now=now),
        )


def attendances(span: Span) -> Mapping[int, Attendance]:
    """Add up the participants' places of each session, whatever became of its register."""
    came = Place.outcome == Outcome.ATTENDED
    booked = Booking.origin != Origin.WALK_IN
    rows = db.session.execute(
        select(
            Booking.event_id,
            _how_many(came),
            _how_many(and_(came, booked)),
            _how_many(and_(Place.outcome != Outcome.NOT_RECORDED, booked)),
            func.aggregate_strings(case((came, cast(Booking.family_id, String))), ","),
        )
        .select_from(Place)
        .join(Booking, Booking.id == in_order(Place.booking_id))
        .where(
            in_order(Booking.event_id).in_(_published(span)),
            Booking.status == BookingStatus.CONFIRMED,
            Place.kind.in_(PARTICIPANTS),
        )
        .group_by(Booking.event_id)
    )
    return {
        event: Attendance(number, of_booked, due, frozenset(map(int, families.split(","))) if families else frozenset())
        for event, number, of_booked, due, families in rows
    }


def people_at(sessions: Set[int]) -> Mapping[int, int]:
    """Count the participants who came to some sessions, few enough for one statement; nobody where there is none."""
    if not sessions:
        return {}
    rows = db.session.execute(
        select(Booking.event_id, func.count())
        .join(Place, Place.booking_id == Booking.id)
        .where(
            Booking.event_id.in_(sessions),
            Booking.status == BookingStatus.CONFIRMED,
            Place.kind.in_(PARTICIPANTS),
            Place.outcome == Outcome.ATTENDED,
        )
        .group_by(Booking.event_id)
    )
    return dict(rows.all())


def promises(span: Span) -> Mapping[int, Share]:
    """Count of each session the requests of which somebody said how it was, and of these what was there."""
    rows = db.session.execute(
        select(Booking.event_id, NeedRequest.state, NeedRequest.family_outcome, func.count())
        .select_from(NeedRequest)
        .join(Booking, Booking.id == in_order(NeedRequest.booking_id))
        .where(in_order(Booking.event_id).in_(_published(span)), Booking.status == BookingStatus.CONFIRMED)
        .group_by(Booking.event_id, NeedRequest.state, NeedRequest.family_outcome)
    )
    met, judged = Counter[int](), Counter[int]()
    for event, state, said, number in rows:
        outcome = outcome_that_counts(state, said)
        judged[event] += number if outcome in JUDGED else 0
        met[event] += number if outcome == NeedState.MET else 0
    return {event: Share(met[event], whole) for event, whole in judged.items()}


def confident(span: Span) -> Mapping[int, Share]:
    """Count of each session the answers to whether one is confident after it, and of these who agreed."""
    rows = db.session.execute(
        select(Feedback.event_id, func.count(), _how_many(Feedback.confident.in_(AGREE)))
        .join(Event, Event.id == Feedback.event_id)
        .where(*span.holds(Event.starts_at), Feedback.answered_at.is_not(None), Feedback.confident != DOES_NOT_APPLY)
        .group_by(Feedback.event_id)
    )
    return {event: Share(agreed, answered) for event, answered, agreed in rows}


def _how_many(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((of, 1), else_=0))


def _published(span: Span) -> Select[int]:
    return select(Event.id).where(Event.status == EventStatus.PUBLISHED, *span.holds(Event.starts_at))
