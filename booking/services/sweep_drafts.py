"""Delete what is kept for a day: unfinished forms of bookings, and of staff whose sign-in ended; files given to us."""

from __future__ import annotations

from sqlalchemy import delete

from booking import clock
from booking.extensions import db
from booking.models import Draft
from booking.services.hold_form import sweep_held_forms
from booking.services.keep_attendance_import import sweep_attendance_imports


def sweep_drafts() -> int:
    """Delete them and return how many there were."""
    statement = delete(Draft).where(Draft.expires_at < clock.now()).execution_options(synchronize_session=False)
    drafts: int = db.session.execute(statement).rowcount  # type: ignore[attr-defined]
    return drafts + sweep_held_forms() + sweep_attendance_imports()
