"""Let somebody leave in one step: they are signed out everywhere, and their work goes to somebody else."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select, update

from booking.errors import Refusal
from booking.extensions import db
from booking.models import AttendanceImport, Duty, HeldForm, Staff
from booking.queries.people import count_owned, owned_columns
from booking.services.give_roles import keep_an_admin, lock_person
from booking.services.record_audit import record_audit
from booking.services.sign_ins import end_all_sign_ins


def remove_person(staff_id: int, *, hand_on_to: int | None) -> Staff:
    """Remove somebody; what they did stays under their name. Raise Refusal.

    The last admin stays, and whoever has work left needs somebody to hand it on to.
    """
    member = lock_person(staff_id)
    keep_an_admin(member, ())
    work = count_owned(staff_id)
    heir = _heir(staff_id, hand_on_to, is_needed=any(work.values()))
    if heir is not None:
        _hand_on(staff_id, heir.id)
    db.session.execute(delete(Duty).where(Duty.staff_id == staff_id))
    db.session.execute(delete(HeldForm).where(HeldForm.staff_id == staff_id))
    db.session.execute(delete(AttendanceImport).where(AttendanceImport.staff_id == staff_id))
    end_all_sign_ins(staff_id)
    _shut_out(member)
    facts = {"handed_on_to": heir.id if heir else None, "work": work}
    record_audit("staff removed", screen="staff.remove_person", subject_type="staff", subject_id=staff_id, facts=facts)
    return member


def _heir(staff_id: int, wanted: int | None, *, is_needed: bool) -> Staff | None:
    heir = db.session.get(Staff, wanted) if wanted else None
    if heir is not None and (not heir.active or heir.id == staff_id):
        raise Refusal("Choose somebody who is still there.", field="hand_on_to")
    if heir is None and is_needed:
        raise Refusal("Choose who takes over their work.", field="hand_on_to")
    return heir


def _hand_on(staff_id: int, heir_id: int) -> None:
    """Give sessions, needs and duties to the heir, who may have some of the duties already."""
    for table, name in owned_columns():
        db.session.execute(update(table).where(table.c[name] == staff_id).values({name: heir_id}))
    theirs = set(db.session.scalars(select(Duty.event_id).where(Duty.staff_id == heir_id)))
    for event_id in db.session.scalars(select(Duty.event_id).where(Duty.staff_id == staff_id)).all():
        if event_id not in theirs:
            db.session.add(Duty(staff_id=heir_id, event_id=event_id))
    db.session.flush()
    db.session.expire_all()


def _shut_out(member: Staff) -> None:
    member.active = False
    member.roles = []
    member.all_sessions = False
    member.password = None
    member.fs_uniquifier = uuid.uuid4().hex
    member.tf_primary_method = member.tf_totp_secret = member.mf_recovery_codes = member.tf_last_counter = None
    db.session.flush()
