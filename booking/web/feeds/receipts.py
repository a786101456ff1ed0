"""Take GOV.UK Notify's word about a text: it calls us as soon as it knows, with a token that we gave it."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Response, abort, current_app, request

from booking.extensions import csrf, transaction
from booking.rules.receipts import notify_id
from booking.services.note_receipt import note_receipt
from booking.web.feeds.blueprint import feeds

LONGEST = 10_000
"""Bytes of one receipt: it is a handful of short words."""


@feeds.post("/texts/receipts")
def text_receipts() -> Response:
    """Note one receipt. Whatever it is about, the answer is the same: anything else would only be sent again."""
    _let_in_the_carrier_only()
    request.max_content_length = LONGEST
    told = request.get_json(force=True, silent=True)
    reference, word = _word(told, "reference"), _word(told, "status")
    if not isinstance(told, dict) or not word:
        abort(400)
    with transaction():
        note_receipt(reference, word, carrier_id=notify_id(told.get("id")))
    return Response(status=204)


csrf.exempt(text_receipts)


def _let_in_the_carrier_only() -> None:
    """Answer 404 where no token is set, and 403 to whoever does not know it."""
    token: str = current_app.extensions["config"].sms_callback_token
    if not token:
        abort(404)
    said = request.headers.get("Authorization", "")
    if not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        abort(403)


def _word(told: Any, name: str) -> str:
    word = told.get(name) if isinstance(told, dict) else None
    return word if isinstance(word, str) else ""
