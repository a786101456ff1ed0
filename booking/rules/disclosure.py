"""Which numbers may leave the house: small counts of people are hidden so that nobody can work them out.

First every count of people below k is hidden. Then, over all tables of one return together, more is hidden until no
lines of tables (parts and their total) and no limits (numbers that are never more than others) together give a hidden
number away. Public figures are rounded besides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from booking.rules.cover import Cover
from booking.rules.only_answers import only_answers

PUBLIC_RATE_FROM = 20
_ROUND_TO = 5
_PRICE = 100
"""By so much a number costs more to hide that is worth one more to readers."""


class Profile(StrEnum):
    """For whom a set of figures is."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"


class Flag(StrEnum):
    """Why a number is not there; a real nought is shown as 0."""

    NONE = ""
    PROTECTED = "c"
    NOT_APPLICABLE = "z"
    NOT_COLLECTED = "x"


SMALLEST_SHOWN = {Profile.INTERNAL: 1, Profile.PARTNER: 5, Profile.PUBLIC: 10}
"""k: counts of people from 1 to k - 1 are hidden."""

AVERAGE_FROM = {Profile.INTERNAL: 1, Profile.PARTNER: 5, Profile.PUBLIC: 10}
"""So many people must stand behind a mean or a median before it is shown."""

CellT = TypeVar("CellT", bound=Hashable)


class Line(NamedTuple, Generic[CellT]):
    """A line of a table: the parts add up to the total."""

    parts: tuple[CellT, ...]
    total: CellT

    @property
    def cells(self) -> frozenset[CellT]:
        """Give the parts and the total."""
        return frozenset((*self.parts, self.total))

    @property
    def factors(self) -> dict[CellT, int]:
        """Say how often each cell adds up to nought: the parts once, the total taken away."""
        factors: dict[CellT, int] = dict(Counter(self.parts))
        factors[self.total] = factors.get(self.total, 0) - 1
        return factors


