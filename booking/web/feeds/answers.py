"""Send bytes that are asked for again and again: strong ETag, Last-Modified, 304 when nothing changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Response, request

from booking.models import Event


def send_feed(body: bytes, *, mimetype: str, changed_at: datetime | None, max_age: int) -> Response:
    """Return the bytes with what a cache needs, or 304; `max_age` in seconds."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    if changed_at:
        response.last_modified = changed_at
    response.make_conditional(request)
    response.headers.pop("Date", None)  # the server says it itself
    return response


def last_change(events: Iterable[Event]) -> datetime | None:
    """Return when one of these last changed."""
    return max((event.changed_at for event in events), default=None)
