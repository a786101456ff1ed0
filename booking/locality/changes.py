"""Which district a place is in on a day, when districts are renamed or become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booking.locality.kinds import District

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """On `day` districts that were there became another: one that was renamed, or several that are one now."""

    day: date
    were: tuple[District, ...]
    now: District


def code_on(register: Mapping[str, District], code: str, day: date) -> str | None:
    """Give the code of the district that a place written down under `code` is in on a day.

    Forward there is always one answer. Back there is one only where a district was renamed: of several that became
    one nobody can tell which it was, so the answer is None. It is None for a code that is in no register, too.
    """
    district = register.get(code)
    while district is not None and district.to_date is not None and district.to_date < day:
        district = register.get(district.became)
    while district is not None and district.from_date is not None and day < district.from_date:
        before = parts_of(register, district.code)
        if not before:  # as far back as the register goes
            break
        district = before[0] if len(before) == 1 else None
    return district.code if district is not None else None


def parts_of(register: Mapping[str, District], code: str) -> tuple[District, ...]:
    """Give the districts that became this one; none for one that was there from the beginning."""
    return tuple(district for district in register.values() if district.became == code)


def is_there(district: District, day: date, register: Mapping[str, District]) -> bool:
    """Tell whether a district exists on a day. What came from no other was always there."""
    has_begun = district.from_date is None or district.from_date <= day or not parts_of(register, district.code)
    return has_begun and (district.to_date is None or day <= district.to_date)


def changes_in(register: Mapping[str, District], first: date, last: date) -> list[Change]:
    """List what changed after the first day and up to the last, the earliest first."""
    found = [
        Change(district.from_date, parts, district)
        for district in register.values()
        if (parts := parts_of(register, district.code))
        and district.from_date is not None
        and first < district.from_date <= last
    ]
    return sorted(found, key=lambda change: (change.day, change.now.name))


def check_register(districts: Sequence[District]) -> None:
    """Raise ValueError with a sentence for a register in which a place could be lost, doubled or go in a circle.

    A district that ends becomes one that begins the day after. So days only ever go on, and no chain comes back.
    """
    register = {district.code: district for district in districts}
    if len(register) < len(districts):
        raise ValueError("Two districts have the same code. A code is never used again.")
    for district in districts:
        for problem in _problems(district, register):
            raise ValueError(f"The district {district.code}: {problem}")
    for day in {district.from_date for district in districts if district.from_date}:
        names = [district.name.casefold() for district in districts if is_there(district, day, register)]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"On {day} two districts are called {twice.pop()}.")


def _problems(district: District, register: Mapping[str, District]) -> Iterator[str]:
    if bool(district.became) != (district.to_date is not None):
        yield "say both its last day (to_date) and what it became, or neither."
    if district.to_date is None:
        return
    if district.from_date is not None and district.to_date < district.from_date:
        yield "it ends before it begins."
    after = register.get(district.became)
    if after is None:
        yield f"there is no district {district.became} that it could have become."
    elif after.from_date != district.to_date + _A_DAY:
        yield f"{after.code} has to begin the day after it ends, on {district.to_date + _A_DAY}."
