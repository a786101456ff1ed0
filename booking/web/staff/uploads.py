"""The few staff pages that take a file: more than a form may hold, and only from who may use them."""

from __future__ import annotations

from typing import Any

from flask import request

from booking.formats import attendance_input, pictures, shared_file
from booking.web.shared.access import REQUIRED, may_now
from booking.web.staff.blueprint import staff

MOST_SENT = {
    "staff.import_attendance": attendance_input.MOST_BYTES * 11 // 10,
    "staff.venue_photos": pictures.MOST_BYTES * 3 // 2,
    "staff.what_we_heard": shared_file.MOST_BYTES * 3 // 2,
}
"""Bytes: more than a file may have, so that one somewhat too large is refused beside its field with nothing typed
lost."""


@staff.url_value_preprocessor
def _take_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let these pages take more than forms do, before anything reads the form."""
    if endpoint in MOST_SENT and request.method == "POST" and may_now(REQUIRED[endpoint]):
        request.max_content_length = MOST_SENT[endpoint]
