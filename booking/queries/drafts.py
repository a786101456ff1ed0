"""Read an unfinished booking form, for the browser that began it and for no other."""

from __future__ import annotations

import hmac

from sqlalchemy import select

from booking import clock
from booking.cipher import token_digest
from booking.extensions import db
from booking.models import Draft


def find_draft(token: str, *, browser: str) -> Draft | None:
    """Find the draft of a token; None in another browser, and after its 24 hours."""
    draft = db.session.scalars(
        select(Draft).where(Draft.token_digest == token_digest(token), Draft.expires_at > clock.now())
    ).one_or_none()
    if draft is None or not hmac.compare_digest(draft.browser_digest, token_digest(browser)):
        return None
    return draft
