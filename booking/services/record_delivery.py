"""Write down how sending a message went."""

from __future__ import annotations

import random
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update

from booking import clock
from booking.extensions import db
from booking.models import Message
from booking.rules.delivery import is_repeatable, wait_after
from booking.rules.receipts import FIRST_ASKED_AFTER
from booking.rules.words import Channel, MessageStatus
from booking.services.claim_messages import IS_HELD, MESSAGES, Claim, held_message


class Went(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    REFUSED = "refused"
    NOT_NOW = "not now"
    OUR_FAULT = "our fault"
    NOT_REACHED = "not reached"
    LINE_BROKE = "line broke"
    UNWRITABLE = "unwritable"


_SENT = (
    update(MESSAGES)
    .where(IS_HELD)
    .values(
        status=MessageStatus.SENT,
        sent_at=bindparam("now"),
        problem="",
        rendered=None,
        lease_id=None,
        lease_until=None,
        carrier_id=bindparam("carrier"),
        next_attempt_at=bindparam("ask_at"),
    )
)
"""How nearly all end. Made once: making a statement takes longer than running it."""


def record_delivery(
    claim: Claim,
    went: Went,
    *,
    code: int | None = None,
    why: str = "",
    until: datetime | None = None,
    carrier_id: str | None = None,
) -> None:
    """End a message, or put it back for another try before `until`. A claim that was lost meanwhile changes nothing.

    `code` is what the carrier answered, `why` what staff read when it could not be reached,
    `carrier_id` the name it goes by there.
    """
    if went == Went.SENT:
        _record_sent(claim, carrier_id)
        return
    message = held_message(claim)
    if message is None:
        return
    message.lease_id = message.lease_until = None
    match went:
        case Went.REFUSED:
            _finish(
                message, MessageStatus.FAILED, f"{_carrier(message)} refused it for good ({code}).{_advice(message)}"
            )
        case Went.UNWRITABLE:
            _finish(message, MessageStatus.FAILED, f"It could not be written. Please tell us.{_advice(message)}")
        case Went.NOT_NOW:
            _try_again(message, f"{_carrier(message)} said: not now ({code}).", until=until)
        case Went.OUR_FAULT:
            problem = f"{_carrier(message)} takes no such mail from us ({code}): look at its settings and MAIL_SENDER."
            _try_again(message, problem, until=until)
        case Went.NOT_REACHED:
            said = f" ({code})." if code else ""
            _try_again(message, f"{why or f'{_carrier(message)} could not be reached.'}{said}", until=until)
        case Went.LINE_BROKE:
            problem = f"The line to {_carrier(message, begins=False)} broke."
            _try_again(message, problem, until=until, may_have_left=True)


def _record_sent(claim: Claim, carrier_id: str | None) -> None:
    now = clock.now()
    values = {"carrier": carrier_id, "now": now, "ask_at": now + FIRST_ASKED_AFTER}
    db.session.execute(_SENT, values | claim.held)


def _try_again(message: Message, problem: str, *, until: datetime | None, may_have_left: bool = False) -> None:
    if not is_repeatable(message.kind, message.channel) and message.data_started_at:
        if may_have_left:
            _finish(message, MessageStatus.UNKNOWN, "The line broke while it was being sent: it may have arrived.")
            return
        message.data_started_at = None
    message.status = MessageStatus.QUEUED
    message.problem = problem
    left = until - clock.now() if until else None
    message.next_attempt_at = clock.now() + wait_after(message.attempts, chance=random.random(), left=left)  # noqa: S311


def _advice(message: Message) -> str:
    """Say whom to ring; nobody rings about news."""
    return " Please ring them." if message.booking_id is not None else ""


def _carrier(message: Message, *, begins: bool = True) -> str:
    if message.channel == Channel.TEXT:
        return "GOV.UK Notify"
    return "The mail server" if begins else "the mail server"


def _finish(message: Message, status: MessageStatus, problem: str) -> None:
    message.status = status
    message.problem = problem
    message.rendered = None
    message.next_attempt_at = clock.now() + FIRST_ASKED_AFTER  # of a text: to ask whether it arrived
