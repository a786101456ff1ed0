"""The day sheet's words: what to do for whom, by initials alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from booking.rules.words import ForWhom


def initials_of(names: Sequence[str], reference: str) -> str:
    """Give the initial of whoever booked; without a name the reference stands for it."""
    first = next((name for name in names if name), "")
    return f"{first[:1].upper()}." if first else reference


def tell_apart(names: Mapping[int, Sequence[str]], references: Mapping[int, str]) -> dict[int, str]:
    """Give each booking its initials: one letter, more where two share it, and the reference where that is not enough.

    Nothing but letters of names ever stands here: the sheet lies on a table.
    """
    short = {key: initials_of(names[key], references[key]) for key in names}
    long = {key: _all_letters(names[key]) or short[key] for key in names}
    shared, still_shared = Counter(short.values()), Counter(long.values())
    return {
        key: short[key]
        if shared[short[key]] == 1
        else long[key]
        if still_shared[long[key]] == 1
        else f"{long[key]} {references[key]}"
        for key in names
    }


def action_for(sentence: str, who: str, for_whom: ForWhom | None) -> str:
    """Fill whom it is for into a sentence such as "Seat near the door for {who}"."""
    return sentence.format(who=f"{who}{_WHOSE.get(for_whom, '')}" if for_whom else who)


_WHOSE = {ForWhom.OTHER_ADULT: " (the other adult)", ForWhom.CHILD: " (the child)"}


def _all_letters(names: Sequence[str]) -> str:
    first = next((name for name in names if name), "")
    return " ".join(f"{part[:1].upper()}." for part in first.split())
