"""The demonstration's places say how to arrive and how to leave; a few have pictures, and none passes for a photo."""

from __future__ import annotations

import hashlib

from flask import Flask
from sqlalchemy import select

from booking.extensions import db
from booking.formats.pictures import AIM
from booking.models import Event, Photo, Venue
from booking.rules.words import Delivery
from booking.services.demo.drawings import LOOKS, draw_photos
from booking.services.demo.venues import ONLINE
from booking.services.save_photo import AT_MOST


def test_every_place_says_how_to_arrive_and_leave(in_demo: Flask) -> None:
    for venue in db.session.scalars(select(Venue).where(Venue.code != ONLINE)):
        assert 4 <= len(venue.arrival_steps) <= 6, venue.code
        assert all(len(step) <= 120 for step in venue.arrival_steps), venue.code
        assert venue.leaving, venue.code


def test_somebody_greets_wherever_people_meet(in_demo: Flask) -> None:
    for event in db.session.scalars(select(Event)):
        assert bool(event.greeter) == (event.delivery != Delivery.ONLINE), event.slug


def test_the_pictures_are_small_in_order_and_called_drawings(in_demo: Flask) -> None:
    photos = list(db.session.scalars(select(Photo).join(Venue).order_by(Venue.code, Photo.position)))
    assert {photo.venue.code for photo in photos} == set(LOOKS)
    assert len(photos) == 6 * len(LOOKS) <= AT_MOST * len(LOOKS)
    for photo in photos:
        assert photo.alt.startswith("A drawing of ")
        assert len(photo.image) < AIM / 2
        assert photo.digest == hashlib.sha256(photo.image).hexdigest()
    assert [photo.position for photo in photos[:6]] == [0, 1, 2, 3, 4, 5]


def test_a_place_kept_private_has_some_too(in_demo: Flask) -> None:
    private = db.session.scalars(select(Venue).where(Venue.is_confidential)).one()
    assert len(private.photos) == 6


def test_the_same_drawing_has_the_same_name() -> None:
    assert [photo.digest for photo in draw_photos("ASH1")] == [photo.digest for photo in draw_photos("ASH1")]
