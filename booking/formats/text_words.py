"""Say a message in one text: no name, no need, no child, and nothing about special educational needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale

from booking.extensions import locale_of
from booking.formats import words_for
from booking.formats.sender import our_sender
from booking.models import Booking
from booking.rules.texts import fit
from booking.rules.words import BookingStatus, Delivery, MessageKind


def text_in_words(
    kind: MessageKind, booking: Booking, *, facts: dict[str, Any] | None, others: Sequence[Booking] = ()
) -> str:
    """Return a text in the booking's language. Its template gives a part a line, what matters most first.

    The session's title stays out: anybody may see a text on a phone that lies on the table. `others` are further
    bookings of the family at the same session: two links would not fit, so none is sent.
    """
    with force_locale(locale_of(booking.lang)):
        values = _values(booking, facts or {})
        if others:
            values["when"] = words_for.briefest_when(min(each.starts_at for each in (booking, *others)))
        values["bookings"] = 1 + len(others)
        said = current_app.jinja_env.get_template(f"messages/{kind.value}/text.txt").render(values)
    return fit(line for line in said.splitlines() if line.strip())


def _values(booking: Booking, facts: dict[str, Any]) -> dict[str, Any]:
    sender = our_sender(booking.lang)
    starts_at = booking.starts_at
    was_at = datetime.fromisoformat(facts["was"]["starts_at"]) if "was" in facts else starts_at
    return {
        "booking": booking,
        "is_waiting": booking.status == BookingStatus.WAITING,
        "name": sender.name,
        "when": words_for.briefest_when(starts_at),
        "was": words_for.briefest_when(was_at),
        "has_moved": was_at != starts_at,
        "is_put_off": booking.event.is_put_off,
        "place": _place(booking),
        "until": words_for.briefest_when(booking.offer_ends_at) if booking.offer_ends_at else "",
        "more": facts.get("more", 0),
        "link": sender.booking_link(booking),
        "help_phone": sender.help_phone,
        "reference": words_for.spoken_reference(booking.reference),
    }


def _place(booking: Booking) -> str:
    """Name the place to who has one; a confidential one is named on the family's page alone."""
    event = booking.event
    if event.delivery == Delivery.ONLINE or event.venue is None or event.venue.is_confidential:
        return ""
    return event.venue.name if booking.status == BookingStatus.CONFIRMED else ""
