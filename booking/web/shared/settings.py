"""What a view may ask of this installation: its settings and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

from booking.locality.kinds import Locality
from booking.locality.postcodes import PostcodeTable
from booking.queries.installation import our_locality, our_postcodes

if TYPE_CHECKING:
    from config import Config


def settings() -> Config:
    """Return this installation's settings."""
    return cast("Config", current_app.extensions["config"])


def locality() -> Locality:
    """Return the area this installation serves, as data, with the districts of today."""
    return our_locality()


def postcodes() -> PostcodeTable:
    """Return the table that knows where a postcode, an outcode or a town lies."""
    return our_postcodes()
