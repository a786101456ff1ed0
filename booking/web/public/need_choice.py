"""What a family said would help, before it books: sealed in its own browser's cookie, and kept nowhere else."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import session

from booking.cipher import CannotOpen, open_sealed, seal
from booking.locality.kinds import Need
from booking.web.shared.settings import locality

KEPT_AS = "would_help"
PLACE = "session.needs"
AT_MOST = 20
LENGTH = 480
"""Bytes before sealing, whatever was chosen: the length of the cookie tells nothing."""
NEEDS_OWN_WORDS = "something_else"
"""Means nothing without the family's own words, which no cookie holds: it is asked when they book."""


def offered() -> tuple[Need, ...]:
    """Give the needs that can be chosen before booking."""
    return tuple(need for need in locality().needs if need.code != NEEDS_OWN_WORDS)


def chosen() -> tuple[Need, ...]:
    """Give what this browser's family chose, in the order we list it; nothing after the keys were changed."""
    sealed = session.get(KEPT_AS)
    if not isinstance(sealed, str):
        return ()
    try:
        codes = json.loads(open_sealed(sealed, place=PLACE))
    except CannotOpen:
        return ()
    return tuple(need for need in offered() if need.code in codes)


def keep(codes: Sequence[str]) -> None:
    """Keep these needs in the browser's cookie, at most twenty; none of them clears it."""
    known = [need.code for need in offered() if need.code in codes][:AT_MOST]
    if not known:
        forget()
        return
    text = json.dumps(known, separators=(",", ":"))
    session[KEPT_AS] = seal(text.ljust(LENGTH).encode(), place=PLACE)


def forget() -> None:
    """Take the choice out of the browser's cookie."""
    session.pop(KEPT_AS, None)
