"""The promises board: everything that was asked for at sessions to come, by what is due.

The database picks, counts and sorts. Which need a family has is sealed: only the lines that are shown are opened,
and all of a part when it is looked through for one kind of need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, false, func, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality, Need
from booking.models import Booking, Event, NeedRequest, Staff, Supplier
from booking.queries.extensions import may_come
from booking.queries.next_steps import next_task, task_due
from booking.rules.need_states import OUTCOMES, Task
from booking.rules.words import LIVE, BookingStatus, EventStatus, NeedState, Origin, StaffRole

LOOK_BACK = timedelta(days=28)
"""A session that is over stays on the board this long, until somebody says what was there."""

SOON = timedelta(days=2)
SETTLED = (*OUTCOMES, NeedState.NO_LONGER_NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One line: what was asked for, how far it is, and what is to be done next by which day."""

    id: int
    booking_id: int
    code: str
    label: str
    group: str
    reference: str
    is_waiting: bool
    event_id: int
    session: str
    starts_at: datetime
    is_put_off: bool
    state: NeedState
    task: Task | None
    due_on: date | None
    is_late: bool
    is_broken: bool
    lead_ok: bool
    owner_id: int | None
    owner: str
    owner_role: StaffRole | None
    supplier: str
    cost_p: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of the board is looked at. `state` "": what is left to do; "all": everything.

    `owner` is a code: `staff:<id>`, `role:<role>` or `nobody`. `among` are the sessions that may be seen; None: all.
    """

    state: str = ""
    owner: str = ""
    event_id: int | None = None
    kind: str = ""
    is_at_risk: bool = False
    among: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some lines of a part of the board, how many it has in all, and how many of those are late."""

    rows: tuple[Promise, ...] = ()
    total: int = 0
    late: int = 0


def find_promises(wanted: Wanted, *, locality: Locality, start: int = 0, limit: int) -> Found:
    """Return some lines of a part: late ones first, then by the day the next step is due, what is done last.

    Who asks for more than there is gets the last ones. One query finds, sorts and counts them, after one for the days
    of the sessions. No word that a family wrote is opened.
    """
    lines = _counted(_lines(wanted, locality))
    needs = {need.code: need for need in locality.needs}
    if wanted.kind:
        rows = [row for row in db.session.execute(_with_all_it_says(lines)) if row.code == wanted.kind]
        begin = start if start < len(rows) else max(len(rows) - 1, 0) // limit * limit
        found = tuple(_as_promise(row, needs) for row in rows[begin : begin + limit])
        return Found(rows=found, total=len(rows), late=sum(bool(row.is_late) for row in rows))
    last = lines.c.total - 1
    first = case((last >= start, start), else_=last - last % limit)
    shown = _with_all_it_says(lines).where(lines.c.position > first, lines.c.position <= first + limit)
    rows = list(db.session.execute(shown))
    found = tuple(_as_promise(row, needs) for row in rows)
    return Found(rows=found, total=rows[0].total, late=rows[0].late) if rows else Found()


def sessions_with_promises(*, among: frozenset[int] | None = None) -> Sequence[tuple[int, str, datetime]]:
    """List the sessions that have lines, in order of time."""
    lines = select(NeedRequest.id).join(Booking, Booking.id == NeedRequest.booking_id)
    statement = select(Event.id, Event.title, Event.starts_at).order_by(Event.starts_at, Event.id)
    statement = statement.where(_is_shown(clock.now()), lines.where(Booking.event_id == Event.id, _counts()).exists())
    if among is not None:
        statement = statement.where(Event.id.in_(among))
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement)]


def _lines(wanted: Wanted, locality: Locality) -> Subquery:
    """Select a part of the board: each line with its next step and the day that is due."""
    now, today = clock.now(), clock.today()
    coming, over = _session_days(now)
    task = next_task(now=now)
    due = task_due(task, coming=coming, over=over, holidays=locality.bank_holidays)
    statement: Any = (
        select(NeedRequest.id, NeedRequest.state, Event.starts_at, task.label("task"), due.label("due_on"))
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(_is_shown(now), _counts(), *_is_in(wanted))
    )
    # The offset keeps both databases from working out task and day anew wherever one of them is named.
    lines = statement.offset(0).subquery("line")
    picked = select(lines, (lines.c.due_on < today).label("is_late"))
    if not wanted.state:
        picked = picked.where(lines.c.task.is_not(None))
    if wanted.is_at_risk:
        picked = picked.where(lines.c.due_on <= today + SOON)
    return picked.subquery("part")


