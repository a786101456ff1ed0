"""Delete unfinished forms whose day is over: of bookings, and of staff whose sign-in ended."""

from __future__ import annotations

from sqlalchemy import delete

from booking import clock
from booking.extensions import db
from booking.models import Draft
from booking.services.hold_form import sweep_held_forms


def sweep_drafts() -> int:
    """Delete them and return how many there were."""
    statement = delete(Draft).where(Draft.expires_at < clock.now()).execution_options(synchronize_session=False)
    drafts: int = db.session.execute(statement).rowcount  # type: ignore[attr-defined]
    return drafts + sweep_held_forms()