class Limit(NamedTuple, Generic[CellT]):
    """What readers know besides sums: the parts together are never more than `most` together."""

    parts: tuple[CellT, ...]
    most: tuple[CellT, ...]

    @property
    def cells(self) -> frozenset[CellT]:
        """Give all of them."""
        return frozenset((*self.parts, *self.most))

    @property
    def factors(self) -> dict[CellT, int]:
        """Say how often each cell makes at most nought: the parts, those they are limited by taken away."""
        factors = Counter(self.parts)
        factors.subtract(self.most)
        return dict(factors)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as a profile may show it. A missing one says why in `flag`."""

    value: Decimal | None
    flag: Flag = Flag.NONE


def cells_to_hide(
    counts: Mapping[CellT, int],
    lines: Iterable[Line[CellT]],
    *,
    k: int,
    limits: Iterable[Limit[CellT]] = (),
    sums: Mapping[CellT, CellT] = MappingProxyType({}),
    worth: Callable[[CellT, int], int] | None = None,
    always: Iterable[CellT] = (),
    out: Collection[CellT] = (),
) -> frozenset[CellT]:
    """Choose the cells to hide so that no count from 1 to k - 1 can be worked out from what is still shown.

    `always` have to be hidden whatever they are, and are not to be worked out either; `out` are known to readers
    already, so that hiding them would be no use. `sums` are of nobody: a mean gives each away to who sees the count
    that stands beside it here. They are hidden only where they would give a count away.

    No line keeps exactly one hidden cell, nor hidden parts that add up to less than k or to one each; then cells go
    until each hidden one could be another, by all lines and limits together. Of the cells that would do, those
    worth least to readers go first.
    """
    worth = worth or (lambda _cell, number: not number)
    all_lines = tuple(lines)
    hidden = {cell for cell, number in counts.items() if 0 < number < k and cell not in sums}
    hidden = hidden.union(always).difference(out)
    choice = _Choice(counts, worth, frozenset(out))
    audit = _Audit(counts, all_lines, tuple(limits), sums, choice)
    safe: set[CellT] = set()
    while True:
        more = _weak_line_cells(choice, all_lines, hidden, k)
        if not more:
            found = audit.found_out(hidden, hidden.difference(safe, sums))
            safe |= hidden - found  # whatever else is hidden, the other answer stays one
            more = audit.beside(found, hidden)
        if not more:
            return frozenset(hidden)
        hidden |= more


def show_count(number: int, *, profile: Profile, is_hidden: bool) -> Shown:
    """Show a count of people: true inside, hidden where it must be, to the nearest 5 in public."""
    if is_hidden:
        return Shown(None, Flag.PROTECTED)
    return Shown(Decimal(rounded(number) if profile == Profile.PUBLIC else number))


def show_rate(
    numerator: int, denominator: int, *, profile: Profile, is_hidden: bool, is_personal: bool = True
) -> Shown:
    """Show a percentage: one decimal inside and to partners; in public a whole number, made from rounded parts.

    `is_hidden` says that the numerator or what is left of the denominator is hidden. The rounded
    number, which everybody sees, decides if there are enough: of a 20 that is shown nobody may learn that it is 18.
    """
    if is_hidden:  # were it of nought: whether it is was not to be known
        return Shown(None, Flag.PROTECTED)
    if denominator == 0:
        return Shown(None, Flag.NOT_APPLICABLE)
    if is_personal and profile == Profile.PUBLIC and rounded(denominator) <= PUBLIC_RATE_FROM:
        return Shown(None, Flag.PROTECTED)
    if profile != Profile.PUBLIC:
        return Shown(percent(numerator, denominator, places=1))
    if is_personal:
        numerator, denominator = rounded(numerator), rounded(denominator)
    return Shown(percent(numerator, denominator, places=0))


def rounded(number: int) -> int:
    """Round to the nearest 5."""
    return (2 * number + _ROUND_TO) // (2 * _ROUND_TO) * _ROUND_TO


def percent(numerator: int, denominator: int, *, places: int) -> Decimal:
    """Work out a percentage, halves rounded up as people expect."""
    return decimal(Fraction(100 * numerator, denominator), places=places)


def decimal(number: Fraction, *, places: int) -> Decimal:
    """Write an exact number with so many decimals, halves rounded up as people expect."""
    step = Decimal(1).scaleb(-places)
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(step, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class _Choice(Generic[CellT]):
    """What is weighed when one more cell has to go."""

    counts: Mapping[CellT, int]
    worth: Callable[[CellT, int], int]
    out: frozenset[CellT]

    def next_in(self, line: Line[CellT], hidden: set[CellT]) -> set[CellT]:
        """Choose what costs least: the smallest part shown, then the total, and a nought only if nothing else is."""
        shown = [cell for cell in (*line.parts, line.total) if cell not in hidden and cell not in self.out]
        return set(sorted(shown, key=lambda cell: self._cost(cell, is_total=cell == line.total))[:1])

    def price(self, cell: CellT) -> float:
        """Say in one number what it costs to hide a cell: its worth counts most, then how many it is."""
        return _PRICE * (1 + self.worth(cell, self.counts[cell])) + min(abs(self.counts[cell]), _PRICE - 1)

    def _cost(self, cell: CellT, *, is_total: bool = False) -> tuple[int, bool, int]:
        return self.worth(cell, self.counts[cell]), is_total, self.counts[cell]


@dataclass(frozen=True, slots=True)
class _Audit(Generic[CellT]):
    """What readers know, to be asked what they find out, and what else has to be hidden so that they do not."""

    counts: Mapping[CellT, int]
    lines: tuple[Line[CellT], ...]
    limits: tuple[Limit[CellT], ...]
    sums: Mapping[CellT, CellT]
    choice: _Choice[CellT]
    _cover: list[Cover[CellT]] = field(default_factory=list)

    def found_out(self, hidden: set[CellT], asked: Collection[CellT]) -> frozenset[CellT]:
        """Find those of the asked cells that follow from what is shown."""
        return only_answers(
            self.counts,
            self._unseen(hidden),
            [line.factors for line in self.lines],
            limits=[limit.factors for limit in self.limits],
            any_number=self.sums.keys(),
            ask_for=asked,
        )

    def beside(self, found: Collection[CellT], hidden: set[CellT]) -> set[CellT]:
        """Choose what else to hide, so that all that were found out could be others, where there is a way."""
        more: set[CellT] = set()
        left = sorted(found, key=str)
        while left:
            unseen = self._unseen(hidden | more)
            moved = self._made_cover().beside(left[0], unseen)
            more |= moved - unseen
            left = [cell for cell in left[1:] if cell not in moved]
        for cell in sorted(found, key=str):
            if not more:  # parts of people could be moved and whole ones not
                unseen = self._unseen(hidden)
                more = self._made_cover().beside(cell, unseen, in_whole_people=True) - unseen
        return more

    def _unseen(self, hidden: set[CellT]) -> set[CellT]:
        return hidden | {each for each, count in self.sums.items() if count in hidden}

    def _made_cover(self) -> Cover[CellT]:
        if not self._cover:
            lines, limits = ([each.factors for each in known] for known in (self.lines, self.limits))
            self._cover.append(
                Cover(
                    self.counts,
                    lines,
                    limits,
                    costs={cell: self.choice.price(cell) for cell in self.counts},
                    fixed=self.choice.out,
                    any_number=self.sums.keys(),
                )
            )
        return self._cover[0]


def _weak_line_cells(choice: _Choice[CellT], lines: tuple[Line[CellT], ...], hidden: set[CellT], k: int) -> set[CellT]:
    """Choose one more cell for each line whose hidden cells stand alone or are too small together."""
    more: set[CellT] = set()
    for line in lines:
        if not more & line.cells and _is_weak(line, choice.counts, hidden, k):
            more |= choice.next_in(line, hidden)
    return more


def _is_weak(line: Line[CellT], counts: Mapping[CellT, int], hidden: set[CellT], k: int) -> bool:
    parts = [counts[cell] for cell in line.parts if cell in hidden]
    if line.total in hidden:
        return not parts
    return bool(parts) and (len(parts) == 1 or sum(parts) < k or sum(parts) <= len(parts))
