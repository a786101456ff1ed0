"""The supplier book: whom to ask for an interpreter, a crèche, a print in Braille."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from booking.extensions import transaction
from booking.models import Supplier
from booking.queries.suppliers import get_supplier, list_suppliers, supplied
from booking.services.save_supplier import SupplierDetails, save_supplier
from booking.services.save_supplier import archive_supplier as archive
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.number_field import NumberField
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

LONGEST_NOTICE = 120


class SupplierForm(HouseForm):
    """Who they are, what they do for us, and how early they have to know."""

    name = StringField(_l("Name"), [Needed(_l("Write the name of the supplier.")), AtMost(120)])
    codes = SelectMultipleField(
        _l("What for?"), [Needed(_l("Tick what they do for us."))], description=_l("Tick all that apply.")
    )
    contact = TextAreaField(
        _l("Contact (optional)"),
        [AtMost(500)],
        description=_l("Whom to ask, phone, email. Kept sealed: only staff who arrange things see it."),
    )
    rate = StringField(
        _l("What they charge (optional)"), [AtMost(120)], description=_l("For example: £45 an hour, at least 2 hours")
    )
    notice_days = NumberField(
        _l("Notice in working days"),
        least=0,
        most=LONGEST_NOTICE,
        missing=_l("Write how many working days before they have to know. Write 0 if they need no notice."),
        description=_l("How long before the session they have to know. Bank holidays and weekends do not count."),
    )

    def details(self) -> SupplierDetails:
        """Return what was typed."""
        return SupplierDetails(
            name=self.name.data or "",
            codes=tuple(self.codes.data or ()),
            contact=self.contact.data or None,
            rate=self.rate.data or "",
            notice_days=self.notice_days.data or 0,
        )


@staff.get("/suppliers")
def suppliers() -> ResponseReturnValue:
    """List the suppliers in use, or those put away."""
    archived = request.args.get("archived") == "yes"
    labels = {need.code: _(need.label) for need in locality().needs}
    return render_template(
        "staff/suppliers.html", rows=list_suppliers(archived=archived), archived=archived, labels=labels
    )


@staff.route("/suppliers/new", methods=["GET", "POST"])
def new_supplier() -> ResponseReturnValue:
    """Add a supplier."""
    form = _form()
    if not form.validate_on_submit():
        return _show(form)
    with transaction():
        save_supplier(None, form.details())
    flash(_("The supplier is saved."))
    return redirect(url_for("staff.suppliers"), 303)


@staff.route("/suppliers/<int:supplier_id>", methods=["GET", "POST"])
def edit_supplier(supplier_id: int) -> ResponseReturnValue:
    """Change what we know of a supplier."""
    supplier = get_supplier(supplier_id)
    form = _form(supplier)
    if not form.validate_on_submit():
        return _show(form, supplier)
    with transaction():
        save_supplier(supplier_id, form.details())
    flash(_("The supplier is saved."))
    return redirect(url_for("staff.suppliers"), 303)


@staff.post("/suppliers/<int:supplier_id>/archive")
def archive_supplier(supplier_id: int) -> ResponseReturnValue:
    """Put a supplier away, or take them out again."""
    archived = request.form.get("archived") == "yes"
    with transaction():
        archive(supplier_id, archived=archived)
    flash(_("The supplier is put away.") if archived else _("The supplier can be chosen again."))
    return redirect(url_for("staff.suppliers"), 303)


def _form(supplier: Supplier | None = None) -> SupplierForm:
    form = SupplierForm(obj=supplier)
    form.codes.choices = [SelectChoice(need.code, _(need.label)) for need in supplied(locality())]
    return form


def _show(form: SupplierForm, supplier: Supplier | None = None) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    page = render_template("staff/supplier_form.html", form=form, supplier=supplier, has_errors=status == 422)
    return page, status
