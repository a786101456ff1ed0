"""What is true of this installation as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import select

from booking.extensions import db
from booking.locality import get_locality
from booking.locality.kinds import Locality
from booking.models import Venue

if TYPE_CHECKING:
    from config import Config


def is_demonstration() -> bool:
    """Return whether demonstration data is loaded; every page says so when it is."""
    return db.session.scalar(select(Venue.id).where(Venue.is_demo).limit(1)) is not None


def our_locality() -> Locality:
    """Return the area this installation serves, as data."""
    return get_locality(_config().locality)


def own_domain() -> str:
    """Return the domain our mail comes from; calendar entries and Message-IDs carry it."""
    return _config().mail_sender.partition("@")[2].rstrip(">")


def _config() -> Config:
    return cast("Config", current_app.extensions["config"])
