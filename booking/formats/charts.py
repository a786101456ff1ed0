"""Small charts as numbers ready for an inline SVG; the table beside each says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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


_COLUMN, _COLUMN_GAP, _COLUMN_HEIGHT, _COLUMN_TOP, _COLUMN_FOOT = 22, 9, 88, 20, 34
_ROW, _ROW_BAR, _ROW_WIDTH, _AXIS, _SECOND_LINE = 48, 16, 288, 22, 18
_LETTER, _BOLD_LETTER = 8, 9
"""How wide a letter is at the most, so that words never lie on each other."""
_LEAST = 2
"""So many units wide is what is more than nothing, so that it can be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a trend: `value` is None where there is nothing to show, `said` is written over it.

    `between` are the bounds that a share lies in for all.
    """

    label: str
    label_below: str
    said: str
    value: Decimal | None
    between: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: where it stands, what is written on and under it, and its whisker if it has one."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    said_y: int
    said: str
    label: str
    label_below: str
    low_y: int | None = None
    high_y: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A trend, drawn."""

    width: int
    height: int
    floor: int
    columns: list[Column]


def columns(points: Sequence[Point], *, most: Decimal | None = None) -> Columns:
    """Lay out a column a point, side by side; the top is `most`, or the largest value."""
    values = [point.value for point in points if point.value is not None]
    top = most or max(values, default=Decimal(0)) or Decimal(1)
    floor = _COLUMN_TOP + _COLUMN_HEIGHT

    def up(value: Decimal) -> int:
        return floor - round(_COLUMN_HEIGHT * min(value, top) / top)

    placed = []
    for number, point in enumerate(points):
        x = _COLUMN_GAP + number * (_COLUMN + _COLUMN_GAP)
        y = up(point.value) if point.value is not None else floor
        low, high = point.between or (None, None)
        high_y = up(high) if high is not None else None
        placed.append(
            Column(
                x=x,
                y=y,
                width=_COLUMN,
                height=floor - y,
                middle=x + _COLUMN // 2,
                said_y=min(y, high_y if high_y is not None else y) - 5,
                said=point.said,
                label=point.label,
                label_below=point.label_below,
                low_y=up(low) if low is not None else None,
                high_y=high_y,
            )
        )
    width = _COLUMN_GAP + len(points) * (_COLUMN + _COLUMN_GAP)
    return Columns(width=width, height=floor + _COLUMN_FOOT, floor=floor, columns=placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a lying chart: its parts from left to right, or one value and between what it lies."""

    label: str
    said: str
    parts: tuple[Decimal, ...] = ()
    share: Decimal | None = None
    between: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a lying bar; `kind` is the number of its pattern."""

    x: int
    width: int
    kind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingBar:
    """One line, drawn: words over it, in two lines where one is too short, then its bar, or a dot with a whisker."""

    label: str
    said: str
    words_y: int
    said_y: int
    y: int
    height: int
    segments: list[Segment] = field(default_factory=list)
    dot_x: int | None = None
    low_x: int | None = None
    high_x: int | None = None

    @property
    def middle_y(self) -> int:
        """Where its middle lies."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingChart:
    """Bars that lie under each other, so that words have the whole width; `marks` are the lines of a scale."""

    width: int
    height: int
    bars: list[LyingBar]
    marks: list[tuple[int, str]]


def lying(lines: Sequence[Line], *, most: Decimal | None = None) -> LyingChart:
    """Lay out a bar a line; the whole width is `most`, or the longest. Shares have a scale from 0 to 100%."""
    longest = max((sum(line.parts, Decimal(0)) for line in lines), default=Decimal(0))
    top = most or longest or Decimal(1)
    is_scaled = any(line.share is not None for line in lines)

    def across(value: Decimal) -> int:
        return round(_ROW_WIDTH * value / top)

    bars_, down = [], 0
    for line in lines:
        fits = _LETTER * len(line.label) + _BOLD_LETTER * len(line.said) <= _ROW_WIDTH
        words_y, said_y = down + 15, down + 15 + (0 if fits else _SECOND_LINE)
        y, x, segments = said_y + 7, 0, []
        for kind, part in enumerate(line.parts, start=1):
            if width := max(across(part), _LEAST if part else 0):
                segments.append(Segment(x=x, width=width, kind=kind))
                x += width
        low, high = line.between or (None, None)
        bars_.append(
            LyingBar(
                label=line.label,
                said=line.said,
                words_y=words_y,
                said_y=said_y,
                y=y,
                height=_ROW_BAR,
                segments=segments,
                dot_x=across(line.share) if line.share is not None else None,
                low_x=across(low) if low is not None else None,
                high_x=across(high) if high is not None else None,
            )
        )
        down = said_y - 15 + _ROW
    marks = [(across(Decimal(mark)), f"{mark}%") for mark in (0, 50, 100)] if is_scaled else []
    return LyingChart(width=_ROW_WIDTH, height=down + (_AXIS if marks else 0), bars=bars_, marks=marks)
