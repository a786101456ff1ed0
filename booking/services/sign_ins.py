"""Begin and end the sign-ins of staff: one row for each browser somebody is signed in with."""

from __future__ import annotations

from sqlalchemy import delete

from booking.cipher import random_token, token_digest
from booking.extensions import db
from booking.models import SignIn
from booking.services.record_audit import record_audit


def begin_sign_in(staff_id: int, *, browser: str) -> str:
    """Note that somebody is signed in with this browser; return the secret that it keeps."""
    token = random_token()
    db.session.add(SignIn(staff_id=staff_id, token_digest=token_digest(token), browser=browser))
    db.session.flush()
    return token


def end_sign_in(token: str) -> None:
    """End the sign-in of the browser that holds this secret."""
    db.session.execute(delete(SignIn).where(SignIn.token_digest == token_digest(token)))


def end_one_sign_in(sign_in_id: int, *, staff_id: int) -> bool:
    """End one sign-in of this person, from whichever browser; False if there is no such one (any more)."""
    done = db.session.execute(delete(SignIn).where(SignIn.id == sign_in_id, SignIn.staff_id == staff_id))
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    record_audit("sign-in ended", screen="staff.account", subject_type="staff", subject_id=staff_id)
    return True


def end_other_sign_ins(staff_id: int, *, but: str) -> int:
    """End all sign-ins of this person but that of the browser with this secret; return how many there were."""
    others = delete(SignIn).where(SignIn.staff_id == staff_id, SignIn.token_digest != token_digest(but))
    ended: int = db.session.execute(others).rowcount  # type: ignore[attr-defined]
    facts = {"ended": ended}
    record_audit("other sign-ins ended", screen="staff.account", subject_type="staff", subject_id=staff_id, facts=facts)
    return ended


def end_all_sign_ins(staff_id: int) -> None:
    """End every sign-in of this person: they left, or have a new password."""
    db.session.execute(delete(SignIn).where(SignIn.staff_id == staff_id))
