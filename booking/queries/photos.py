"""Reads of a venue's pictures: what they show, apart from the bytes of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from booking.extensions import db
from booking.models import Photo, Venue


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A picture as a page names it; `width` and `height` keep its room while it loads.

    `fact_code` is the fact that it shows, empty for the place in general.
    """

    id: int
    digest: str
    alt: str
    fact_code: str
    width: int
    height: int


def photos_of(venue_id: int | None) -> tuple[ShownPhoto, ...]:
    """Return a venue's pictures in their order, without their bytes."""
    statement = (
        select(Photo.id, Photo.digest, Photo.alt, Photo.fact_code, Photo.width, Photo.height)
        .where(Photo.venue_id == venue_id)
        .order_by(Photo.position, Photo.id)
    )
    return tuple(ShownPhoto(*row) for row in db.session.execute(statement))


def find_open_picture(digest: str) -> tuple[bytes, str] | None:
    """Find the bytes and the kind of a picture that anyone may see: a place kept private has none."""
    statement = _picture(digest).join(Venue, Venue.id == Photo.venue_id).where(Venue.is_confidential.is_(False))
    return _first(statement)


def find_picture_of(venue_id: int | None, digest: str) -> tuple[bytes, str] | None:
    """Find the bytes and the kind of a picture of one venue, private or not."""
    return _first(_picture(digest).where(Photo.venue_id == venue_id))


def _picture(digest: str) -> Select[bytes, str]:
    return select(Photo.image, Photo.media_type).where(Photo.digest == digest)


def _first(statement: Select[bytes, str]) -> tuple[bytes, str] | None:
    row = db.session.execute(statement).first()
    return (row.image, row.media_type) if row else None
