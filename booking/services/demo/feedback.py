"""What the demonstration's families said of sessions that are over: on cards, by the code, and by their links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from booking.cipher import token_digest
from booking.formats.tokens import feedback_token
from booking.models import Booking, Event, Feedback
from booking.rules.feedback import AFTER, FIRST, OPEN_FOR, PAIRS
from booking.rules.words import FeedbackMethod, FeedbackOrigin, Outcome
from booking.services.demo.chance import pick

SEED = 60
ANSWERED = 0.35
ASKED_BEFORE = 0.3
WRITES = 0.25
MAY_QUOTE = 0.6
QUOTED_OF = 3
QUOTED_AFTER = timedelta(days=7)
ORIGINS = {FeedbackOrigin.LINK: 55, FeedbackOrigin.QR: 25, FeedbackOrigin.PAPER: 20}
AFTERWARDS = {5: 34, 4: 38, 3: 14, 2: 8, 1: 4, 0: 2}
BEFOREHAND = {5: 6, 4: 18, 3: 30, 2: 28, 1: 18}
WORDS = (
    "Start after the school run, please.",
    "More time for questions at the end.",
    "Somebody who can say what happens when a plan is late.",
    "The room was loud. A quiet corner would help.",
    "Nothing. It was good not to be alone.",
    "Say at the beginning who everybody is.",
    "Slides in larger letters.",
    "Please come to our side of the county, too.",
)


def make_feedback(bookings: Iterable[Booking], *, now: datetime) -> list[Feedback]:
    """Let a third of those who came say how it was, at sessions whose register is closed."""
    rng = Random(SEED)  # noqa: S311 (it draws a story, no secret)
    came = [each for each in bookings if _came(each, now=now)]
    return [_said(rng, booking, now=now) for booking in came if rng.random() < ANSWERED]


def _came(booking: Booking, *, now: datetime) -> bool:
    event = booking.event
    is_over = event.register_closed_at is not None and event.ends_at < now
    return is_over and any(place.outcome == Outcome.ATTENDED for place in booking.places)


def _said(rng: Random, booking: Booking, *, now: datetime) -> Feedback:
    event, origin = booking.event, pick(rng, ORIGINS)
    if booking.email is None and origin == FeedbackOrigin.LINK:
        origin = FeedbackOrigin.PAPER
    asked = FIRST if origin == FeedbackOrigin.PAPER or rng.random() < 0.4 else AFTER
    row = Feedback(event_id=event.id, origin=origin, method=FeedbackMethod.NONE, created_at=event.ends_at)
    for name in asked:
        setattr(row, name, pick(rng, AFTERWARDS))
    row.answered_at = min(now, event.ends_at + timedelta(hours=rng.choice((0, 1, 4, 26, 170))))
    if rng.random() < WRITES:
        row.change, row.may_quote = rng.choice(WORDS), rng.random() < MAY_QUOTE
        _quote(row, now=now)
    if origin == FeedbackOrigin.LINK:
        _pair(rng, row, booking, event, now=now)
    return row


def _pair(rng: Random, row: Feedback, booking: Booking, event: Event, *, now: datetime) -> None:
    """Let some have been asked before, and hold the two together as long as it is done."""
    if rng.random() < ASKED_BEFORE:
        row.method, row.created_at = FeedbackMethod.PAIRED, booking.created_at
    elif row.know_where is not None:
        row.method = FeedbackMethod.RETRO
    if row.method != FeedbackMethod.NONE:
        for before in PAIRS:
            setattr(row, before, pick(rng, BEFOREHAND))
    if event.starts_at + OPEN_FOR > now:
        row.booking_id, row.link_digest = booking.id, token_digest(feedback_token(booking))


def _quote(row: Feedback, *, now: datetime) -> None:
    """Let an editor have shown a third of the words that may be quoted, a week after they came."""
    at = row.answered_at
    if row.may_quote and at is not None and at.day % QUOTED_OF == 0 and at + QUOTED_AFTER < now:
        row.quote, row.quoted_at = row.change, at + QUOTED_AFTER
