"""What differs between places, as data: one sub-package an area."""

from functools import cache
from importlib import import_module

from booking.locality.kinds import Locality

NAMES = ("kent",)


@cache
def get_locality(name: str) -> Locality:
    """Give the area called `name`, or raise ValueError naming those there are."""
    if name not in NAMES:
        raise ValueError(f"There is no locality called {name!r}. LOCALITY can be: {', '.join(NAMES)}.")
    locality = import_module(f"booking.locality.{name}").LOCALITY
    assert isinstance(locality, Locality)
    return locality
