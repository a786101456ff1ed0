"""Set a password with the one-time link, which is void from then on."""

from __future__ import annotations

import uuid

from flask_security import hash_password
from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.formats.invitations import invited_id, is_good
from booking.models import Staff
from booking.services.record_audit import record_audit
from booking.services.sign_ins import end_all_sign_ins


def find_invited(token: str, *, lock: bool = False) -> Staff | None:
    """Return the person whose link this is; None if it is spoiled, used or too old."""
    number = invited_id(token)
    statement = select(Staff).where(Staff.id == number, Staff.active)
    if lock:
        statement = statement.with_for_update(of=Staff).execution_options(populate_existing=True)
    member = db.session.scalar(statement) if number is not None else None
    return member if member and is_good(token, member, now=clock.now()) else None


def set_staff_password(token: str, password: str) -> Staff:
    """Set the password; two-step sign-in starts afresh, so that a lost phone locks nobody out. Raise NotFound."""
    member = find_invited(token, lock=True)
    if member is None:
        raise NotFound("This link does not work any more.")
    member.password = hash_password(password)
    member.fs_uniquifier = uuid.uuid4().hex
    member.tf_primary_method = None
    member.tf_totp_secret = None
    member.tf_last_counter = None
    member.mf_recovery_codes = None
    db.session.flush()
    end_all_sign_ins(member.id)
    record_audit("password set by link", screen="staff.set_password", subject_type="staff", subject_id=member.id)
    return member
