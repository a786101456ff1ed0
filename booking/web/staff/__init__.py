"""What PACT staff use, behind sign-in. Each module adds its routes to the one blueprint."""

from __future__ import annotations

from flask import Flask

from booking.web.staff import (
    account,
    calls,
    courses,
    figures,
    find_booking,
    frame,
    home,
    inbox,
    links,
    message_page,
    message_samples,
    messages,
    needs,
    people,
    phone_bookings,
    photos,
    session_moves,
    sessions,
    sign_in,
    slots,
    typed,
    venues,
    who_looked,
    wishes,
)
from booking.web.staff.blueprint import staff

__all__ = [
    "account",
    "calls",
    "courses",
    "figures",
    "find_booking",
    "home",
    "inbox",
    "links",
    "message_page",
    "message_samples",
    "messages",
    "needs",
    "people",
    "phone_bookings",
    "photos",
    "session_moves",
    "sessions",
    "slots",
    "typed",
    "venues",
    "who_looked",
    "wishes",
]


def init_app(app: Flask) -> None:
    """Set up sign-in and register the staff pages."""
    sign_in.init_app(app)
    frame.init_app(app)
    app.register_blueprint(staff)
