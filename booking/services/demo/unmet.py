"""What the demonstration's families looked for and did not find."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from booking.models import Wish
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind, WishReason
from booking.services.demo.chance import pick
from booking.services.demo.venues import ONLINE, PLACES

SEED = 25
HOW_MANY = 48
FAR = {"dover": 9, "sevenoaks": 9, "folkestone-and-hythe": 2}
"""How much more often people write from where few are reached; elsewhere it is 1."""
REASONS = {
    WishReason.NOTHING_NEAR: 9,
    WishReason.WRONG_TIME: 7,
    WishReason.TOPIC: 4,
    WishReason.ONLINE: 3,
    WishReason.PLACE: 2,
}
WORDS = {
    WishReason.NOTHING_NEAR: (
        "There is one bus and it gets in after the start.",
        "Could you come to the village hall here one day?",
    ),
    WishReason.WRONG_TIME: (
        "I work in the mornings. A Saturday would be good.",
        "I have to be back for the taxi at half past two.",
    ),
    WishReason.TOPIC: (
        "How to get ready for leaving school at 16.",
        "Something for dads.",
        "Sleep.",
    ),
    WishReason.ONLINE: ("I cannot leave the house in the evening, but I could listen.",),
    WishReason.PLACE: ("The rooms echo. A smaller room would help.", "I need a room with a hearing loop."),
}
KINDS = {None: 5, EventKind.COFFEE: 3, EventKind.WORKSHOP: 3, EventKind.DROP_IN: 2, EventKind.FORUM: 1}
TIMES = {TimeBand.EVENING: 3, TimeBand.WEEKEND: 3, TimeBand.AFTER_SCHOOL: 2, TimeBand.SCHOOL_RUN_SAFE: 2}


def make_wishes(*, now: datetime) -> list[Wish]:
    """Build the wishes of the last four months, newer ones closer together; the same for one day."""
    rng = Random(SEED)  # noqa: S311 (it draws a story, no secret)
    return [_wish(rng, now - timedelta(hours=6 + 120 * 24 * (number / HOW_MANY) ** 1.5)) for number in range(HOW_MANY)]


def _wish(rng: Random, at: datetime) -> Wish:
    weights = {number: FAR.get(place.district, 1) for number, place in enumerate(PLACES) if place.code != ONLINE}
    where = pick(rng, weights)
    reason = pick(rng, REASONS)
    return Wish(
        created_at=at,
        reason=reason,
        outcode=PLACES[where].outcode if rng.random() < 0.8 else "",
        district=PLACES[where].district,
        kind=pick(rng, KINDS),
        time_band=pick(rng, TIMES).value if reason == WishReason.WRONG_TIME else "",
        text=rng.choice(WORDS[reason]) if rng.random() < 0.4 else None,
    )
