"""What a figure, a measure and a breakdown are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from booking.locality.kinds import N_

DEFINITION_VERSION = 3
"""Raised whenever a definition changes, so that nobody compares figures that mean different things."""

ALL = "all"
UNKNOWN = "unknown"

Entry = tuple[Hashable, int]
"""What one fact adds to a measure: the thing counted once, and how much it weighs."""

FactT = TypeVar("FactT")
Measures = Mapping[str, Callable[[FactT], Entry | None]]
"""By name what one fact adds to each measure; None where it adds nothing."""


def once(thing: Hashable, is_counted: object) -> Entry | None:
    """Count a thing once, however many facts name it, or not at all."""
    return (thing, 1) if is_counted else None


SECTIONS = {
    "A": (N_("Offer and reach"), range(1, 15)),
    "B": (N_("Coming or not"), range(15, 22)),
    "C": (N_("Wanted and not there"), range(22, 28)),
    "D": (N_("Access"), range(28, 35)),
    "E": (N_("Confidence and experience"), range(35, 41)),
    "F": (N_("Co-production"), range(41, 48)),
    "G": (N_("Fair shares"), range(48, 56)),
    "H": (N_("How good the data is"), range(56, 60)),
}
"""The sections of the catalogue: what each is called, and the numbers of its figures."""


class Shape(StrEnum):
    """How a figure is made of its measures."""

    COUNT = "count"
    SHARE = "share"
    """Numerator ÷ denominator, in percent."""
    MEAN = "mean"
    """Numerator ÷ denominator, with two decimals; in public of rounded numbers, with one."""
    MEDIAN = "median"
    """The middle of what the numerator's facts weigh; the denominator is how many there are. Whole in public."""
    PER_1000 = "per_1000"
    """Numerator ÷ pupils with SEN × 1,000."""
    RATIO = "ratio"
    """The category's share of the numerator ÷ its share of pupils with SEN; 1 is in proportion."""
    GAP = "gap"
    """The share of those without a need less the share of those with one, in percentage points."""
    NOT_COLLECTED = "not_collected"


class Cell(NamedTuple):
    """One number's place: what is measured, broken down by what, for which category."""

    measure: str
    breakdown: str = ALL
    category: str = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure. Its measures are those that `counting.count` counts.

    `rest` measures what is left of the denominator, `against` the numerator and denominator of the rate that another
    is compared with. `is_personal` figures count people or families and are protected in what leaves the house. `by`
    are letters, see `catalogue.BREAKDOWNS`.
    """

    id: str
    name: str
    definition: str
    formula: str
    numerator: str = ""
    denominator: str = ""
    rest: str = ""
    against: tuple[str, ...] = ()
    by: str = ""
    shape: Shape = Shape.COUNT
    is_personal: bool = True
    version: int = DEFINITION_VERSION

    @property
    def unit(self) -> str:
        """Say in what it is given: `n`, `%`, `points`, `days`, `per 1,000`, `ratio` or `mean`."""
        return _UNITS[self.shape]

    @property
    def measures(self) -> tuple[str, ...]:
        """Give the measures it is made of."""
        return tuple(name for name in (self.numerator, self.denominator, self.rest, *self.against) if name)

    @property
    def counts_of_people(self) -> tuple[str, ...]:
        """Give the measures that readers see, or can work out, and that count people or families."""
        if not self.is_personal:
            return ()
        hidden_behind = (self.numerator,) if self.shape in (Shape.MEAN, Shape.MEDIAN) else ()
        return tuple(name for name in self.measures if name not in (*hidden_behind, *_OF_NOBODY))

    @property
    def section(self) -> str:
        """Give the letter of the catalogue's section it stands in."""
        number = int(self.id[1:3])
        return next(letter for letter, (_name, numbers) in SECTIONS.items() if number in numbers)

    def denominator_breakdown(self, breakdown: str) -> str:
        """Give the breakdown of the denominator: a reason belongs to cancelled sessions, the offered have none."""
        return ALL if breakdown == "R" else breakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Measures that add up to another, in all and in every category, so that readers can subtract them."""

    parts: tuple[str, ...]
    total: str

    @property
    def measures(self) -> tuple[str, ...]:
        """Give the parts and the total."""
        return (*self.parts, self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A measure that is what is left of `whole` without `part`; the things of the part are things of the whole."""

    name: str
    whole: str
    part: str


_OF_NOBODY = ("seats", "pupils")
"""Measures of no people of ours: places on offer, and what others have published."""
_UNITS = {
    Shape.COUNT: "n",
    Shape.SHARE: "%",
    Shape.MEAN: "mean",
    Shape.MEDIAN: "days",
    Shape.PER_1000: "per 1,000",
    Shape.RATIO: "ratio",
    Shape.GAP: "points",
    Shape.NOT_COLLECTED: "n",
}
