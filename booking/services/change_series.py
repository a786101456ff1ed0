"""Change several dates of a series in one deed: drafts are just changed, of published ones everybody is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time, timedelta
from typing import Any

from booking import clock
from booking.errors import Refusal
from booking.formats.words_for import short_date
from booking.models import Event
from booking.rules.session_times import BadTimes, session_times
from booking.rules.words import BookingMode, Delivery, EventStatus
from booking.services.locks import lock_event
from booking.services.move_session import move_session
from booking.services.require_seen import require_seen
from booking.services.save_session import SessionDetails, SessionPlan, details_of, plan_of, save_session

TIMES = ("starts_at", "ends_at")


@dataclass(frozen=True, kw_only=True)
class SeriesChange:
    """What is different from now on, on every date; what is not named stays as it is on each of them.

    `days` moves every date by so many; `starts` and `ends` are times of day by London's clock.
    """

    plan: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    days: int = 0
    starts: time | None = None
    ends: time | None = None

    @property
    def is_nothing(self) -> bool:
        """Tell whether it changes nothing."""
        return not (self.plan or self.details or self.days or self.starts or self.ends)


def change_between(event: Event, plan: SessionPlan, details: SessionDetails) -> SeriesChange:
    """Return what somebody changed who was shown one date and sent this plan and these details for it."""
    was, now = _local(plan_of(event)), _local(plan)
    new_details = _different(details_of(event), details)
    if event.booking_mode == BookingMode.SLOTS:
        new_details.pop("capacity", None)
    return SeriesChange(
        plan={name: value for name, value in _different(plan_of(event), plan).items() if name not in TIMES},
        details=new_details,
        days=(now[0].date() - was[0].date()).days,
        starts=now[0].time() if now[0].time() != was[0].time() else None,
        ends=now[1].time() if now[1].time() != was[1].time() else None,
    )


def plan_after(event: Event, change: SeriesChange) -> SessionPlan:
    """Return the plan of one date after the change. Raise Refusal when it would be in the past, or cannot be."""
    plan = _fitting(replace(plan_of(event), **change.plan))
    if not (change.days or change.starts or change.ends):
        return plan
    starts, ends = _local(plan)
    try:
        times = session_times(
            starts.date() + timedelta(days=change.days),
            change.starts or starts.time(),
            change.ends or ends.time(),
            now=clock.now(),
        )
    except BadTimes as bad:
        raise Refusal(_of_date(event, bad.sentence), field=bad.field) from bad
    return replace(plan, starts_at=times.starts_at, ends_at=times.ends_at)


def change_series(
    event_ids: Collection[int], change: SeriesChange, *, seen: Mapping[int, str], clash_reason: str = ""
) -> None:
    """Change all of these dates or none. Raise EditedMeanwhile, VenueTaken or Refusal, which names the date."""
    events = [lock_event(number) for number in sorted(event_ids)]
    for event in events:
        require_seen(event, seen.get(event.id, ""))
    # The date that is in the way of the one before it leaves first.
    for event in sorted(events, key=lambda each: each.starts_at, reverse=change.days > 0):
        try:
            _change_one(event, change, clash_reason=clash_reason)
        except Refusal as refusal:
            refusal.sentence = _of_date(event, refusal.sentence)
            raise


def may_be_changed(event: Event) -> bool:
    """Tell whether a date can be changed with others: not one that is over, cancelled, or waits for a new date."""
    return event.status != EventStatus.CANCELLED and not event.new_date_pending and event.starts_at > clock.now()


def _change_one(event: Event, change: SeriesChange, *, clash_reason: str) -> None:
    if not may_be_changed(event):
        raise Refusal("It is over, put off or cancelled by now. Look at the dates again.")
    plan, details = plan_after(event, change), replace(details_of(event), **change.details)
    if event.status == EventStatus.DRAFT:
        save_session(event.id, details, plan=plan, clash_reason=clash_reason)
        return
    if plan != _fitting(plan_of(event)):
        move_session(event.id, plan, clash_reason=clash_reason)
    if details != details_of(event):
        save_session(event.id, details)


def _fitting(plan: SessionPlan) -> SessionPlan:
    """Leave out what a date that is held in another way has no use for: nobody is told of a room there is none in."""
    if plan.delivery == Delivery.ONLINE:
        plan = replace(plan, venue_id=None, room="")
    if plan.delivery == Delivery.IN_PERSON:
        plan = replace(plan, join_url=None, dial_in=None)
    return plan


def _different(was: Any, now: Any) -> dict[str, Any]:
    """Return the fields that read differently; the order of codes says nothing."""
    names = [each.name for each in fields(was)]
    return {name: getattr(now, name) for name in names if _bare(getattr(was, name)) != _bare(getattr(now, name))}


def _bare(value: Any) -> Any:
    if isinstance(value, tuple) and all(isinstance(each, (int, str)) for each in value):
        return sorted(value)
    return value


def _local(plan: SessionPlan) -> tuple[Any, Any]:
    return clock.in_london(plan.starts_at), clock.in_london(plan.ends_at)


def _of_date(event: Event, sentence: str) -> str:
    day = short_date(event.starts_at)
    return sentence if sentence.startswith(day) else f"{day}: {sentence}"
