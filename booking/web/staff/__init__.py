"""What PACT staff use, behind sign-in."""

from __future__ import annotations

from flask import Flask

from booking.web.staff import account, frame, home, sign_in, venues
from booking.web.staff.blueprint import staff

__all__ = ["account", "home", "init_app", "venues"]


def init_app(app: Flask) -> None:
    """Set up sign-in and register the staff pages."""
    sign_in.init_app(app)
    frame.init_app(app)
    app.register_blueprint(staff)
