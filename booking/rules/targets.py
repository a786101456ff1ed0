"""What a figure is meant to come to: only what somebody agreed, with who and when; nothing is ever assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Of = tuple[str, str, str]
"""The figure, breakdown and category that a target is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One agreed value of a figure, in all or in one category of a breakdown."""

    metric: str
    breakdown: str
    category: str
    value: Decimal
    agreed_by: str
    agreed_on: date

    @property
    def of(self) -> Of:
        """What it is for."""
        return self.metric, self.breakdown, self.category


def in_force(targets: Iterable[Target], day: date) -> dict[Of, Target]:
    """Give for each figure the target that was agreed last, by a day."""
    agreed = sorted((each for each in targets if each.agreed_on <= day), key=lambda each: each.agreed_on)
    return {each.of: each for each in agreed}
