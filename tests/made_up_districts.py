"""A change of districts that nobody has decided: two become one and one is renamed, to see what would happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from booking.locality.kinds import District, Locality

CHANGE = date(2026, 5, 20)
"""In the middle of a quarter, and before the day on which the clock of the tests stands."""
RENAMED = "white-cliffs"


def with_districts(area: Locality, *, day: date = CHANGE, name: str = "North Isles") -> Locality:
    """Return the area with Swale and Thanet as one from a day, and Dover renamed."""
    ends = {"swale": "isles", "thanet": "isles", "dover": RENAMED}
    last = day - timedelta(days=1)
    old = tuple(
        replace(each, to_date=last, became=ends[each.code]) if each.code in ends else each for each in area.districts
    )
    new = (
        District("isles", name, inside=True, gss="E06000099", area="east", from_date=day),
        District(RENAMED, "White Cliffs", inside=True, gss="E07000108", area="south", from_date=day),
    )
    # What is not inside comes last, as it is in the list of today.
    at = next(number for number, each in enumerate(old) if not each.inside)
    return replace(area, districts=(*old[:at], *new, *old[at:]), register={})
