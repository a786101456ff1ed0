"""What somebody typed as a place, cut down to what we need to know of it: an outcode, a town or a district."""

from __future__ import annotations

from booking.locality.kinds import Point
from booking.locality.postcodes import split_postcode
from booking.web.shared.settings import locality, postcodes


def less_than_typed(place: str) -> dict[str, str | None] | None:
    """Give what to ask for instead: a full postcode's first part, or the district that was typed as a place."""
    outcode, inward = split_postcode(place)
    if outcode and inward:
        return {"place": outcode}
    if place and postcodes().find_place(place) is None:
        district = locality().find_district(place)
        if district and district.inside:
            return {"place": None, "district": district.code}
    return None


def middle_of(district: str) -> Point | None:
    """Give the middle of a district's towns, from which the nearest sessions outside it are counted."""
    towns = [town for town in locality().towns if postcodes().districts_of(town.outcodes[0])[:1] == (district,)]
    if not towns:
        return None
    return Point(sum(town.easting for town in towns) // len(towns), sum(town.northing for town in towns) // len(towns))
