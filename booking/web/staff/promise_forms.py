"""The forms about a promise: who sees to it, how the family was told, why we cannot do it, what they say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from booking.models import NeedRequest
from booking.queries.promise import suppliers_for, who_may_own
from booking.rules.words import Alternative, CannotReason, StaffRole
from booking.services.plan_need import NeedPlan
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.money_field import MoneyField
from booking.web.staff.need_words import ALTERNATIVES, CHOICES, OWNER_ROLES, REASONS, TOLD_HOW


class PlanForm(HouseForm):
    """Who sees to it, who does it for us, what it costs."""

    owner = SelectField(_l("Who sees to it?"))
    supplier = SelectField(_l("Who does it for us? (optional)"))
    cost = MoneyField(_l("Cost in pounds (optional)"))

    def plan(self) -> NeedPlan:
        """Return what was chosen."""
        kind, _, code = (self.owner.data or "").partition(":")
        return NeedPlan(
            owner_id=int(code) if kind == "staff" else None,
            owner_role=StaffRole(code) if kind == "role" else None,
            supplier_id=int(self.supplier.data) if self.supplier.data else None,
            cost_p=self.cost.data,
        )


class TellForm(HouseForm):
    """How the family was told."""

    how = RadioField(
        _l("How did you tell them?"),
        [Needed(_l("Say how you told them."))],
        choices=[SelectChoice(how.value, text) for how, text in TOLD_HOW.items()],
    )


class ChoiceForm(HouseForm):
    """What the family says to what we offer."""

    choice = RadioField(
        _l("What do they say to what we offer?"),
        [Needed(_l("Say what the family wants."))],
        choices=[SelectChoice(choice.value, text) for choice, text in CHOICES.items()],
    )


class DeclineForm(HouseForm):
    """Why we cannot do it and what we offer instead."""

    reason = RadioField(
        _l("Why can we not do it?"),
        [Needed(_l("Say why we cannot do it."))],
        choices=[SelectChoice(reason.value, text) for reason, text in REASONS.items()],
    )
    words = TextAreaField(
        _l("In your own words (optional)"),
        [AtMost(500)],
        description=_l("The family reads this on its page. Short and kind, as you would say it to their face."),
    )
    alternative = RadioField(
        _l("What do we offer instead?"),
        [Needed(_l("Say what we offer instead."))],
        choices=[SelectChoice(alternative.value, text) for alternative, text in ALTERNATIVES.items()],
    )

    def given(self) -> tuple[CannotReason, str | None, Alternative]:
        """Return what was chosen."""
        return CannotReason(self.reason.data), self.words.data or None, Alternative(self.alternative.data)


def plan_form(need: NeedRequest) -> PlanForm:
    """Return the form as the plan stands."""
    owner = f"staff:{need.owner_id}" if need.owner_id else f"role:{need.owner_role}" if need.owner_role else ""
    form = PlanForm(data={"owner": owner, "supplier": str(need.supplier_id or ""), "cost": need.cost_p})
    members = [SelectChoice(f"staff:{member.id}", member.name or member.email) for member in who_may_own()]
    form.owner.choices = [SelectChoice("", str(_l("Nobody yet"))), *_roles(), *members]
    if owner and owner not in [choice.value for choice in form.owner.choices]:
        form.owner.choices.append(SelectChoice(owner, need.owner.name if need.owner else str(need.owner_role)))
    form.supplier.choices = [SelectChoice("", str(_l("Nobody, or we do it ourselves")))] + [
        SelectChoice(
            str(row.id),
            str(_l("%(name)s (%(days)s working days' notice)", name=row.name, days=row.notice_days)),
        )
        for row in suppliers_for(need.code, keep=need.supplier_id)
    ]
    return form


def _roles() -> list[SelectChoice]:
    return [SelectChoice(f"role:{role.value}", str(text)) for role, text in OWNER_ROLES.items()]
