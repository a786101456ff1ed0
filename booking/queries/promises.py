"""The promises board: everything that was asked for at sessions to come, in one query, by what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Booking, Event, NeedRequest, Staff, Supplier
from booking.queries.extensions import may_come
from booking.rules.need_states import OUTCOMES, Task, task_due_on, task_of
from booking.rules.words import LIVE, BookingStatus, EventStatus, NeedState, Origin, StaffRole

LOOK_BACK = timedelta(days=28)
"""A session that is over stays on the board this long, until somebody says what was there."""

SOON = timedelta(days=2)


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
    is_soon: bool
    is_broken: bool
    lead_ok: bool
    owner_id: int | None
    owner: str
    owner_role: StaffRole | None
    supplier: str
    cost_p: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What part of the board is looked at. `state` None: what is left to do; "all": everything."""

    state: str = ""
    owner: str = ""
    event_id: int | None = None
    kind: str = ""

    def holds(self, row: Promise) -> bool:
        """Tell whether a line is in this part."""
        return (
            self._is_state(row)
            and (not self.owner or self.owner in owner_codes(row))
            and (self.event_id is None or row.event_id == self.event_id)
            and (not self.kind or self.kind == row.code)
        )

    def _is_state(self, row: Promise) -> bool:
        if self.state == "all":
            return True
        return row.state == self.state if self.state else row.task is not None


def owner_codes(row: Promise) -> set[str]:
    """Give what stands for the owner of a line in the form: a member of staff, a role, or nobody."""
    if row.owner_id is not None:
        return {f"staff:{row.owner_id}"}
    return {f"role:{row.owner_role}"} if row.owner_role else {"nobody"}


def promises(*, locality: Locality, event_id: int | None = None) -> list[Promise]:
    """Return every line: late ones first, then by the day the next step is due, what is done last.

    One query, and no word that a family wrote is opened.
    """
    now, today = clock.now(), clock.today()
    needs = {need.code: need for need in locality.needs}
    rows = []
    for row in db.session.execute(_statement(now, event_id)):
        session_on = clock.in_london(row.starts_at).date()
        task = task_of(
            row.state, is_told=row.told_at is not None, is_over=row.ends_at <= now, is_put_off=row.new_date_pending
        )
        due = task and task_due_on(
            task, due_on=row.due_on, tell_by=row.tell_by, session_on=session_on, holidays=locality.bank_holidays
        )
        kind = needs.get(row.code)
        rows.append(
            Promise(
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
                task=task,
                due_on=due or None,
                is_late=bool(due and due < today),
                is_soon=bool(due and today <= due <= today + SOON),
                is_broken=row.broken_at is not None,
                lead_ok=row.lead_ok,
                owner_id=row.owner_id,
                owner=row.owner or "",
                owner_role=row.owner_role,
                supplier=row.supplier or "",
                cost_p=row.cost_p,
            )
        )
    return sorted(rows, key=_order)


def promises_at_risk(*, locality: Locality) -> list[Promise]:
    """Return what is late or due within two days."""
    return [row for row in promises(locality=locality) if row.is_late or row.is_soon]


def count_late(rows: Iterable[Promise]) -> int:
    """Count the lines that are late."""
    return sum(row.is_late for row in rows)


def sessions_in(rows: Sequence[Promise]) -> list[tuple[int, str, datetime]]:
    """List the sessions that have lines, in order of time."""
    found = {row.event_id: (row.event_id, row.session, row.starts_at) for row in rows}
    return sorted(found.values(), key=lambda each: (each[2], each[0]))


def kinds_in(rows: Sequence[Promise]) -> list[tuple[str, str]]:
    """List the kinds of need that have lines, by name."""
    return sorted({(row.code, row.label) for row in rows}, key=lambda each: each[1])


def _statement(now: datetime, event_id: int | None) -> Any:
    statement: Any = (
        select(
            NeedRequest.id,
            NeedRequest.booking_id,
            NeedRequest.code,
            NeedRequest.state,
            NeedRequest.due_on,
            NeedRequest.tell_by,
            NeedRequest.told_at,
            NeedRequest.broken_at,
            NeedRequest.lead_ok,
            NeedRequest.cost_p,
            NeedRequest.owner_id,
            NeedRequest.owner_role,
            Booking.reference,
            Booking.status.label("booking_status"),
            Booking.event_id,
            Event.title,
            Event.starts_at,
            Event.ends_at,
            Event.new_date_pending,
            Staff.name.label("owner"),
            Supplier.name.label("supplier"),
        )
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .outerjoin(Staff, Staff.id == NeedRequest.owner_id)
        .outerjoin(Supplier, Supplier.id == NeedRequest.supplier_id)
        .where(
            Booking.status.in_(LIVE),
            Booking.origin != Origin.WALK_IN,
            may_come(),
            Event.status == EventStatus.PUBLISHED,
            (Event.ends_at > now - LOOK_BACK) | Event.new_date_pending.is_(True),
        )
    )
    return statement if event_id is None else statement.where(Event.id == event_id)


def _order(row: Promise) -> tuple[bool, bool, date, datetime, int]:
    is_settled = row.state in (*OUTCOMES, NeedState.NO_LONGER_NEEDED)
    return (row.task is None, is_settled, row.due_on or date.max, row.starts_at, row.id)
