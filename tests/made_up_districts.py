"""A change of districts that nobody has decided: two become one and one is renamed, to see what would happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.locality.kinds import District, Locality

CHANGE = date(2026, 5, 20)
"""In the middle of a quarter, and before the day on which the clock of the tests stands."""
RENAMED = "white-cliffs"
BEGAN = date(2020, 1, 1)


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


@st.composite
def registers(draw: st.DrawFn) -> tuple[District, ...]:
    """Draw any chain of renames and merges: at each step some of the districts that are there become a new one."""
    there = [District(f"d{at}", f"D{at}", inside=True, from_date=BEGAN) for at in range(draw(st.integers(1, 6)))]
    gone: list[District] = []
    day = BEGAN
    for step, (wait, which) in enumerate(
        draw(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 63)), max_size=5))
    ):
        day += timedelta(days=wait)
        some = [each for at, each in enumerate(there) if which >> at & 1] or there[:1]
        gone += [replace(each, to_date=day - timedelta(days=1), became=f"n{step}") for each in some]
        there = [each for each in there if each not in some]
        there.append(District(f"n{step}", f"N{step}", inside=True, from_date=day))
    return (*there, *gone) if draw(st.booleans()) else (*gone, *there)


@contextmanager
def in_force(app: Flask, area: Locality) -> Iterator[Locality]:
    """Let the site have this register, and put back its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("booking.locality.kent.LOCALITY", area)
        _forget(app)
        yield area
    _forget(app)


def _forget(app: Flask) -> None:
    get_locality.cache_clear()
    app.extensions.pop("postcodes", None)
    app.extensions.pop("overview", None)
