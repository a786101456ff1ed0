"""Sort the values of a map into a few steps, so that a pattern can stand for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

STEPS = 4
BY_REPRESENTATION = (Decimal("0.5"), Decimal("0.8"), Decimal("1.25"))
"""Below half of the share there should be; below it; about it; more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a map's key: from, and up to but not with; `until` is None for the last."""

    number: int
    from_: Decimal
    until: Decimal | None


def even_steps(values: Collection[Decimal]) -> list[Step]:
    """Make four steps of the same width from 0 to the largest value, their bounds whole or with one decimal."""
    most = max(values, default=Decimal(0))
    width = (most / STEPS).quantize(Decimal(1) if most >= 2 * STEPS else Decimal("0.1"), rounding=ROUND_CEILING)
    return steps_at([width * number for number in range(1, STEPS)]) if width else []


def steps_at(bounds: Sequence[Decimal]) -> list[Step]:
    """Make the steps between these bounds, the first from 0 on."""
    begins = [Decimal(0), *bounds]
    return [Step(number, *each) for number, each in enumerate(zip(begins, [*bounds, None], strict=True), start=1)]


def step_of(value: Decimal, steps: Sequence[Step]) -> int:
    """Give the number of the step a value lies in; 1 is the lowest."""
    return max((step.number for step in steps if value >= step.from_), default=1)
