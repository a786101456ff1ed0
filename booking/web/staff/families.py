"""Two records of one family: look at both, make them one, and take them apart again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.queries.booking_page import alike, get_booking, joins_of, record_of
from booking.queries.families import families_with_reference
from booking.services.join_families import answer_no
from booking.services.join_families import join_families as join
from booking.services.join_families import part_families as part
from booking.services.record_audit import record_view
from booking.web.shared.forms import HouseForm, Needed
from booking.web.staff.blueprint import staff
from booking.web.staff.booking_page import about, look_at


class OtherForm(HouseForm):
    """The other record, named by any of its bookings."""

    reference = StringField(_l("Reference of a booking of the other record"), [Needed(_l("Write the reference."))])


@staff.route("/bookings/<int:booking_id>/same-family", methods=["GET", "POST"])
def join_families(booking_id: int) -> ResponseReturnValue:
    """Ask for the other record, show the two side by side, then make them one."""
    look_at(booking_id, screen="staff.join_families")
    row = get_booking(booking_id)
    if row.family_id is None:
        raise NotFound("Nobody knows whose booking this is.")
    form, family_id = OtherForm(), row.family_id
    if not form.validate_on_submit():
        return _ask(booking_id, form)
    other = next(iter(families_with_reference(form.reference.data or "")), None)
    if other is None or other == family_id:
        form.refuse("reference", _same_or_none(is_known=other is not None))
        return _ask(booking_id, form)
    if request.form.get("step") != "join":
        return _compare(booking_id, form, family_id, other)
    try:
        with transaction():
            join(family_id, other)
    except Refusal as refusal:
        form.refuse("reference", refusal.sentence)
        return _ask(booking_id, form)
    flash(_("The two records are one now. You can take them apart again on this page."))
    return redirect(url_for("staff.booking", booking_id=booking_id), 303)


@staff.post("/bookings/<int:booking_id>/two-families")
def answer_two_families(booking_id: int) -> ResponseReturnValue:
    """Keep that somebody looked, and that they are two families."""
    row = get_booking(booking_id)
    if row.family_id is not None:
        with transaction():
            answer_no(row.family_id)
        flash(_("Thank you. They stay two families."))
    return redirect(url_for("staff.booking", booking_id=booking_id), 303)


@staff.post("/bookings/<int:booking_id>/joins/<int:join_id>/undo")
def part_families(booking_id: int, join_id: int) -> ResponseReturnValue:
    """Take two records apart."""
    if join_id not in {each.id for each in joins_of(get_booking(booking_id).family_id)}:
        raise NotFound("These records are not one any more.")
    try:
        with transaction():
            part(join_id)
    except Refusal as refusal:
        flash(refusal.sentence)
    else:
        flash(_("They are two records again."))
    return redirect(url_for("staff.booking", booking_id=booking_id), 303)


def _same_or_none(*, is_known: bool) -> str:
    if is_known:
        return _("That booking is of the same record already.")
    return _("No booking has this reference.")


def _ask(booking_id: int, form: OtherForm) -> ResponseReturnValue:
    row = get_booking(booking_id)
    others = [record_of(number) for number in alike(row.family_id or 0)]
    _record([each.id for record in others for each in record.bookings])
    row = get_booking(booking_id)
    others = [record_of(number) for number in alike(row.family_id or 0)]
    page = render_template(
        "staff/join_families.html", form=form, others=others, has_errors=bool(form.errors), **about(row)
    )
    return page, 422 if form.errors else 200


def _compare(booking_id: int, form: OtherForm, family_id: int, other_id: int) -> ResponseReturnValue:
    _record([each.id for each in record_of(other_id).bookings])
    return render_template(
        "staff/join_families_check.html",
        form=form,
        records=[record_of(family_id), record_of(other_id)],
        **about(get_booking(booking_id)),
    )


def _record(shown: list[int]) -> None:
    with transaction():
        record_view(screen="staff.join_families", subject_type="booking", shown=shown)
