"""Say who sees to a request, who does it for us, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking.errors import Refusal
from booking.extensions import db
from booking.models import NeedRequest, Staff, Supplier
from booking.rules.permissions import Action, may
from booking.rules.words import StaffRole
from booking.services.locks import lock_need
from booking.services.record_audit import record_audit


@dataclass(frozen=True, kw_only=True)
class NeedPlan:
    """Who sees to it: a member of staff, whoever has a role, or nobody yet. `cost_p` is pence."""

    owner_id: int | None = None
    owner_role: StaffRole | None = None
    supplier_id: int | None = None
    cost_p: int | None = None


def plan_need(need_id: int, plan: NeedPlan) -> NeedRequest:
    """Save the plan. Raise NotFound, or Refusal for somebody who may not see it and a supplier that is put away."""
    need = lock_need(need_id)
    if plan.owner_id is not None and plan.owner_id != need.owner_id:
        _refuse_who_may_not(plan.owner_id)
    if plan.supplier_id is not None and plan.supplier_id != need.supplier_id:
        _refuse_if_put_away(plan.supplier_id)
    need.owner_id = plan.owner_id
    need.owner_role = plan.owner_role if plan.owner_id is None else None
    need.supplier_id, need.cost_p = plan.supplier_id, plan.cost_p
    db.session.flush()
    record_audit(
        "need plan",
        screen="staff.promise",
        subject_type="booking",
        subject_id=need.booking_id,
        facts={"owner": plan.owner_id, "role": plan.owner_role, "supplier": plan.supplier_id, "cost_p": plan.cost_p},
    )
    return need


def _refuse_who_may_not(staff_id: int) -> None:
    member = db.session.get(Staff, staff_id)
    if member is None or not member.active or not may((role.name for role in member.roles), Action.SEE_NEEDS):
        raise Refusal("This person may not see what families ask for. Choose somebody else.", field="owner")


def _refuse_if_put_away(supplier_id: int) -> None:
    known = db.session.scalar(
        select(Supplier.id).where(Supplier.id == supplier_id, Supplier.archived_at.is_(None)).with_for_update()
    )
    if known is None:
        raise Refusal("This supplier was put away. Choose another one.", field="supplier")
