"""A return that is frozen: its numbers as one text that is the same for the same numbers, and how two differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from booking.rules.engagement.counting import Counted, Counts
from booking.rules.engagement.metric import DEFINITION_VERSION, Cell

OF_THAT_DAY = frozenset({"subscribers", "place_facts", "place_facts_old", "place_facts_fresh"})
"""Measures that nobody can count later: a later version keeps those of the first."""


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Write values as JSON, to the same bytes whenever they are the same."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 by which anybody can tell whether bytes are still the same."""
    return hashlib.sha256(content).hexdigest()


def written(counted: Counted) -> dict[str, Any]:
    """Write what was counted, medians as exact fractions."""
    return {
        "definition_version": DEFINITION_VERSION,
        "numbers": sorted([*cell, number] for cell, number in counted.numbers.items()),
        "medians": sorted([*cell, str(number)] for cell, number in counted.medians.items()),
    }


def read(facts: Mapping[str, Any]) -> Counted:
    """Read what `written` wrote."""
    numbers: Counts = {Cell(*row[:3]): int(row[3]) for row in facts["numbers"]}
    return Counted(numbers, {Cell(*row[:3]): Fraction(row[3]) for row in facts["medians"]})


def with_that_day(counted: Counted, first: Counted) -> Counted:
    """Add to a later version what only the day of the first could say."""
    kept = {cell: number for cell, number in first.numbers.items() if cell.measure in OF_THAT_DAY}
    numbers = {cell: number for cell, number in counted.numbers.items() if cell.measure not in OF_THAT_DAY}
    return Counted(numbers | kept, counted.medians)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in one category that two versions show differently; a missing number is its sign."""

    metric_id: str
    name: str
    breakdown: str
    category: str
    before: str
    after: str


Line = tuple[str, str, str, str, str]
"""A figure as a reader has it: id, name, breakdown, category, and the number or the sign it shows."""


def changes(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """List what differs between what a reader has and what they get; what one of them has not is empty."""
    old, new = ({(line[0], *line[2:4]): line for line in lines} for lines in (before, after))
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if (was and was[4]) != (now and now[4]):
            about = now or was
            assert about is not None
            found.append(Change(*about[:4], was[4] if was else "", now[4] if now else ""))
    return found


def is_same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether two versions say the same. How late an answer is on the day one looks is no change."""
    return all(_compared(before)[name] == _compared(after)[name] for name in _compared(before))


def _compared(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "numbers": facts["numbers"],
        "medians": facts["medians"],
        "open_registers": facts["open_registers"],
        "said": [[*row[:_STATE], *row[_STATE + 1 :]] for row in facts["said"]],
    }


_STATE = 8
"""The column of what families raised that says how it stands today."""
