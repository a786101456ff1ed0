"""How far apart two places are on the National Grid, and where the grid lies on the globe."""

from functools import cache
from math import hypot
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyproj import Transformer

METRES_IN_A_MILE = 1609.344


class OnTheGrid(Protocol):
    """Anything with an easting and a northing in metres: a point, a town, a venue."""

    @property
    def easting(self) -> int: ...
    @property
    def northing(self) -> int: ...


def miles_between(here: OnTheGrid, there: OnTheGrid) -> float:
    """Measure the straight line between two places in miles; Pythagoras is exact enough for a county."""
    return hypot(here.easting - there.easting, here.northing - there.northing) / METRES_IN_A_MILE


def whole_miles(miles: float) -> int:
    """Round to the nearest mile; 0 says "less than a mile", so 0.5 up to 1 is still 0 and 1.5 is 2."""
    return int(miles + 0.5) if miles >= 1 else 0


def to_latitude_longitude(place: OnTheGrid) -> tuple[float, float]:
    """Give latitude and longitude in degrees (WGS 84), good to about five metres."""
    longitude, latitude = _transformer(27700, 4326).transform(place.easting, place.northing)
    return round(latitude, 5), round(longitude, 5)


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Give easting and northing in metres."""
    easting, northing = _transformer(4326, 27700).transform(longitude, latitude)
    return round(easting), round(northing)


@cache
def _transformer(from_epsg: int, to_epsg: int) -> "Transformer":
    # Imported here because it takes 15 MB and a tenth of a second that only saving a venue needs.
    from pyproj import Transformer  # noqa: PLC0415

    return Transformer.from_crs(from_epsg, to_epsg, always_xy=True)
