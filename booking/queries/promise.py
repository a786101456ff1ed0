"""One promise with all that whoever sees to it has to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.locality.kinds import Need as NeedKind
from booking.models import Booking, Event, NeedRequest, Place, Staff, Supplier, Venue
from booking.queries.staff_bookings import names_of
from booking.queries.venues import known_facts
from booking.rules.access_needs import NeedAnswer, interpreters_needed, match_need
from booking.rules.need_states import Task, is_too_late_for, steps_from, task_due_on, task_of, working_days_between
from booking.rules.permissions import Action, may
from booking.rules.words import Delivery, NeedState


@dataclass(frozen=True, kw_only=True)
class PromiseInFull:
    """`steps` are the states that may follow; `interpreters` is more than one where a session is long."""

    need: NeedRequest
    kind: NeedKind
    who: str
    steps: tuple[NeedState, ...]
    task: Task | None
    due_on: date | None
    is_late: bool
    answer: NeedAnswer | None
    interpreters: int
    days_left: int
    supplier_too_late: bool

    @property
    def event(self) -> Event:
        """The session it is for."""
        return self.need.booking.event


def get_promise(need_id: int, *, locality: Locality) -> PromiseInFull:
    """Return one promise. Raise NotFound."""
    need = db.session.scalar(
        select(NeedRequest)
        .where(NeedRequest.id == need_id)
        .options(joinedload(NeedRequest.owner), joinedload(NeedRequest.supplier))
        .options(joinedload(NeedRequest.booking).selectinload(Booking.places).joinedload(Place.adult))
        .options(
            joinedload(NeedRequest.booking).joinedload(Booking.event).joinedload(Event.venue).selectinload(Venue.facts)
        )
    )
    if need is None:
        raise NotFound("This request is not there any more.")
    return _in_full(need, locality)


def _in_full(need: NeedRequest, locality: Locality) -> PromiseInFull:
    event, now, today = need.booking.event, clock.now(), clock.today()
    holidays, session_on = locality.bank_holidays, clock.in_london(event.starts_at).date()
    kind = locality.get_need(need.code)
    is_put_off = event.new_date_pending
    task = task_of(need.state, is_told=need.told_at is not None, is_over=event.ends_at <= now, is_put_off=is_put_off)
    due = None
    if task is not None:
        due = task_due_on(task, due_on=need.due_on, tell_by=need.tell_by, session_on=session_on, holidays=holidays)
    at_a_place = event.venue is not None and event.delivery != Delivery.ONLINE
    notice = need.supplier.notice_days if need.supplier else 0
    return PromiseInFull(
        need=need,
        kind=kind,
        who=names_of(need.booking),
        steps=steps_from(need.state, has_begun=event.starts_at <= now and not is_put_off),
        task=task,
        due_on=due,
        is_late=due is not None and due < today,
        answer=match_need(kind, known_facts(event.venue), today=today).answer if at_a_place else None,
        interpreters=interpreters_needed(kind, minutes=int((event.ends_at - event.starts_at).total_seconds() // 60)),
        days_left=working_days_between(today, session_on, holidays),
        supplier_too_late=is_too_late_for(notice, today=today, session_on=session_on, holidays=holidays)
        and need.state in (NeedState.REQUESTED, NeedState.PLANNING),
    )


def who_may_own() -> Sequence[Staff]:
    """Return the members of staff who may see what families ask for, by name."""
    members = db.session.scalars(
        select(Staff).where(Staff.active.is_(True)).options(selectinload(Staff.roles)).order_by(Staff.name, Staff.id)
    )
    return [member for member in members if may((role.name for role in member.roles), Action.SEE_NEEDS)]


def suppliers_for(code: str, *, keep: int | None) -> Sequence[Supplier]:
    """Return the suppliers in use, and the one that is asked already: those who do this first."""
    rows = db.session.scalars(
        select(Supplier).where(Supplier.archived_at.is_(None) | (Supplier.id == (keep or 0))).order_by(Supplier.name)
    )
    return sorted(rows, key=lambda row: (code not in row.codes, row.name.casefold(), row.id))
