"""People: who there is, what each may do, inviting and removing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.errors import Refusal
from booking.extensions import transaction
from booking.formats.words_for import short_date, wording
from booking.models import Staff
from booking.queries.people import (
    coming_sessions_of,
    count_owned,
    duties_of,
    get_person,
    list_people,
    sessions_to_give,
)
from booking.queries.staff_messages import latest_to_staff
from booking.rules.permissions import HAS_SESSIONS
from booking.rules.words import StaffRole
from booking.services.give_roles import change_person
from booking.services.invite_staff import invite_staff
from booking.services.record_audit import record_view
from booking.services.remove_person import remove_person as remove
from booking.services.tell_staff import tell_invited
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.staff.blueprint import staff

ROLE_HINTS = {
    StaffRole.ORGANISER: _l("Plans sessions and sees the families who booked them."),
    StaffRole.VENUE: _l("Looks after places. Sees no family."),
    StaffRole.FRONT_DESK: _l("Keeps the register, from 12 hours before a session to 12 hours after it."),
    StaffRole.ACCESS_LEAD: _l("Sees what every family asked for, and arranges it."),
    StaffRole.INSIGHT: _l("Sees numbers. Sees no family."),
    StaffRole.PRIVACY_LEAD: _l("Answers families: shows, copies and erases what is kept of one, and sees who looked."),
    StaffRole.ADMIN: _l("Invites and removes people. Sees no family."),
}
ALL, SOME = "all", "some"


class PersonForm(HouseForm):
    """Who somebody is and what they do."""

    name = StringField(_l("Name"), [Needed(_l("Write the name.")), AtMost(120)])
    roles = SelectMultipleField(_l("What do they do?"), validate_choice=False)
    which = RadioField(
        _l("Which sessions?"),
        description=_l("For organisers and the front desk. Organisers also have those they make themselves."),
        default=SOME,
    )
    sessions = SelectMultipleField(_l("These sessions"), validate_choice=False)

    def validate_roles(self, field: Any) -> None:
        """Refuse no role, and one that there is not."""
        if not field.data or not set(field.data) <= set(StaffRole):
            raise ValidationError(_("Choose at least one role."))

    def validate_which(self, field: Any) -> None:
        """Take nothing for an answer from those whom it does not concern."""
        field.data = field.data if field.data in (ALL, SOME) else SOME

    def given(self) -> dict[str, Any]:
        """Return the roles and the sessions as the services take them."""
        roles = [StaffRole(role) for role in self.roles.data or ()]
        has_sessions = any(role in HAS_SESSIONS for role in roles)
        numbers = [
            int(each) for each in self.sessions.data or () if each.isascii() and each.isdigit() and len(each) < 10
        ]
        return {
            "roles": roles,
            "all_sessions": has_sessions and self.which.data == ALL,
            "sessions": numbers if has_sessions and self.which.data == SOME else [],
        }


class InviteForm(PersonForm):
    """The same, with the address that the link goes to."""

    email = StringField(_l("Email"), [Needed(_l("Write the email address.")), AtMost(254)])


class RemoveForm(HouseForm):
    """Who takes over."""

    hand_on_to = SelectField(_l("Who takes over their work?"), validate_choice=False)


@staff.get("/people")
def people() -> ResponseReturnValue:
    """List who there is."""
    with transaction():
        record_view(screen="staff.people", subject_type="staff")
    return render_template("staff/people.html", rows=list_people())


@staff.route("/people/new", methods=["GET", "POST"])
def invite_person() -> ResponseReturnValue:
    """Invite somebody: a mail with a one-time link goes to them."""
    form = _with_choices(InviteForm())
    if form.validate_on_submit():
        try:
            with transaction():
                member = invite_staff(
                    form.email.data, name=form.name.data, only_new=True, screen="staff.invite_person", **form.given()
                )
                tell_invited(member)
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("The invitation is on its way. Its link works once, for three days."))
            return redirect(url_for("staff.people"), 303)
    status = 422 if form.errors else 200
    return render_template("staff/invite_person.html", form=form, hints=_hints(), has_errors=status == 422), status


@staff.route("/people/<int:staff_id>", methods=["GET", "POST"])
def person(staff_id: int) -> ResponseReturnValue:
    """Show somebody, and change what they may do."""
    form = _with_choices(PersonForm(data=_as_it_is(get_person(staff_id))))
    if form.validate_on_submit():
        try:
            with transaction():
                change_person(staff_id, name=form.name.data, **form.given())
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
        else:
            flash(_("Saved. It holds from the next page they open."))
            return redirect(url_for("staff.people" if _may_go_on() else "staff.account"), 303)
    status = 422 if form.errors else 200
    with transaction():
        record_view(screen="staff.person", subject_type="staff", subject_id=staff_id)
    page = render_template(
        "staff/person.html",
        form=form,
        member=get_person(staff_id),
        hints=_hints(),
        invitation=latest_to_staff(staff_id),
        has_errors=status == 422,
    )
    return page, status


@staff.post("/people/<int:staff_id>/invite")
def invite_person_again(staff_id: int) -> ResponseReturnValue:
    """Mail a new one-time link: the password and the phone are set up anew with it."""
    email = get_person(staff_id).email
    with transaction():
        tell_invited(invite_staff(email, screen="staff.invite_person_again"))
    flash(_("A new link is on its way to %(email)s. It works once, for three days.", email=email))
    return redirect(url_for("staff.people" if staff_id != current_user.id else "security.login"), 303)


@staff.route("/people/<int:staff_id>/remove", methods=["GET", "POST"])
def remove_person(staff_id: int) -> ResponseReturnValue:
    """Show what somebody leaves behind, ask who takes it over, and remove them in one step."""
    member = get_person(staff_id)
    form = RemoveForm()
    form.hand_on_to.choices = [SelectChoice("", _("Choose somebody"))] + [
        SelectChoice(str(row.id), row.name or row.email) for row in list_people() if row.id != staff_id
    ]
    if form.validate_on_submit():
        name, chosen = member.name or member.email, form.hand_on_to.data or ""
        try:
            with transaction():
                remove(staff_id, hand_on_to=int(chosen) if chosen.isascii() and chosen.isdigit() else None)
        except Refusal as refusal:
            form.refuse(refusal.field if refusal.field in form else None, refusal.sentence)
        else:
            flash(_("%(name)s is removed and signed out everywhere.", name=name))
            return redirect(url_for("staff.people"), 303)
    status = 422 if form.errors else 200
    page = render_template(
        "staff/remove_person.html",
        form=form,
        member=get_person(staff_id),
        sessions=coming_sessions_of(staff_id),
        needs=sum(number for table, number in count_owned(staff_id).items() if table != "event"),
        has_errors=status == 422,
    )
    return page, status


def _may_go_on() -> bool:
    """Tell whether whoever changed their own roles still manages people."""
    return any(role.name == StaffRole.ADMIN.value for role in current_user.roles)


def _hints() -> dict[str, str]:
    return {role.value: str(hint) for role, hint in ROLE_HINTS.items()}


def _as_it_is(member: Staff) -> dict[str, Any]:
    return {
        "name": member.name,
        "roles": [role.name for role in member.roles],
        "which": ALL if member.all_sessions else SOME,
        "sessions": [str(number) for number in sorted(duties_of(member.id))],
    }


def _with_choices(form: Any) -> Any:
    form.roles.choices = [SelectChoice(role.value, wording(role)) for role in StaffRole]
    form.which.choices = [
        SelectChoice(SOME, _("Only those that are ticked here")),
        SelectChoice(ALL, _("Every session")),
    ]
    form.sessions.choices = [
        SelectChoice(str(event.id), f"{short_date(event.starts_at)}: {event.title}{_place(event)}")
        for event in sessions_to_give()
    ]
    return form


def _place(event: Any) -> str:
    return f", {event.venue.town or event.venue.name}" if event.venue else ""
