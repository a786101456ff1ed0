"""Send one picture: for ever to whoever may keep it, or to nobody's memory when its place is private."""

from __future__ import annotations

import re

from flask import Response
from flask_babel import gettext as _

from booking.errors import NotFound

A_YEAR = 31_536_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Return whether this can be the name of a picture; nothing else is asked of the database."""
    return _DIGEST.fullmatch(text) is not None


def send_picture(found: tuple[bytes, str] | None) -> Response:
    """Answer with a picture whose address names its bytes. Raise NotFound.

    On a page that is personal the frame says `no-store`; elsewhere it never changes, so it is asked for once.
    """
    if found is None:
        raise NotFound(_("We cannot find that picture."))
    image, media_type = found
    response = Response(image, content_type=media_type)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
