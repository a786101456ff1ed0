"""Between which percentages a share of all lies, when only some were asked: the Wilson score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from statistics import NormalDist

_Z = Decimal(str(NormalDist().inv_cdf(0.975)))
"""95 % confidence."""


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
