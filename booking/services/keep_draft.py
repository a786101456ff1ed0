"""Keep an unfinished booking form, sealed, for 24 hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from booking import clock
from booking.cipher import random_token, token_digest
from booking.extensions import db
from booking.models import Draft

KEPT_FOR = timedelta(hours=24)


def begin_draft(event_id: int, *, browser: str, answers: dict[str, Any], lang: str) -> str:
    """Begin a draft for the browser that holds this secret; return the draft's token."""
    token = random_token()
    db.session.add(
        Draft(
            event_id=event_id,
            token_digest=token_digest(token),
            browser_digest=token_digest(browser),
            answers=answers,
            lang=lang,
            expires_at=clock.now() + KEPT_FOR,
        )
    )
    db.session.flush()
    return token


def keep_answers(draft_id: int, answers: dict[str, Any]) -> None:
    """Add one page's answers to those of the pages before; the 24 hours begin anew."""
    draft = db.session.scalars(select(Draft).where(Draft.id == draft_id).with_for_update()).one()
    draft.answers = draft.answers | answers
    draft.expires_at = clock.now() + KEPT_FOR
    db.session.flush()


def empty_draft(draft_id: int) -> None:
    """Forget the answers but not the draft: sent again, it must still find its booking."""
    draft = db.session.scalars(select(Draft).where(Draft.id == draft_id)).one()
    draft.answers = {}
    db.session.flush()


def clear_draft(draft_id: int) -> None:
    """Forget a draft and everything typed into it."""
    db.session.execute(delete(Draft).where(Draft.id == draft_id))
