"""Delete unfinished booking forms whose day is over."""

from __future__ import annotations

from sqlalchemy import delete

from booking import clock
from booking.extensions import db
from booking.models import Draft


def sweep_drafts() -> int:
    """Delete them and return how many there were."""
    statement = delete(Draft).where(Draft.expires_at < clock.now()).execution_options(synchronize_session=False)
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]
