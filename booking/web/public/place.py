"""What a place is like, as a picture story to look at or print: for anyone, or for the family that has a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking import clock
from booking.errors import NotFound
from booking.models import Booking
from booking.queries.photos import ShownPhoto, find_open_picture, find_picture_of, photos_of
from booking.queries.session_page import ShownPlace, ShownSession, find_public_session
from booking.rules.words import BookingStatus, Delivery
from booking.web.public.agenda import agenda_of
from booking.web.public.blueprint import public
from booking.web.public.my_booking import LinkUnknown, booking_of, limit_guesses
from booking.web.public.place_facts import lines_about, place_facts
from booking.web.shared.fragments import made_once
from booking.web.shared.photos import is_digest, send_picture
from booking.web.shared.settings import locality

TOILETS = ("accessible_toilet", "changing_places", "baby_change")
QUIET = ("quiet_room",)


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture and where its bytes are."""

    photo: ShownPhoto
    src: str


@public.get("/sessions/<slug>/place")
def place(slug: str) -> ResponseReturnValue:
    """Show what the place of a session is like. Of a confidential one the page shows nothing."""
    event = find_public_session(slug)
    if event is None or event.venue is None:
        raise NotFound(_("We cannot find that place. The link may be old or cut short."))
    if event.venue.is_confidential:
        return render_template("public/place_private.html", event=event)
    today, photos = clock.today(), photos_of(event.venue.id)
    content = made_once("place", event, photos, today, caller=lambda: _open_story(event, photos, today))
    return render_template("public/place.html", event=event, token="", content=content)


@public.get("/photos/<digest>.jpg")
def photo(digest: str) -> ResponseReturnValue:
    """Give a picture of a place that is not confidential."""
    return send_picture(find_open_picture(digest) if is_digest(digest) else None)


@public.get("/bookings/<token>/place")
@limit_guesses
def my_place(token: str) -> ResponseReturnValue:
    """Show the same to a family that has a place, wherever it is; to others, what everybody sees."""
    booking = booking_of(token)
    event = _shown_to(booking)
    if event is None or event.venue is None:
        return redirect(url_for("public.place", slug=booking.event.slug), 303)
    photos = [_pictured(event.venue, each, token=token) for each in photos_of(event.venue.id)]
    content = _story(event, photos, clock.today())
    return render_template("public/place.html", event=event, token=token, content=content)


@public.get("/bookings/<token>/photos/<digest>.jpg")
@limit_guesses
def my_photo(token: str, digest: str) -> ResponseReturnValue:
    """Give a picture of the place to a family that has a place there."""
    booking = booking_of(token)
    if _shown_to(booking) is None or not is_digest(digest):
        raise LinkUnknown(_("We cannot find that picture."))
    return send_picture(find_picture_of(booking.event.venue_id, digest))


def _shown_to(booking: Booking) -> ShownSession | None:
    """Return the session as this family may see all of it, or None while it has no place there."""
    is_there = booking.status == BookingStatus.CONFIRMED and booking.event.delivery != Delivery.ONLINE
    return find_public_session(booking.event.slug) if is_there else None


def _pictured(venue: ShownPlace, shown: ShownPhoto, *, token: str = "") -> Pictured:
    if venue.is_confidential:
        return Pictured(shown, url_for("public.my_photo", token=token, digest=shown.digest))
    return Pictured(shown, url_for("public.photo", digest=shown.digest))


def _open_story(event: ShownSession, photos: tuple[ShownPhoto, ...], today: date) -> Markup:
    assert event.venue is not None
    return _story(event, [_pictured(event.venue, each) for each in photos], today)


def _story(event: ShownSession, photos: list[Pictured], today: date) -> Markup:
    venue = event.venue
    assert venue is not None
    page = render_template(
        "public/parts/place.html",
        event=event,
        venue=venue,
        photos=photos,
        agenda=agenda_of(event),
        toilets=lines_about(venue, locality(), TOILETS, today=today),
        quiet=lines_about(venue, locality(), QUIET, today=today),
        facts=place_facts(venue, locality(), today=today, in_full=True),
    )
    return Markup(page)  # noqa: S704 (a template made it, and has escaped what it prints)
