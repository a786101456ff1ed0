"""Say how far a request has got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from booking import clock
from booking.errors import Refusal
from booking.extensions import db
from booking.models import Event, NeedRequest
from booking.rules.need_states import OFF, OPEN, refuse_step
from booking.rules.words import NeedState
from booking.services.locks import lock_need
from booking.services.record_audit import record_audit

ASKS_MORE = {
    NeedState.CONFIRMED_TO_FAMILY: "Say how the family was told.",
    NeedState.CANNOT_MEET: "Say why we cannot do it, and what we offer instead.",
}


def change_need_state(need_id: int, state: NeedState) -> NeedRequest:
    """Set the state of one request, under its booking's lock. Raise NotFound, or Refusal for a step out of turn."""
    need = lock_need(need_id)
    was = need.state
    refuse_step(was, state, has_begun=has_begun(need.booking.event))
    if state in ASKS_MORE:
        raise Refusal(ASKS_MORE[state])
    start_again(need, state)
    record_step(need, was=was)
    return need


def start_again(need: NeedRequest, state: NeedState) -> None:
    """Set a state that nobody has told the family yet; why we could not do it is of the past."""
    need.state = state
    if state == NeedState.ARRANGED:
        need.arranged_at = clock.now()
    elif state in (*OPEN, *OFF):
        need.arranged_at = None
    need.told_at = need.told_how = need.tell_by = None
    need.reason = need.reason_words = need.alternative = need.choice = None
    need.broken_at = None


def has_begun(event: Event) -> bool:
    """Return whether the session has begun; one without a date has not."""
    return event.starts_at <= clock.now() and not event.new_date_pending


def record_step(need: NeedRequest, *, was: NeedState, facts: Mapping[str, Any] | None = None) -> None:
    """Write down who said so."""
    db.session.flush()
    record_audit(
        "need state",
        screen="staff.promise",
        subject_type="booking",
        subject_id=need.booking_id,
        facts={"was": was.value, "now": need.state.value, **(facts or {})},
    )
