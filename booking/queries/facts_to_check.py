"""What there is to check again, place by place: facts that nobody has checked, or not for a year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.extensions import db
from booking.models import Event, Venue, VenueFact
from booking.queries.districts import is_in
from booking.rules.access_needs import KnownFact, is_stale, year_before
from booking.rules.words import Delivery, EventStatus, FactAnswer

PAGE = 40


@dataclass(frozen=True, kw_only=True)
class ToCheck:
    """One place: the codes of what is stale, the oldest first, how many nobody has checked, and its next session.

    `oldest` is None when nothing is stale, or when nobody knows when it was checked.
    """

    venue: Venue
    stale: tuple[str, ...]
    oldest: date | None
    unchecked: int
    next_session: datetime | None

    @property
    def is_new(self) -> bool:
        """Return whether nobody has ever checked anything there."""
        return not any(fact.answer != FactAnswer.NOT_CHECKED for fact in self.venue.facts)


def places_to_check(codes: Collection[str], *, district: str = "", start: int = 0) -> list[ToCheck]:
    """Return one page of the places in use with something to check: never visited, then the oldest check first."""
    statement = _with_gaps(codes, district=district).options(selectinload(Venue.facts))
    rows = db.session.execute(statement.offset(start).limit(PAGE))
    return [_to_check(venue, codes, next_session) for venue, next_session in rows]


def count_places_to_check(codes: Collection[str], *, district: str = "") -> int:
    """Count the places in use with something to check."""
    rows = _with_gaps(codes, district=district).with_only_columns(Venue.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def _with_gaps(codes: Collection[str], *, district: str) -> Select[Venue, datetime | None]:
    """Select the places that can be visited (an online room has no outcode) and lack a fresh fact, in order."""
    known = and_(VenueFact.answer != FactAnswer.NOT_CHECKED, VenueFact.code.in_(codes))
    stale = and_(known, or_(VenueFact.checked_on.is_(None), VenueFact.checked_on < year_before(clock.today())))
    ever, old, undated = _number(known), _number(stale), _number(and_(known, VenueFact.checked_on.is_(None)))
    oldest = func.min(case((stale, VenueFact.checked_on)))
    urgency = case((ever == 0, 0), (undated > 0, 1), (old > 0, 2), else_=3)
    statement = (
        select(Venue, _next_session())
        .outerjoin(VenueFact)
        .where(Venue.archived_at.is_(None), Venue.outcode != "")
        .group_by(Venue.id)
        .having(or_(ever < len(codes), old > 0))
        .order_by(urgency, oldest, ever, func.lower(Venue.name), Venue.id)
    )
    return statement.where(is_in(Venue.district, district)) if district else statement


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, VenueFact.id)))


def _next_session() -> ScalarSelect[datetime]:
    return (
        select(func.min(Event.starts_at))
        .where(
            Event.venue_id == Venue.id,
            Event.status == EventStatus.PUBLISHED,
            Event.new_date_pending.is_(False),
            Event.delivery != Delivery.ONLINE,
            Event.starts_at > clock.now(),
        )
        .scalar_subquery()
    )


def _to_check(venue: Venue, codes: Collection[str], next_session: datetime | None) -> ToCheck:
    facts = [fact for fact in venue.facts if fact.code in codes]
    stale = [fact for fact in facts if is_stale(KnownFact(fact.answer, fact.checked_on), today=clock.today())]
    stale.sort(key=lambda fact: (fact.checked_on or date.min, fact.code))
    return ToCheck(
        venue=venue,
        stale=tuple(fact.code for fact in stale),
        oldest=stale[0].checked_on if stale else None,
        unchecked=len(codes) - sum(fact.answer != FactAnswer.NOT_CHECKED for fact in facts),
        next_session=next_session,
    )
