"""The pages of somebody who books for a family: who they are, and what they see afterwards (J12)."""

from __future__ import annotations

from flask import g, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.queries.bookings import find_booking_by_draft
from booking.queries.drafts import find_draft
from booking.rules.words import Origin
from booking.web.public.blueprint import public
from booking.web.public.draft_pages import BROWSER, DraftGone, address_after, open_page
from booking.web.public.helper_forms import HelperForm


@public.route("/book/<draft>/helper", methods=["GET", "POST"])
def book_helper(draft: str) -> ResponseReturnValue:
    """Ask who the helper is, and whether the family agreed."""
    page = open_page(draft, "helper")
    before = page.answers.of("helper")
    form = HelperForm(
        data={
            "helper_name": before.get("name"),
            "helper_kind": before.get("kind"),
            "helper_permission": bool(before),
        }
    )
    if form.validate_on_submit():
        return page.keep({"name": form.helper_name.data, "kind": form.helper_kind.data})
    return page.show("public/book/helper.html", form)


@public.get("/book/<draft>/done")
def book_done(draft: str) -> ResponseReturnValue:
    """Tell the helper that it is done, and nothing that only the family should see; it never changes afterwards."""
    g.is_personal = True
    begun = find_draft(draft, browser=session.get(BROWSER, ""))
    booking = find_booking_by_draft(begun.id) if begun else None
    if booking is None or (booking.origin == Origin.TRUSTED_PERSON and booking.helper_kind is None):
        raise DraftGone(_("These answers are not here any more."))
    if booking.origin != Origin.TRUSTED_PERSON:
        return redirect(address_after(booking, draft=draft), 303)
    return render_template("public/book/done.html", booking=booking, event=booking.event)
