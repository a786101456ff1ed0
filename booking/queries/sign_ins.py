"""Where somebody of the staff is signed in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from booking.cipher import token_digest
from booking.extensions import db
from booking.models import SignIn


def find_sign_in(token: str, *, staff_id: int) -> SignIn | None:
    """Return the sign-in of this browser, if it is this person's and has not been ended."""
    return db.session.scalar(
        select(SignIn).where(SignIn.token_digest == token_digest(token), SignIn.staff_id == staff_id)
    )


def list_sign_ins(staff_id: int) -> Sequence[SignIn]:
    """Return where this person is signed in, the latest first."""
    return db.session.scalars(select(SignIn).where(SignIn.staff_id == staff_id).order_by(SignIn.id.desc())).all()
