"""The edge: what comes in over HTTP, one folder an audience."""

from __future__ import annotations

from flask import Flask

from booking.web import door, feeds, public, staff
from booking.web.shared import addresses, errors, headers, languages, logs, templating, weight


def init_app(app: Flask) -> None:
    """Register every audience's pages and what they share."""
    logs.init_app(app)
    templating.init_app(app)
    languages.init_app(app)
    headers.init_app(app)
    addresses.init_app(app)
    errors.init_app(app)
    weight.init_app(app)
    staff.init_app(app)
    for blueprint in (*public.blueprints, *feeds.blueprints, *door.blueprints):
        app.register_blueprint(blueprint)
