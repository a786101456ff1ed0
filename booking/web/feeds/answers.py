"""Send bytes that are asked for again and again: compressed, strong ETag, Last-Modified, 304 when nothing changed."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime

from flask import Response, request

from booking.models import Event

WORTH_IT = 1024
LEVEL = 5


def send_feed(
    body: bytes, *, mimetype: str, changed_at: datetime | None, max_age: int, is_private: bool = False
) -> Response:
    """Return the bytes with what a cache needs, or 304; `max_age` in seconds. A private one is for its reader alone."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    whose = "private" if is_private else "public"
    response.headers["Cache-Control"] = f"{whose}, max-age={max_age}" if max_age else f"{whose}, no-cache"
    if is_private:
        response.headers["X-Robots-Tag"] = "noindex"
    else:
        response.headers["Access-Control-Allow-Origin"] = "*"
    _compress(response)
    response.add_etag()
    if changed_at:
        response.last_modified = changed_at
    response.make_conditional(request)
    response.headers.pop("Date", None)  # the server says it itself
    return response


def last_change(events: Iterable[Event]) -> datetime | None:
    """Return when one of these last changed."""
    return max((event.changed_at for event in events), default=None)


def _compress(response: Response) -> None:
    """Compress for whoever takes it. The ETag is that of the bytes sent, so each form of them has its own."""
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if request.accept_encodings["gzip"] and len(body) >= WORTH_IT:
        response.set_data(gzip.compress(body, compresslevel=LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
