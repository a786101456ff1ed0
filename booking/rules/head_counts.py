"""Children, supporters, interpreters and professionals at a session: counted apart, and never as participants.

Blank is "not counted", which is not 0.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from booking.errors import Refusal

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCounts:
    """What somebody counted. `children` in all; of the others those who are not on the register."""

    children: int | None = None
    supporters: int | None = None
    interpreters: int | None = None
    professionals: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """One kind: how many the register has, and how many were counted beside it, if anybody counted."""

    listed: int
    counted: int | None
    replaces: bool = False

    @property
    def total(self) -> int | None:
        """Return how many there were; None when nobody counted and nobody stands on the register."""
        if self.counted is None:
            return self.listed or None
        return self.counted if self.replaces else self.listed + self.counted


HEADS = tuple(each.name for each in fields(HeadCounts))


def refuse_counts(counts: HeadCounts) -> None:
    """Raise Refusal for a number that cannot be."""
    for name in HEADS:
        number = getattr(counts, name)
        if number is not None and not 0 <= number <= MOST:
            raise Refusal(f"Enter a whole number from 0 to {MOST}, or leave it empty if nobody counted.", field=name)
