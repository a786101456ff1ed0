"""Count children, supporters, interpreters and professionals: when the register is closed, and put right later."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.head_counts import counts_of, heads_of
from booking.queries.register import get_register
from booking.rules.head_counts import HEADS, MOST, HeadCounts
from booking.services.count_heads import count_heads
from booking.services.require_why import AsksWhy
from booking.web.door.blueprint import door
from booking.web.door.opening import require_open, why_shut
from booking.web.door.why import ask_why, why_given
from booking.web.shared.forms import HouseForm
from booking.web.shared.number_field import NumberField


class CountsForm(HouseForm):
    """A small number each; blank is "not counted"."""

    children = NumberField(_l("Children in all"), least=0, most=MOST)
    supporters = NumberField(_l("Supporters who are not on the list"), least=0, most=MOST)
    interpreters = NumberField(_l("Interpreters who are not on the list"), least=0, most=MOST)
    professionals = NumberField(_l("Professionals"), least=0, most=MOST)

    def counts(self) -> HeadCounts:
        """Return what was counted, once the form is valid."""
        return HeadCounts(**{name: self[name].data for name in HEADS})


@door.route("/<int:event_id>/counts", methods=["GET", "POST"])
def counts(event_id: int) -> ResponseReturnValue:
    """Correct what was counted."""
    form, status = CountsForm(data=asdict(counts_of(event_id))), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with transaction():
                    require_open(event_id)
                    count_heads(event_id, form.counts(), why=why_given())
            except AsksWhy as closed:
                return ask_why(event_id, closed)
            except Refusal as refusal:
                form.refuse(refusal.field, refusal.sentence)
                status = refusal.status
            else:
                return redirect(url_for("door.register", event_id=event_id, _anchor="heads"), 303)
    register = get_register(event_id)
    page = render_template(
        "door/counts.html",
        event=register.event,
        form=form,
        heads=heads_of(register),
        shut=why_shut(register.event),
        has_errors=status != 200,
    )
    return page, status
