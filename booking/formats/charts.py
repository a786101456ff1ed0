"""Small charts as numbers ready for an inline SVG; the table beside each says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BAR, GAP, HEIGHT, TOP = 30, 10, 120, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and what is written on and under it."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    value: int
    label: str


def bars(values: Sequence[tuple[str, int]]) -> list[Bar]:
    """Lay out one bar a value, the tallest filling the height."""
    most = max((value for _label, value in values), default=0) or 1
    placed = []
    for number, (label, value) in enumerate(values):
        height = round(HEIGHT * value / most)
        x = GAP + number * (BAR + GAP)
        placed.append(Bar(x, TOP + HEIGHT - height, BAR, height, x + BAR // 2, value, label))
    return placed


def size(values: Sequence[object]) -> tuple[int, int]:
    """Return the width and height of the whole chart, labels included."""
    return GAP + len(values) * (BAR + GAP), TOP + HEIGHT + 34
