"""Move a session to another time, place or link, and tell everybody who booked or waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.models import Booking, Event, NeedRequest
from booking.queries.installation import our_locality
from booking.queries.venues import known_facts
from booking.rules.access_needs import due_on
from booking.rules.double_bookings import stay_of
from booking.rules.need_states import AHEAD
from booking.rules.words import LIVE, BookingStatus, ChangeKind, EventStatus, NeedState
from booking.services.change_need_state import start_again
from booking.services.fit_room import fit_room
from booking.services.locks import lock_event
from booking.services.notify import as_it_is, tell_changed
from booking.services.put_back_broken import put_back_broken
from booking.services.record_audit import actor, record_audit
from booking.services.record_change import record_change
from booking.services.require_seen import require_seen
from booking.services.save_session import SessionPlan, apply_plan, move_slots, plan_of
from booking.services.take_venue import record_clashes, take_venue

DONE = (NeedState.ARRANGED, NeedState.CONFIRMED_TO_FAMILY)


def move_session(event_id: int, plan: SessionPlan, *, seen: str | None = None, clash_reason: str = "") -> Event:
    """Give the session its new plan; a postponed one has its date with that.

    Raise EditedMeanwhile, Conflict when it is cancelled or over, VenueTaken, Refusal when nothing would change.
    """
    event = lock_event(event_id)
    require_seen(event, seen)
    _refuse_if_over(event)
    before, was = plan_of(event), as_it_is(event)
    if before == plan and not event.new_date_pending:
        raise Refusal("Nothing is different. Change something first.")
    clashes: tuple[Event, ...] = ()
    if stay_of(plan) != stay_of(event) or event.new_date_pending:
        clashes = take_venue(stay_of(plan), but_for=event.id, reason=clash_reason)
    shift = plan.starts_at - event.starts_at
    facts_before = known_facts(event.venue) if event.venue else None
    apply_plan(event, plan)
    if (before.venue_id, before.room) != (event.venue_id, event.room):
        fit_room(event, field="room")
    move_slots(event, shift)
    event.new_date_pending, event.postponed_at = False, None
    event.feed_sequence += 1
    event.changed_at = clock.now()
    db.session.flush()
    is_elsewhere = before.venue_id != event.venue_id
    told = _tell_everybody(event, was, is_arranged_anew=bool(shift) or is_elsewhere)
    broken = 0
    if is_elsewhere and event.venue is not None:
        broken = put_back_broken(live_bookings(event), was=facts_before, now=known_facts(event.venue))
    record_audit(
        "session moved",
        screen="staff.move_session",
        subject_type="event",
        subject_id=event.id,
        facts={"was": was["starts_at"], "now": event.starts_at.isoformat(), "bookings": told, "broken": broken},
    )
    record_clashes(event, clashes, reason=clash_reason, screen="staff.move_session")
    return event


def live_bookings(event: Event) -> Sequence[Booking]:
    """Return the bookings that have a place, an offer or wait, locked; the session is locked already."""
    return db.session.scalars(
        select(Booking)
        .where(Booking.event_id == event.id, Booking.status.in_(LIVE))
        .order_by(Booking.id)
        .options(selectinload(Booking.needs))
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    ).all()


def _tell_everybody(event: Event, was: dict[str, object], *, is_arranged_anew: bool) -> int:
    bookings = live_bookings(event)
    if _only_joining_changed(was, as_it_is(event)):
        bookings = [each for each in bookings if each.status == BookingStatus.CONFIRMED]
    for booking in bookings:
        if booking.offer_ends_at is not None:
            booking.offer_ends_at = min(booking.offer_ends_at, event.starts_at)
        if is_arranged_anew:
            _ask_again(event, booking.needs)
        record_change(booking, ChangeKind.SESSION_MOVED, actor=actor(), was=was["starts_at"], now=_iso(event))
        tell_changed(booking, was)
    db.session.flush()
    return len(bookings)


def _only_joining_changed(was: dict[str, object], now: dict[str, object]) -> bool:
    """Tell whether nothing is new but how to join: nobody without a place was told that."""
    same = {name for name in now if was.get(name) == now[name]}
    return set(now) - same <= {"join_url", "dial_in"} and len(same) < len(now)


def _ask_again(event: Event, needs: Sequence[NeedRequest]) -> None:
    """Give each request its new day; what was arranged for the old time or place has to be arranged again."""
    locality = our_locality()
    session_on = clock.in_london(event.starts_at).date()
    for need in needs:
        if need.state in AHEAD:
            kind, asked_on = locality.get_need(need.code), clock.in_london(need.created_at).date()
            need.due_on = due_on(kind, asked_on=asked_on, session_on=session_on, holidays=locality.bank_holidays)
        if need.state in DONE:
            start_again(need, NeedState.PLANNING)


def _refuse_if_over(event: Event) -> None:
    if event.status == EventStatus.CANCELLED:
        raise Conflict("This session is cancelled, so it cannot be moved.")
    if event.status == EventStatus.DRAFT:
        raise Conflict("This session is a draft. Just edit it: nobody has been told about it.")
    if event.ends_at <= clock.now() and not event.new_date_pending:
        raise Conflict("This session is over, so it cannot be moved.")


def _iso(event: Event) -> str:
    return event.starts_at.isoformat()
