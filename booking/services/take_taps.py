"""Take what a phone at the door recorded: any number of times, in any order, without losing or doubling anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.formats.sealed_taps import open_tap
from booking.models import DoorDevice, DoorEvent, Event
from booking.rules.door import RegisterState
from booking.rules.taps import About, Decision, Unreadable, read_decision
from booking.rules.words import HeldReason
from booking.services.decide_at_door import hold, keep_decision, latest_row, settle
from booking.services.enrol_phone import door_state
from booking.services.locks import lock_event
from booking.services.settle_attendance import CannotCount

LivesIn = Callable[[str], tuple[str, str]]
"""Gives the outcode and the district for what was said of where somebody lives."""

_CALLED_OFF = {RegisterState.NOT_PUBLISHED, RegisterState.CANCELLED, RegisterState.POSTPONED}


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTap:
    """One tap as it comes from a phone: its id, and what only we can open."""

    tap: str
    sealed: str


def take_taps(device_id: int, taps: Sequence[SealedTap], *, phone_clock: datetime, lives_in: LivesIn) -> Event:
    """Keep every tap that is new, and let the latest decision about each subject count. Return the session.

    `phone_clock` is what the phone's clock says while it sends. What cannot count by itself is held for a person.
    """
    device = db.session.get_one(DoorDevice, device_id)
    event = lock_event(device.event_id)
    db.session.refresh(device)
    now = clock.now()
    device.heard_at, device.clock_off_s = now, round((phone_clock - now).total_seconds())
    told = {each.tap: each for each in taps}
    known = select(DoorEvent.tap).where(DoorEvent.event_id == event.id, DoorEvent.tap.in_(told))
    for tap in db.session.scalars(known):
        del told[tap]
    rows = [_keep(each, device, event, lives_in=lives_in) for each in told.values()]
    for subject in dict.fromkeys(row.subject for row in rows if row.held_for is None):
        settle_or_hold(event.id, subject)
    db.session.flush()
    return event


def settle_or_hold(event_id: int, subject: str) -> None:
    """Let the latest decision count; hold those that cannot, until one can or none is left."""
    while True:
        try:
            with db.session.begin_nested():
                settle(event_id, subject)
        except CannotCount as no:
            if not _hold_latest(event_id, subject, no.why):
                raise
        else:
            return


def _keep(each: SealedTap, device: DoorDevice, event: Event, *, lives_in: LivesIn) -> DoorEvent:
    via = f"phone {device.number}"
    now = clock.now()
    try:
        told = open_tap(each.sealed, private_key=device.private_key or "", tap=each.tap)
        decision = _placed(read_decision(each.tap, told, received_at=now), lives_in)
    except (ValueError, Unreadable):
        return _keep_unread(each, device, event)
    row = keep_decision(event.id, decision, via=via, device_id=device.id)
    if (why := _why_held(decision, device, event)) is not None:
        hold(row, why)
    return row


def _placed(decision: Decision, lives_in: LivesIn) -> Decision:
    """Put outcode and district in the place of what was said of where somebody lives."""
    if decision.about != About.WALK_IN or "where" not in decision.value:
        return decision
    value: dict[str, Any] = dict(decision.value)
    value["outcode"], value["district"] = lives_in(value.pop("where"))
    return replace(decision, value=value)


def _keep_unread(each: SealedTap, device: DoorDevice, event: Event) -> DoorEvent:
    now = clock.now()
    row = keep_decision(
        event.id,
        Decision(tap=each.tap, subject="", value={}, at=now),
        via=f"phone {device.number}",
        device_id=device.id,
    )
    row.words = {"sealed": each.sealed}
    hold(row, HeldReason.UNREADABLE)
    return row


def _why_held(decision: Decision, device: DoorDevice, event: Event) -> HeldReason | None:
    if device.revoked_at is not None:
        return HeldReason.REVOKED
    state = door_state(event, at=decision.at)
    if state in _CALLED_OFF:
        return HeldReason.CALLED_OFF
    return None if state == RegisterState.OPEN else HeldReason.NOT_THAT_DAY


def _hold_latest(event_id: int, subject: str, why: HeldReason) -> bool:
    row = latest_row(event_id, subject)
    if row is None:
        return False
    hold(row, why)
    return True
