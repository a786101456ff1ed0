"""What PACT staff use, behind sign-in. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from flask import Flask

from booking.web.staff import (
    account,
    calls,
    courses,
    day_sheet,
    figures,
    find_booking,
    frame,
    home,
    inbox,
    links,
    message_page,
    message_samples,
    messages,
    outcomes,
    phone_bookings,
    photos,
    promise,
    promises,
    session_moves,
    sessions,
    sign_in,
    slots,
    suppliers,
    venues,
    wishes,
)
from booking.web.staff.blueprint import staff

__all__ = [
    "account",
    "calls",
    "courses",
    "day_sheet",
    "figures",
    "find_booking",
    "home",
    "inbox",
    "links",
    "message_page",
    "message_samples",
    "messages",
    "outcomes",
    "phone_bookings",
    "photos",
    "promise",
    "promises",
    "session_moves",
    "sessions",
    "slots",
    "suppliers",
    "venues",
    "wishes",
]


def init_app(app: Flask) -> None:
    """Set up sign-in and register the staff pages."""
    sign_in.init_app(app)
    frame.init_app(app)
    app.register_blueprint(staff)
