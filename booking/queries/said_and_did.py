"""What everybody may read of what families raised and what came of it: plain values, nothing that is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, Issue, Place, Venue
from booking.queries.districts import district_today
from booking.queries.issues import (
    ONLINE,
    WantedIssues,
    district_of,
    followed,
    in_part,
    is_in_state,
    waiting_first,
)
from booking.rules.issues import IssueState, may_name_session, raised_by
from booking.rules.said import SaidIssue, SaidSession, SaidUpdate
from booking.rules.words import Delivery, EventStatus, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Some issues of a part, how many it has, and how many of them are late."""

    issues: list[SaidIssue]
    total: int
    late: int


def find_said(wanted: WantedIssues, *, start: int = 0, limit: int | None = None, area: Locality | None = None) -> Board:
    """Return some of the published issues; who asks for more than there is gets the last ones.

    Their districts are those of today, or of the day of the `area`.
    """
    late = func.count(case((is_in_state(IssueState.LATE), 1)))
    total, how_many_late = db.session.execute(_published(func.count(Issue.id), late).where(*in_part(wanted))).one()
    statement = _published(Issue).where(*in_part(wanted)).order_by(*waiting_first())
    if limit is not None:
        statement = statement.offset(start if start < total else max(total - 1, 0) // limit * limit).limit(limit)
    return Board(issues=_said(statement, area), total=total, late=how_many_late)


def find_some_said(ids: Iterable[int]) -> list[SaidIssue]:
    """Return those of these issues that are published, in the order of the board."""
    return _said(_published(Issue).where(Issue.id.in_(list(ids))).order_by(*waiting_first()))


def place_on_board(issue_id: int) -> int | None:
    """Return how many published issues stand before this one; None if it is not published."""
    ids = db.session.scalars(_published(Issue.id).order_by(*waiting_first())).all()
    return ids.index(issue_id) if issue_id in ids else None


def first_said_at(slug: str) -> int | None:
    """Return the first issue on the board that was raised at a session which may be named; None at another."""
    row = db.session.execute(
        _published(Issue.event_id, func.min(Issue.id)).where(Event.slug == slug).group_by(Issue.event_id)
    ).first()
    if row is None or not may_name_session(_families_at([row[0]]).get(row[0], 0)):
        return None
    return int(row[1])


def said_districts() -> set[str]:
    """Return the districts of published issues, online among them."""
    rows = db.session.execute(_published(Event.delivery, Venue.district).distinct())
    return {
        ONLINE if row.delivery == Delivery.ONLINE or row.district is None else district_today(row.district)
        for row in rows
    }


def said_themes() -> set[str]:
    """Return the themes of published issues; "" for what has none."""
    return set(db.session.scalars(_published(Issue.theme).distinct()))


def _published(*what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(Issue)
        .join(Event, Event.id == Issue.event_id)
        .outerjoin(Venue, Venue.id == Event.venue_id)
        .where(Issue.published_at.is_not(None))
    )


def _said(statement: Select[Any], area: Locality | None = None) -> list[SaidIssue]:
    found = db.session.scalars(
        statement.options(joinedload(Issue.event).joinedload(Event.venue), selectinload(Issue.updates))
    ).all()
    families = _families_at({issue.event_id for issue in found})
    return [_as_said(issue, families=families.get(issue.event_id, 0), area=area) for issue in found]


def _families_at(event_ids: Iterable[int]) -> dict[int, int]:
    """Count the families that came to each session; who walked in without a name is a family, too."""
    came = select(Place.id).where(Place.booking_id == Booking.id, Place.outcome == Outcome.ATTENDED).exists()
    nameless = func.count(case((Booking.family_id.is_(None), 1)))
    statement = (
        select(Booking.event_id, func.count(Booking.family_id.distinct()) + nameless)
        .where(Booking.event_id.in_(list(event_ids)), came)
        .group_by(Booking.event_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _as_said(issue: Issue, *, families: int, area: Locality | None) -> SaidIssue:
    days = followed(issue)
    return SaidIssue(
        id=issue.id,
        text=issue.published_text or "",
        raised_on=days.raised_on,
        district=district_of(issue.event, area),
        theme=issue.theme,
        workstream=issue.workstream,
        owner=issue.owner,
        families=raised_by(issue.families),
        due_on=days.due_on,
        state=IssueState.OPEN if days.state == IssueState.DUE_SOON else days.state,
        outcome=issue.outcome,
        reason=issue.reason,
        answered_on=clock.in_london(issue.outcome_at).date() if issue.outcome_at else None,
        updates=_updates(issue),
        session=_session(issue.event) if may_name_session(families) else None,
    )


def _updates(issue: Issue) -> tuple[SaidUpdate, ...]:
    rows: Sequence[Any] = issue.updates
    return tuple(
        SaidUpdate(said_on=clock.in_london(row.said_at).date(), text=row.text, outcome=row.outcome) for row in rows
    )


def _session(event: Event) -> SaidSession | None:
    if event.status == EventStatus.DRAFT:
        return None
    return SaidSession(slug=event.slug, title=event.title, day=clock.in_london(event.starts_at).date())
