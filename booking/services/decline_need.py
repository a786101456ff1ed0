"""Say that we cannot do what a family asked for, why, and what we offer instead; and what the family says to that."""

from __future__ import annotations

from booking import clock
from booking.errors import Refusal
from booking.extensions import db
from booking.models import NeedRequest
from booking.queries.installation import our_locality
from booking.rules.need_states import refuse_step, tell_by
from booking.rules.words import Alternative, CannotReason, FamilyChoice, NeedState
from booking.services.change_need_state import has_begun, record_step, start_again
from booking.services.locks import lock_need
from booking.services.record_audit import record_audit


def decline_need(need_id: int, reason: CannotReason, *, words: str | None, alternative: Alternative) -> NeedRequest:
    """Say that we cannot do it; from now the family is to be told within two working days.

    Raise NotFound, or Refusal for a step out of turn and for another reason than those listed without words.
    """
    need = lock_need(need_id)
    was = need.state
    refuse_step(was, NeedState.CANNOT_MEET, has_begun=has_begun(need.booking.event))
    if reason == CannotReason.OTHER and not words:
        raise Refusal("Write why, in a sentence or two. The family reads it.", field="words")
    start_again(need, NeedState.CANNOT_MEET)
    need.reason, need.reason_words, need.alternative = reason, words or None, alternative
    need.tell_by = tell_by(clock.today(), our_locality().bank_holidays)
    record_step(need, was=was, facts={"alternative": alternative.value})
    return need


def record_choice(need_id: int, choice: FamilyChoice) -> NeedRequest:
    """Write down what the family says to what we offer. Raise NotFound, or Refusal while nothing is offered."""
    need = lock_need(need_id)
    if need.state != NeedState.CANNOT_MEET:
        raise Refusal("Nothing is offered instead at the moment.")
    need.choice = choice
    db.session.flush()
    record_audit(
        "need choice",
        screen="staff.promise",
        subject_type="booking",
        subject_id=need.booking_id,
        facts={"choice": choice.value},
    )
    return need
