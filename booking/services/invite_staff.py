"""Make a member of staff, or give one a new way in: a one-time link, never a default password."""

from __future__ import annotations

import uuid

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from booking.errors import Refusal
from booking.extensions import db
from booking.models import Role, Staff
from booking.rules.words import StaffRole
from booking.services.record_audit import record_audit


def invite_staff(email: str, *, name: str | None = None, role: StaffRole | None = None) -> Staff:
    """Return the person with this address, new or known; older links and open sign-ins of theirs end.

    Somebody new needs a role. Raise Refusal for an address that cannot be one.
    """
    address = _address(email)
    member = db.session.scalar(select(Staff).where(func.lower(Staff.email) == address.lower()).with_for_update())
    is_new = member is None
    if member is None:
        if role is None:
            raise Refusal("A new member of staff needs a role.", field="role")
        member = Staff(email=address, name="", active=True)
        db.session.add(member)
    member.name = (name or member.name).strip()
    member.active = True
    member.fs_uniquifier = uuid.uuid4().hex
    if role is not None:
        member.roles = [_role(role)]
    db.session.flush()
    facts = {"new": is_new, "roles": [each.name for each in member.roles]}
    record_audit("staff invited", screen="command", subject_type="staff", subject_id=member.id, facts=facts)
    return member


def _role(role: StaffRole) -> Role:
    return db.session.scalar(select(Role).where(Role.name == role.value)) or Role(name=role.value)


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Refusal(f"{email!r} is not an e-mail address.", field="email") from error
