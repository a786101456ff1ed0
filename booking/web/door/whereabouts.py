"""Where people at the door live, as far as they say it: the first part of a postcode, or a district."""

from __future__ import annotations

from typing import NamedTuple

from booking import clock
from booking.locality.kinds import Locality
from booking.models import Event, Venue
from booking.rules.contact import normal_outcode
from booking.rules.distance import miles_between
from booking.rules.engagement.metric import UNKNOWN
from booking.web.shared.settings import locality, postcodes


class _Spot(NamedTuple):
    easting: int
    northing: int


NEAR = 6
"""So many first parts of postcodes are one tap away: more would not be seen at a glance."""


def outcodes_near(venue: Venue | None) -> tuple[str, ...]:
    """Return the first parts of postcodes around a place, the nearest first; none for a place without a position."""
    if venue is None or venue.easting is None or venue.northing is None:
        return ()
    here = _Spot(venue.easting, venue.northing)
    towns = sorted(locality().towns, key=lambda town: miles_between(here, town))
    outcodes = [venue.outcode, *(outcode for town in towns for outcode in town.outcodes)]
    return tuple(dict.fromkeys(outcode for outcode in outcodes if outcode))[:NEAR]


def area_of(event: Event) -> Locality:
    """Return the area with the districts of the session's day: a list may be typed in weeks later."""
    return locality().on(clock.in_london(event.starts_at).date())


def lives_in(where: str, event: Event) -> tuple[str, str]:
    """Return the outcode and the district that were said; what is neither is not known."""
    outcode = normal_outcode(where) if where else None
    if outcode:
        return outcode, postcodes().main_district(outcode, on=clock.in_london(event.starts_at).date())
    return "", area_of(event).code_of(where) or UNKNOWN
