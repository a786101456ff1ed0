"""What a figure is meant to come to: only what somebody agreed, with who and when; nothing is ever assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from booking.locality.changes import code_on
from booking.locality.kinds import Locality

Of = tuple[str, str, str]
"""The figure, breakdown and category that a target is for."""
_OF_DISTRICTS = ("D", "V")


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


@dataclass(frozen=True, slots=True)
class Agreed:
    """The targets of a day, by its districts: those that hold, and by what it became those of what has ended."""

    of: Mapping[Of, Target]
    ended: Mapping[Of, Sequence[Target]]


def of_districts(targets: Mapping[Of, Target], area: Locality) -> Agreed:
    """Lead the targets of districts to those of the area's day.

    A district that was renamed is the same place, so its target goes on under the new name until there is a newer one.
    Of several that became one, no target says what all of it should come to: they have ended.
    """
    found: dict[Of, Target] = {}
    ended: dict[Of, list[Target]] = {}
    for of, target in targets.items():
        if target.breakdown not in _OF_DISTRICTS or target.category not in area.register:
            found[of] = target
            continue
        now = area.code_of(target.category)
        if now is None:  # of a district that has not begun
            continue
        at = (target.metric, target.breakdown, now)
        if _is_one_place(area, target.category, now):
            found[at] = max((each for each in (found.get(at), target) if each), key=lambda each: each.agreed_on)
        else:
            ended.setdefault(at, []).append(target)
    return Agreed(found, {at: lost for at, lost in ended.items() if at not in found})


def _is_one_place(area: Locality, code: str, now: str) -> bool:
    last = area.register[code].to_date
    return code == now or (last is not None and code_on(area.register, now, last) == code)


def in_force(targets: Iterable[Target], day: date) -> dict[Of, Target]:
    """Give for each figure the target that was agreed last, by a day."""
    agreed = sorted((each for each in targets if each.agreed_on <= day), key=lambda each: each.agreed_on)
    return {each.of: each for each in agreed}
