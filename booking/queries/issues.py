"""What families raised: of one session, one by itself, and the list of all that staff follow up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Event, Issue, IssueUpdate, Venue
from booking.queries.districts import is_in
from booking.queries.installation import our_locality
from booking.rules.issues import ANSWER_WITHIN, DUE_SOON, IssueState, due_on, state_of
from booking.rules.words import Delivery

ONLINE = "online"
"""Stands where the district of a session in a room stands."""
GONE = "This issue is not there any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedIssues:
    """What part of a list is looked at; "" and None: any. `among` are the sessions that may be seen; None: all."""

    state: IssueState | None = None
    owner: str = ""
    theme: str = ""
    workstream: int | None = None
    district: str = ""
    among: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedIssue:
    """One issue with the days that count for it."""

    issue: Issue
    raised_on: date
    due_on: date
    state: IssueState
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesDue:
    """How many have no answer and are late, and how many are due within a week."""

    late: int
    soon: int


def issues_at(event_id: int) -> Sequence[Issue]:
    """List them in the order in which they were written down."""
    return db.session.scalars(select(Issue).where(Issue.event_id == event_id).order_by(Issue.id)).all()


def issues_raised(event_id: int) -> int:
    """Count them without reading any."""
    return db.session.scalar(select(func.count(Issue.id)).where(Issue.event_id == event_id)) or 0


def get_issue(issue_id: int, *, event_id: int | None = None) -> Issue:
    """Return one, of this session if one is named. Raise NotFound."""
    issue = db.session.get(Issue, issue_id)
    if issue is None or event_id not in (None, issue.event_id):
        raise NotFound(GONE)
    return issue


def get_update(update_id: int, *, issue_id: int) -> IssueUpdate:
    """Return one update of an issue. Raise NotFound."""
    update = db.session.get(IssueUpdate, update_id)
    if update is None or update.issue_id != issue_id:
        raise NotFound("This update is not there any more.")
    return update


def followed(issue: Issue) -> FollowedIssue:
    """Return an issue with its days as they are today."""
    raised_on = clock.in_london(issue.raised_at).date()
    answered_on = clock.in_london(issue.answered_at).date() if issue.answered_at else None
    return FollowedIssue(
        issue=issue,
        raised_on=raised_on,
        due_on=due_on(raised_on),
        state=state_of(raised_on, today=clock.today(), answered_on=answered_on),
        district=district_of(issue.event),
    )


def find_issues(wanted: WantedIssues, *, start: int, limit: int) -> tuple[list[FollowedIssue], int]:
    """Return some of a part, and how many it has: what waits longest first, and what is answered last."""
    conditions = in_part(wanted)
    total = db.session.scalar(_select(func.count(Issue.id)).where(*conditions)) or 0
    begin = start if start < total else max(total - 1, 0) // limit * limit
    rows = db.session.scalars(
        _select(Issue)
        .where(*conditions)
        .options(joinedload(Issue.event).joinedload(Event.venue))
        .order_by(*waiting_first())
        .offset(begin)
        .limit(limit)
    )
    return [followed(issue) for issue in rows], total


def count_due(*, among: frozenset[int] | None) -> IssuesDue:
    """Count what is late and what is due within a week, without reading any."""
    late, soon = (func.count(case((is_in_state(state), 1))) for state in (IssueState.LATE, IssueState.DUE_SOON))
    row = db.session.execute(select(late, soon).where(_is_among(among))).one()
    return IssuesDue(late=row[0], soon=row[1])


def district_of(event: Event, area: Locality | None = None) -> str:
    """Return the district that an issue belongs to, today or on the area's day: the venue's, or online."""
    if event.delivery == Delivery.ONLINE or event.venue is None:
        return ONLINE
    code = event.venue.district
    return (area or our_locality()).code_of(code) or code


def in_part(wanted: WantedIssues) -> list[ColumnElement[bool]]:
    """Return what holds for the issues of a part; the query joins session and venue."""
    conditions = [_is_among(wanted.among), is_in_state(wanted.state)]
    if wanted.owner:
        conditions.append(Issue.owner == ("" if wanted.owner == "nobody" else wanted.owner))
    if wanted.theme:
        conditions.append(Issue.theme == ("" if wanted.theme == "none" else wanted.theme))
    if wanted.workstream is not None:
        conditions.append(Issue.workstream == wanted.workstream)
    if wanted.district == ONLINE:
        conditions.append(or_(Event.delivery == Delivery.ONLINE, Event.venue_id.is_(None)))
    elif wanted.district:
        conditions.append(and_(Event.delivery != Delivery.ONLINE, is_in(Venue.district, wanted.district)))
    return conditions


def is_in_state(state: IssueState | None) -> ColumnElement[bool]:
    """Tell whether an issue is in a state today. "Open" is whatever waits for an answer."""
    if state is None:
        return true()
    if state == IssueState.ANSWERED:
        return Issue.answered_at.is_not(None)
    waiting, today = Issue.answered_at.is_(None), clock.today()
    late = Issue.raised_at < clock.start_of_day(today - ANSWER_WITHIN)
    if state == IssueState.LATE:
        return and_(waiting, late)
    if state == IssueState.DUE_SOON:
        soon = Issue.raised_at < clock.start_of_day(today - ANSWER_WITHIN + DUE_SOON + timedelta(days=1))
        return and_(waiting, ~late, soon)
    return waiting


def waiting_first() -> tuple[Any, ...]:
    """Return the order: what waits longest first, then what was answered, the latest first."""
    waiting = Issue.answered_at.is_(None)
    return Issue.answered_at.is_not(None), case((waiting, Issue.raised_at)), Issue.answered_at.desc(), Issue.id


def _select(*what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(Issue)
        .join(Event, Event.id == Issue.event_id)
        .outerjoin(Venue, Venue.id == Event.venue_id)
    )


def _is_among(among: frozenset[int] | None) -> ColumnElement[bool]:
    return true() if among is None else Issue.event_id.in_(among)
