"""Write down what somebody looked for and did not find."""

from __future__ import annotations

from dataclasses import dataclass

from booking.extensions import db
from booking.models import Wish
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind, WishReason


@dataclass(frozen=True, kw_only=True)
class WishGiven:
    """A wish as it was told. There is nothing in it that says whose it is, unless they write so."""

    reason: WishReason
    outcode: str = ""
    district: str = "unknown"
    kind: EventKind | None = None
    band: TimeBand | None = None
    text: str = ""


def keep_wish(given: WishGiven) -> Wish:
    """Add one wish."""
    wish = Wish(
        reason=given.reason,
        outcode=given.outcode,
        district=given.district,
        kind=given.kind,
        time_band=given.band.value if given.band else "",
        text=given.text or None,
    )
    db.session.add(wish)
    db.session.flush()
    return wish
