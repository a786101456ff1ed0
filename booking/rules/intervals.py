"""Between which percentages a share of all lies, when only some were asked: the Wilson score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import Enum, auto
from statistics import NormalDist
from typing import NamedTuple

_Z = Decimal(str(NormalDist().inv_cdf(0.975)))
"""95 % confidence."""


class Share(NamedTuple):
    """So many of so many who answered, came or waited."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Give the share with one decimal, or None of nobody."""
        return _percent(Decimal(self.part) / Decimal(self.whole)) if self.whole else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Give between which percentages the share of all lies, or None of nobody."""
        return wilson(self.part, self.whole) if self.whole else None


class Compared(Enum):
    """What can be said of one share beside another."""

    MORE = auto()
    LESS = auto()
    TOO_FEW = auto()


def compare(one: Share, other: Share) -> Compared:
    """Say whether one share of those asked is more or less than another; where intervals overlap, too few answered."""
    if one.interval is None or other.interval is None or overlap(one.interval, other.interval):
        return Compared.TOO_FEW
    return Compared.MORE if one.interval > other.interval else Compared.LESS


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """Give the lower and the upper percentage, with one decimal. Raise ValueError for no part of a whole."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError("A share needs a whole, and a part of it.")
    with localcontext() as context:
        context.prec = 28
        n, share = Decimal(whole), Decimal(part) / Decimal(whole)
        middle = share + _Z**2 / (2 * n)
        half = _Z * (share * (1 - share) / n + _Z**2 / (4 * n**2)).sqrt()
        scale = 1 + _Z**2 / n
        low, high = (middle - half) / scale, (middle + half) / scale
    return _percent(max(low, Decimal(0))), _percent(min(high, Decimal(1)))


def overlap(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    """Tell whether two intervals overlap: then the answers are too few to say that one is more than the other."""
    return one[0] <= other[1] and other[0] <= one[1]


def _percent(share: Decimal) -> Decimal:
    return (100 * share).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
