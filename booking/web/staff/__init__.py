"""What PACT staff use, behind sign-in. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from flask import Flask

from booking.web.staff import (
    account,
    calls,
    closures,
    complaints,
    courses,
    day_sheet,
    facts_to_check,
    family_held,
    figures,
    find_booking,
    forget_family,
    frame,
    hire,
    home,
    inbox,
    links,
    message_page,
    message_samples,
    messages,
    outcomes,
    people,
    phone_bookings,
    photos,
    privacy,
    promise,
    promises,
    rooms,
    session_moves,
    sessions,
    sign_in,
    slots,
    suppliers,
    typed,
    venue_calendar,
    venues,
    who_looked,
    wishes,
)
from booking.web.staff.blueprint import staff

__all__ = [
    "account",
    "calls",
    "closures",
    "complaints",
    "courses",
    "day_sheet",
    "facts_to_check",
    "family_held",
    "figures",
    "find_booking",
    "forget_family",
    "hire",
    "home",
    "inbox",
    "links",
    "message_page",
    "message_samples",
    "messages",
    "outcomes",
    "people",
    "phone_bookings",
    "photos",
    "privacy",
    "promise",
    "promises",
    "rooms",
    "session_moves",
    "sessions",
    "slots",
    "suppliers",
    "typed",
    "venue_calendar",
    "venues",
    "who_looked",
    "wishes",
]


def init_app(app: Flask) -> None:
    """Set up sign-in and register the staff pages."""
    sign_in.init_app(app)
    frame.init_app(app)
    app.register_blueprint(staff)
