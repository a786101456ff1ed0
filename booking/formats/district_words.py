"""How a change of districts is said: what became what and when, and how the figures count it. Staff read English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from booking.formats.words_for import short_date
from booking.locality.changes import Change
from booking.locality.kinds import District, Locality


def counted_across(area: Locality, first: date, last: date) -> list[str]:
    """Say how figures of some days are counted, for each change of districts in them."""
    return [_counted(change) for change in area.changes_in(first, last)]


def became(district: District, area: Locality) -> str:
    """Say what a district that has ended became, and when."""
    now = area.register[district.became]
    return f"{district.name} became {now.name} on {short_date(now.from_date)}" if now.from_date else ""


def names_of(districts: Sequence[District]) -> str:
    """List districts by name."""
    names = [district.name for district in districts]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _counted(change: Change) -> str:
    day, now = short_date(change.day), change.now.name
    if len(change.were) == 1:
        return f"{change.were[0].name} became {now} on {day}: these figures call it {now} before that day, too."
    return (
        f"{names_of(change.were)} became {now} on {day}: these figures count all of {now} together, before that day, "
        "too. Nobody is left out and nobody is counted twice for it."
    )