def _counted(part: Subquery) -> Subquery:
    """Number the lines of a part in their order, and count them."""
    order = (
        part.c.task.is_(None),
        part.c.state.in_(SETTLED),
        part.c.due_on.is_(None),
        part.c.due_on,
        part.c.starts_at,
        part.c.id,
    )
    return select(
        part,
        func.row_number().over(order_by=order).label("position"),
        func.count().over().label("total"),
        func.count(case((part.c.is_late, 1))).over().label("late"),
    ).subquery("counted")


def _with_all_it_says(lines: Subquery) -> Any:
    return (
        select(
            lines,
            NeedRequest.booking_id,
            NeedRequest.code,
            NeedRequest.broken_at,
            NeedRequest.lead_ok,
            NeedRequest.cost_p,
            NeedRequest.owner_id,
            NeedRequest.owner_role,
            Booking.reference,
            Booking.status.label("booking_status"),
            Booking.event_id,
            Event.title,
            Event.new_date_pending,
            Staff.name.label("owner"),
            Supplier.name.label("supplier"),
        )
        .join(NeedRequest, NeedRequest.id == lines.c.id)
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(Staff, Staff.id == NeedRequest.owner_id)
        .outerjoin(Supplier, Supplier.id == NeedRequest.supplier_id)
        .order_by(lines.c.position)
    )


def _as_promise(row: Row[Any], needs: Mapping[str, Need]) -> Promise:
    kind = needs.get(row.code)
    return Promise(
        id=row.id,
        booking_id=row.booking_id,
        code=row.code,
        label=kind.label if kind else row.code,
        group=kind.group if kind else "other",
        reference=row.reference,
        is_waiting=row.booking_status == BookingStatus.WAITING,
        event_id=row.event_id,
        session=row.title,
        starts_at=row.starts_at,
        is_put_off=row.new_date_pending,
        state=row.state,
        task=row.task,
        due_on=row.due_on,
        is_late=bool(row.is_late),
        is_broken=row.broken_at is not None,
        lead_ok=row.lead_ok,
        owner_id=row.owner_id,
        owner=row.owner or "",
        owner_role=row.owner_role,
        supplier=row.supplier or "",
        cost_p=row.cost_p,
    )


def _is_shown(now: datetime) -> ColumnElement[bool]:
    """Tell whether a session is on the board."""
    is_recent = (Event.ends_at > now - LOOK_BACK) | Event.new_date_pending.is_(True)
    return and_(Event.status == EventStatus.PUBLISHED, is_recent)


def _counts() -> ColumnElement[bool]:
    """Tell whether what a booking asks for is on the board."""
    return and_(Booking.status.in_(LIVE), Booking.origin != Origin.WALK_IN, may_come())


def _session_days(now: datetime) -> tuple[set[date], set[date]]:
    """Return the days of the sessions to come and of those that are over, as far as something is due by them."""
    rows = db.session.execute(
        select(Event.starts_at, (Event.ends_at <= now).label("is_over"))
        .where(_is_shown(now), Event.new_date_pending.is_(False))
        .distinct()
    )
    days: dict[bool, set[date]] = {False: set(), True: set()}
    for moment, is_over in rows:
        days[is_over].add(clock.in_london(moment).date())
    return days[False], days[True]


def _is_in(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state not in ("", "all"):
        conditions.append(NeedRequest.state == NeedState(wanted.state))
    if wanted.owner:
        conditions.append(_is_seen_to_by(wanted.owner))
    if wanted.event_id is not None:
        conditions.append(Event.id == wanted.event_id)
    if wanted.among is not None:
        conditions.append(Event.id.in_(wanted.among))
    return conditions


def _is_seen_to_by(code: str) -> ColumnElement[bool]:
    """Tell whether a line has this owner; nobody has one that makes no sense."""
    what, _, which = code.partition(":")
    if what == "staff" and which.isascii() and which.isdigit() and len(which) < 10:
        return NeedRequest.owner_id == int(which)
    if what == "role" and which in set(StaffRole):
        return and_(NeedRequest.owner_id.is_(None), NeedRequest.owner_role == StaffRole(which))
    if code == "nobody":
        return and_(NeedRequest.owner_id.is_(None), NeedRequest.owner_role.is_(None))
    return false()
