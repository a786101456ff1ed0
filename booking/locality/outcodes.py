"""The middles of an area's outcodes, as scripts/build_outcodes.py wrote them."""

from functools import cache
from importlib.resources import files


@cache
def outcode_table(name: str) -> str:
    """Give the table of the area called `name` as JSON: an outcode's latitude and longitude, to about 100 metres."""
    return files(f"booking.locality.{name}").joinpath("outcodes.json").read_text(encoding="utf-8")
