"""Find what a member of staff had typed, for them and for nobody else."""

from __future__ import annotations

from sqlalchemy import select

from booking import clock
from booking.cipher import token_digest
from booking.extensions import db
from booking.models import HeldForm


def find_held_form(token: str, *, staff_id: int) -> HeldForm | None:
    """Return the form of a token; None for somebody else, and after its day."""
    return db.session.scalar(
        select(HeldForm).where(
            HeldForm.token_digest == token_digest(token),
            HeldForm.staff_id == staff_id,
            HeldForm.expires_at > clock.now(),
        )
    )
