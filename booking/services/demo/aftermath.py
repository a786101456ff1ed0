"""What became of the demonstration's bookings: cancelled, offered, moved by us, come or not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from booking.models import Event
from booking.rules.places import fits, places_left
from booking.rules.words import (
    BookingStatus,
    CancelledBy,
    ChangeKind,
    EventStatus,
    FamilyCancelReason,
    NeedState,
    Outcome,
)
from booking.services.demo import turnout
from booking.services.demo.bookings import Change, Drawn, World
from booking.services.demo.plan import PlannedSession
from booking.services.demo.story import Story

NEVER_CLOSED = 0.01
OFFER_LASTS = timedelta(hours=24)
DEVICE = "front desk"
_MOVED_AWAY = 2


def let_families_cancel(world: World, planned: PlannedSession, event: Event, drawn: Sequence[Drawn]) -> None:
    """Let some families cancel, and offer their places along the waiting list."""
    if event.status != EventStatus.PUBLISHED or planned.story == Story.FULL_ROADSHOW:
        return
    for each in drawn:
        row = each.row
        at = turnout.draw_cancellation(world.rng, booked_at=row.created_at, starts_at=event.starts_at, now=world.now)
        if row.status == BookingStatus.CONFIRMED and row.confirmed_at == row.created_at and at is not None:
            _cancel(each, at=at, by=CancelledBy.FAMILY, reason=turnout.draw_reason(world.rng))
            _offer_to_next(world, event, drawn, at=at)


def cancel_for_snow(event: Event, drawn: Sequence[Drawn]) -> None:
    """Cancel every booking, as we cancelled the session."""
    assert event.cancelled_at is not None
    for each in drawn:
        _cancel(each, at=event.cancelled_at, by=CancelledBy.US, reason=None, actor="system")


def tell_of_the_move(event: Event, drawn: Sequence[Drawn]) -> None:
    """Write down that the session moved to another hall; two families could not come there."""
    moved_at = event.changed_at
    before = [each for each in drawn if each.row.created_at < moved_at and _has_place(each)]
    for each in before:
        each.row.ical_sequence += 1
        each.changes.append(Change(at=moved_at, kind=ChangeKind.SESSION_MOVED, actor="system"))
    for each in before[:_MOVED_AWAY]:
        at = moved_at + timedelta(hours=3)
        _cancel(each, at=at, by=CancelledBy.FAMILY, reason=FamilyCancelReason.MOVED)


def hold(world: World, planned: PlannedSession, event: Event, drawn: Sequence[Drawn]) -> None:
    """Record who came to a session that is over, and close its register; today's and very few others stay open."""
    rng = world.rng
    if planned.story in (Story.TODAY_MORNING, Story.TODAY_EVENING):
        return
    if planned.story is None and rng.random() < NEVER_CLOSED and event.ends_at < world.now - timedelta(days=15):
        return
    for each in drawn:
        if _has_place(each):
            _record(world, planned, each)
    event.register_closed_at = min(event.ends_at + timedelta(hours=rng.choice((0, 1, 2, 20))), world.now)


def _record(world: World, planned: PlannedSession, drawn: Drawn) -> None:
    row = drawn.row
    is_walk_in = row.confirmed_at is not None and row.confirmed_at >= row.event.starts_at
    outcome = Outcome.ATTENDED if is_walk_in else turnout.draw_outcome(world.rng, planned)
    for number, place in enumerate(row.places):
        stayed_away = number > 0 and outcome == Outcome.ATTENDED and world.rng.random() < 0.08
        place.outcome = Outcome.DID_NOT_COME if stayed_away else outcome
        if place.outcome == Outcome.NOT_RECORDED:
            continue
        start = row.slot.starts_at if row.slot else row.event.starts_at
        place.recorded_at = max(start + timedelta(minutes=world.rng.randrange(-10, 15)), row.created_at)
        place.arrived_at = place.recorded_at if place.outcome == Outcome.ATTENDED else None
        place.device = DEVICE
    for need in row.needs:
        if outcome != Outcome.ATTENDED:
            need.state = NeedState.NO_LONGER_NEEDED
        elif planned.story == Story.BROKEN_LOOP and need.code == "loop":
            need.state = NeedState.NOT_MET


def _cancel(
    drawn: Drawn, *, at: datetime, by: CancelledBy, reason: FamilyCancelReason | None, actor: str = "family"
) -> None:
    row = drawn.row
    was = row.status
    if _has_place(drawn):
        row.event.places_taken -= drawn.needed
        if row.slot is not None:
            row.slot.places_taken -= 1
    if row.confirmed_at is not None:
        row.ical_sequence += 1
    row.status, row.cancelled_at, row.cancelled_by, row.cancel_reason = BookingStatus.CANCELLED, at, by, reason
    for need in row.needs:
        need.state = NeedState.NO_LONGER_NEEDED
    facts = {"by": by.value, "was": was.value, "places": len(row.places)}
    drawn.changes.append(Change(at=at, kind=ChangeKind.CANCELLED, actor=actor, facts=facts))


def _offer_to_next(world: World, event: Event, drawn: Sequence[Drawn], *, at: datetime) -> None:
    """Offer a free place to the first who fits, unless the session is a day away; two in three take it."""
    waiting = [each for each in drawn if each.row.status == BookingStatus.WAITING and each.row.created_at < at]
    left = places_left(event.capacity, event.places_taken)
    first = next((each for each in waiting if each.row.passed_at is None and fits(each.needed, left)), None)
    if first is None or event.starts_at - at < OFFER_LASTS * 2:
        return
    row = first.row
    first.changes.append(Change(at=at, kind=ChangeKind.OFFERED, actor="system", facts={"places": len(row.places)}))
    if world.rng.random() < 0.67:
        row.status, row.confirmed_at, row.ical_address = BookingStatus.CONFIRMED, at + OFFER_LASTS / 8, row.email
        event.places_taken += first.needed
        first.changes.append(Change(at=row.confirmed_at, kind=ChangeKind.ACCEPTED))
    else:
        row.passed_at = at + OFFER_LASTS
        first.changes.append(Change(at=row.passed_at, kind=ChangeKind.EXPIRED, actor="system"))


def _has_place(drawn: Drawn) -> bool:
    return drawn.row.status == BookingStatus.CONFIRMED
