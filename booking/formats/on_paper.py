"""What a family without e-mail needs said: how we reach it, its reference as it is read out, the way in on paper."""

from __future__ import annotations

from flask_babel import gettext as _

from booking import texts
from booking.formats.joining import may_join
from booking.formats.place_words import getting_in
from booking.models import Booking, Event
from booking.rules.words import BookingStatus, ContactBy, Delivery

DIGITS = {
    "3": lambda: _("three"),
    "4": lambda: _("four"),
    "6": lambda: _("six"),
    "7": lambda: _("seven"),
    "9": lambda: _("nine"),
}


def how_told(booking: Booking) -> str:
    """Say in one sentence how we tell this family that something is near or has changed."""
    if booking.contact_by == ContactBy.RING_ME:
        return _("We ring you before the session, and if something changes.")
    if booking.email and texts.reaches(booking):
        return _("We email you before the session, and if something changes. What cannot wait, we text you too.")
    if booking.email:
        return _("We email you before the session, and if something changes.")
    if texts.reaches(booking):
        return _("We text you before the session, and if something changes.")
    return _("We ring you before the session, and if something changes.")


def spelled(reference: str) -> str:
    """Return a reference as it is read out on the telephone: "K, seven, M. Four, P, X."."""
    letters = [DIGITS[letter]() if letter in DIGITS else letter for letter in reference]
    halves = (", ".join(letters[:3]), ", ".join(letters[3:]))
    return " ".join(f"{half[:1].upper()}{half[1:]}." for half in halves)


def on_paper(booking: Booking) -> dict[str, object]:
    """What stands on the printed confirmation besides what the family's page shows."""
    event, venue = booking.event, booking.event.venue
    has_place = booking.status == BookingStatus.CONFIRMED
    steps = list(venue.arrival_steps) if venue and has_place and event.delivery != Delivery.ONLINE else []
    return {
        "address": _address(event) if has_place else [],
        "steps": steps,
        "getting_in": _besides(getting_in(event), steps) if has_place else [],
        "leaving": venue.leaving if venue and steps else "",
        "dial_in": event.dial_in if may_join(booking) else "",
        "spelled": spelled(booking.reference),
        "names": [place.adult.name for place in booking.places if place.adult and place.adult.name],
    }


def _address(event: Event) -> list[str]:
    venue = event.venue
    if venue is None or event.delivery == Delivery.ONLINE:
        return []
    lines = [venue.name, *venue.address.splitlines(), venue.town, venue.postcode or venue.outcode]
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _besides(lines: list[str], steps: list[str]) -> list[str]:
    """Leave out what the steps from the street to the room say already."""
    said = {" ".join(step.split()) for step in steps}
    return [line for line in lines if line not in said]
