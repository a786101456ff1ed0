"""Keep, sealed, what a member of staff had typed when their sign-in ended."""

from __future__ import annotations

from sqlalchemy import delete, select

from booking import clock
from booking.cipher import random_token, token_digest
from booking.extensions import db
from booking.models import HeldForm, Staff
from booking.rules.staff_time import TYPED_KEPT


def hold_form(fs_uniquifier: str, *, path: str, fields: dict[str, list[str]]) -> str | None:
    """Return the token of what is kept; None if nobody of the staff has this mark (any more)."""
    member_id = db.session.scalar(select(Staff.id).where(Staff.fs_uniquifier == fs_uniquifier, Staff.active))
    if member_id is None:
        return None
    token = random_token()
    db.session.add(
        HeldForm(
            staff_id=member_id,
            token_digest=token_digest(token),
            path=path,
            fields=fields,
            expires_at=clock.now() + TYPED_KEPT,
        )
    )
    db.session.flush()
    return token


def sweep_held_forms() -> int:
    """Delete those whose day is over and return how many there were."""
    statement = delete(HeldForm).where(HeldForm.expires_at < clock.now()).execution_options(synchronize_session=False)
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]
