"""Say what a member of staff may do: their roles, and the sessions that are theirs."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from booking.errors import Refusal
from booking.extensions import db
from booking.models import Duty, Event, Role, Staff
from booking.queries.people import admins
from booking.rules.permissions import leaves_an_admin
from booking.rules.words import StaffRole
from booking.services.record_audit import record_audit


def change_person(
    staff_id: int, *, name: str, roles: Collection[StaffRole], all_sessions: bool, sessions: Collection[int]
) -> Staff:
    """Change the name, the roles and the sessions of somebody; it holds from their next page on. Raise Refusal."""
    member = lock_person(staff_id)
    if not roles:
        raise Refusal("Choose a role. To take all roles away, remove the person.", field="roles")
    keep_an_admin(member, roles)
    was = sorted(role.name for role in member.roles)
    member.name = name.strip()
    give_roles(member, roles, all_sessions=all_sessions, sessions=sessions)
    facts = {"was": was, "now": sorted(roles), "all_sessions": all_sessions, "sessions": sorted(sessions)}
    record_audit("roles changed", screen="staff.person", subject_type="staff", subject_id=member.id, facts=facts)
    return member


def lock_person(staff_id: int) -> Staff:
    """Return somebody who is active, locked together with all admins, so that two cannot both be the last to go."""
    everybody = select(Staff).where(Staff.active).order_by(Staff.id).with_for_update(of=Staff)
    found = db.session.scalars(everybody.execution_options(populate_existing=True)).all()
    member = next((each for each in found if each.id == staff_id), None)
    if member is None:
        raise Refusal("There is no such person, or they have left.")
    return member


def keep_an_admin(member: Staff, roles: Collection[StaffRole | None]) -> None:
    """Refuse to take the role of admin from the last one. Raise Refusal."""
    there = admins()
    if member.id in there and StaffRole.ADMIN not in roles and not leaves_an_admin(there, without=member.id):
        raise Refusal("There must be an admin. Make somebody else one first.", field="roles")


def give_roles(member: Staff, roles: Collection[StaffRole], *, all_sessions: bool, sessions: Collection[int]) -> None:
    """Give exactly these roles, and duties at these sessions, to come or over."""
    member.roles = [_role(role) for role in StaffRole if role in roles]
    member.all_sessions = all_sessions
    db.session.execute(delete(Duty).where(Duty.staff_id == member.id))
    known = db.session.scalars(select(Event.id).where(Event.id.in_(sessions))).all() if sessions else []
    db.session.add_all(Duty(staff_id=member.id, event_id=event_id) for event_id in known)
    db.session.flush()


def _role(role: StaffRole) -> Role:
    return db.session.scalar(select(Role).where(Role.name == role.value)) or Role(name=role.value)
