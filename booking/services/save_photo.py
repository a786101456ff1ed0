"""Keep the pictures of a venue: add one, say anew what it shows, put it earlier or later, take it away."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from booking.errors import NotFound, Refusal
from booking.extensions import db
from booking.formats.pictures import MEDIA_TYPE, Picture
from booking.models import Photo, Venue
from booking.services.record_audit import record_audit

AT_MOST = 10
"""A picture story is read in one go."""
SCREEN = "staff.venue_photos"


def add_photo(venue_id: int, picture: Picture, *, alt: str, fact_code: str = "") -> Photo:
    """Put a picture after the others. Raise Refusal when it is there already, or there are enough."""
    photos = _lock_photos(venue_id)
    if len(photos) >= AT_MOST:
        raise Refusal(_("There are 10 pictures already. Remove one first."), field="photo")
    if any(photo.digest == picture.digest for photo in photos):
        raise Refusal(_("This picture is here already. Choose another."), field="photo")
    photo = Photo(
        venue_id=venue_id,
        position=len(photos),
        alt=alt,
        fact_code=fact_code,
        digest=picture.digest,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        image=picture.image,
    )
    db.session.add(photo)
    _put_in_order([*photos, photo])
    _record("photo added", venue_id, photo)
    return photo


def describe_photo(venue_id: int, photo_id: int, *, alt: str, fact_code: str = "") -> Photo:
    """Say anew what a picture shows, in words and as one of the facts. Raise NotFound."""
    photo = _one_of(_lock_photos(venue_id), photo_id)
    photo.alt, photo.fact_code = alt, fact_code
    db.session.flush()
    _record("photo described", venue_id, photo)
    return photo


def move_photo(venue_id: int, photo_id: int, *, by: int) -> Photo:
    """Put a picture one place earlier (-1) or later (1); the first and the last stay where they are."""
    photos = _lock_photos(venue_id)
    photo = _one_of(photos, photo_id)
    place = photos.index(photo)
    photos.insert(min(max(place + by, 0), len(photos) - 1), photos.pop(place))
    _put_in_order(photos)
    _record("photo moved", venue_id, photo)
    return photo


def remove_photo(venue_id: int, photo_id: int) -> None:
    """Take a picture away for good. Raise NotFound."""
    photos = _lock_photos(venue_id)
    photo = _one_of(photos, photo_id)
    photos.remove(photo)
    db.session.delete(photo)
    _put_in_order(photos)
    _record("photo removed", venue_id, photo)


def _lock_photos(venue_id: int) -> list[Photo]:
    """Lock the venue, so that two people who sort its pictures do so one after the other."""
    if db.session.scalar(select(Venue.id).where(Venue.id == venue_id).with_for_update(of=Venue)) is None:
        raise NotFound(_("There is no such venue."))
    statement = select(Photo).where(Photo.venue_id == venue_id).order_by(Photo.position, Photo.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def _one_of(photos: list[Photo], photo_id: int) -> Photo:
    for photo in photos:
        if photo.id == photo_id:
            return photo
    raise NotFound(_("That picture is not there any more."))


def _put_in_order(photos: list[Photo]) -> None:
    for position, photo in enumerate(photos):
        photo.position = position
    db.session.flush()


def _record(action: str, venue_id: int, photo: Photo) -> None:
    facts = {"photo": photo.id, "digest": photo.digest}
    record_audit(action, screen=SCREEN, subject_type="venue", subject_id=venue_id, facts=facts)
