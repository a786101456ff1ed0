"""What is true of this installation as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.locality import get_locality
from booking.locality.kinds import Locality
from booking.locality.postcodes import PostcodeTable
from booking.models import Venue

if TYPE_CHECKING:
    from config import Config


def is_demonstration() -> bool:
    """Return whether demonstration data is loaded; every page says so when it is.

    It is only ever loaded where there is no venue yet: once there is one, the answer holds for good.
    """
    known: bool | None = current_app.extensions.get("is_demonstration")
    if known is None:
        known = db.session.scalar(select(Venue.is_demo).order_by(Venue.is_demo.desc()).limit(1))
        current_app.extensions["is_demonstration"] = known
    return bool(known)


def our_locality() -> Locality:
    """Return the area this installation serves, as data, with the districts of today."""
    return get_locality(_config().locality).on(clock.today())


def our_postcodes() -> PostcodeTable:
    """Return the table that knows where a postcode, an outcode or a town lies."""
    table = current_app.extensions.get("postcodes")
    if table is None:
        path, area = _config().instance_path / "postcodes.sqlite", get_locality(_config().locality)
        table = PostcodeTable(path, area, today=clock.today)
        current_app.extensions["postcodes"] = table
    return cast("PostcodeTable", table)


def mails_an_hour() -> int:
    """Return how many mails may leave in an hour; 0 for any number."""
    return _config().mail_per_hour


def own_domain() -> str:
    """Return the domain our mail comes from; calendar entries and Message-IDs carry it."""
    return _config().mail_sender.partition("@")[2].rstrip(">")


def _config() -> Config:
    return cast("Config", current_app.extensions["config"])
