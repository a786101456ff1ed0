"""Make a member of staff, or give one a new way in: a one-time link, never a default password."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from booking.errors import Refusal
from booking.extensions import db
from booking.models import Staff
from booking.rules.words import StaffRole
from booking.services.give_roles import give_roles, keep_an_admin
from booking.services.record_audit import record_audit
from booking.services.sign_ins import end_all_sign_ins


def invite_staff(
    email: str,
    *,
    name: str | None = None,
    role: StaffRole | None = None,
    roles: Collection[StaffRole] = (),
    all_sessions: bool = True,
    sessions: Collection[int] = (),
    only_new: bool = False,
    screen: str = "command",
) -> Staff:
    """Return the person with this address, new or known; older links and open sign-ins of theirs end.

    Somebody new needs a role. Raise Refusal for an address that cannot be one, or, with `only_new`, of somebody who
    is there.
    """
    address = _address(email)
    wanted = {*roles, role} - {None} if role else set(roles)
    member = db.session.scalar(select(Staff).where(func.lower(Staff.email) == address.lower()).with_for_update())
    is_new = member is None or not member.active
    if only_new and not is_new:
        raise Refusal(
            "Somebody with this address is there already. Change what they may do on their page.", field="email"
        )
    if is_new and not wanted:
        raise Refusal("A new member of staff needs a role.", field="roles")
    if member is None:
        member = Staff(email=address, name="", active=True)
        db.session.add(member)
    member.name = (name or member.name).strip()
    member.active = True
    member.fs_uniquifier = uuid.uuid4().hex
    db.session.flush()
    if wanted:
        keep_an_admin(member, wanted)
        give_roles(member, {role for role in wanted if role}, all_sessions=all_sessions, sessions=sessions)
    end_all_sign_ins(member.id)
    facts = {"new": is_new, "roles": sorted(each.name for each in member.roles)}
    record_audit("staff invited", screen=screen, subject_type="staff", subject_id=member.id, facts=facts)
    return member


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Refusal(f"{email!r} is not an e-mail address.", field="email") from error
