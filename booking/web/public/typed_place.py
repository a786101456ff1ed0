"""What somebody typed as a place, cut down to what we need to know of it: an outcode, a town or a district."""

from __future__ import annotations

from dataclasses import dataclass

from booking.locality.kinds import Point
from booking.locality.postcodes import split_postcode
from booking.web.shared.settings import locality, postcodes


def less_than_typed(place: str, district: str = "") -> dict[str, str | None] | None:
    """Give what to ask for instead: a full postcode's first part, or the district that was typed as a place.

    A link to a district that has ended leads on to what it became.
    """
    led = locality().code_of(district)
    if led and led != district:
        return {"district": led}
    outcode, inward = split_postcode(place)
    if outcode and inward:
        return {"place": outcode}
    if place and postcodes().find_place(place) is None:
        found = locality().find_district(place)
        if found and found.inside:
            return {"place": None, "district": found.code}
    return None


def middle_of(district: str) -> Point | None:
    """Give the middle of a district's towns, from which the nearest sessions outside it are counted."""
    towns = [town for town in locality().towns if postcodes().districts_of(town.outcodes[0])[:1] == (district,)]
    if not towns:
        return None
    return Point(sum(town.easting for town in towns) // len(towns), sum(town.northing for town in towns) // len(towns))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is kept of a place: its outcode, when one was typed, and its district."""

    outcode: str
    district: str


def find_whereabouts(place: str) -> Whereabouts | None:
    """Find the district of an outcode, a postcode, a town or a district; None for a place nobody knows."""
    if not place:
        return Whereabouts("", "unknown")
    district = locality().find_district(place)
    if district and district.inside:
        return Whereabouts("", district.code)
    outcode = postcodes().find_outcode(place)
    point = postcodes().find_place(place)
    if point is None:
        return None
    if point.found_by == "town":
        towns = [town for town in locality().towns if town.name == point.label]
        outcodes = towns[0].outcodes
        return Whereabouts("", postcodes().main_district(outcodes[0]))
    return Whereabouts(outcode or "", postcodes().main_district(outcode or ""))
