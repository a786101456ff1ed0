"""What families raised: when it was raised, due, answered and closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Event, Issue, Venue
from booking.queries.facts.places_in import district_in
from booking.queries.facts.span import Span
from booking.rules.calendar_periods import local_date
from booking.rules.engagement.facts import ONLINE, IssueFact, IssueMoment
from booking.rules.issues import answered_on_time, days_to_done, due_on
from booking.rules.words import Delivery


def issues(span: Span, area: Locality) -> Iterator[IssueFact]:
    """Read every moment of the span; what is due later than today is not due yet."""
    first, last = local_date(span.start), min(local_date(span.end), clock.today())
    for fact in _all_of(span, area):
        if fact.moment != IssueMoment.DUE or first <= fact.day < last:
            yield fact


def _all_of(span: Span, area: Locality) -> Iterator[IssueFact]:
    rows = db.session.execute(
        select(
            Issue.id,
            Issue.raised_at,
            Issue.theme,
            Issue.workstream,
            Issue.owner,
            Issue.outcome,
            Issue.answered_at,
            Issue.outcome_at,
            Issue.contactable,
            Issue.told,
            Event.delivery,
            Venue.district,
        )
        .join(Event, Event.id == Issue.event_id)
        .outerjoin(Venue, Venue.id == Event.venue_id)
        .where(Issue.raised_at < span.end)
        .order_by(Issue.id)
    )
    for row in rows:
        raised_on = local_date(row.raised_at)
        answered_on = local_date(row.answered_at) if row.answered_at else None
        closed_on = local_date(row.outcome_at) if row.outcome_at else None
        fact = IssueFact(
            id=row.id,
            day=raised_on,
            moment=IssueMoment.RAISED,
            district=ONLINE if row.delivery == Delivery.ONLINE else district_in(area, row.district or ONLINE),
            theme=row.theme,
            workstream=str(row.workstream or ""),
            owner=row.owner,
            is_in_time=answered_on_time(raised_on, answered_on),
            outcome=row.outcome.value if row.outcome else "",
            days_to_done=days_to_done(raised_on, closed_on) if closed_on else None,
            contactable=row.contactable or 0,
            told=row.told or 0,
        )
        yield from _moments(fact, answered_on, closed_on)


def _moments(fact: IssueFact, answered_on: date | None, closed_on: date | None) -> Iterator[IssueFact]:
    yield fact
    yield replace(fact, moment=IssueMoment.DUE, day=due_on(fact.day))
    if answered_on:
        yield replace(fact, moment=IssueMoment.ANSWERED, day=answered_on)
    if closed_on:
        yield replace(fact, moment=IssueMoment.CLOSED, day=closed_on)
