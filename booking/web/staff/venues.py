"""Venues: list, make, change, put away, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from booking import clock
from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.models import Venue
from booking.queries.move_impact import Broken, broken_at_venue
from booking.queries.photos import photos_of
from booking.queries.venues import PAGE, count_venues, families_told_of, get_venue, known_facts, list_venues
from booking.rules.access_needs import KnownFact, is_stale
from booking.services.record_audit import record_view
from booking.services.save_venue import archive_venue as archive
from booking.services.save_venue import is_another_place, is_another_spot, save_venue
from booking.services.save_venue_facts import save_venue_facts, with_answers
from booking.web.shared.access import may_open
from booking.web.shared.pages import page_asked, pages_of
from booking.web.shared.settings import locality, postcodes
from booking.web.staff.blueprint import staff
from booking.web.staff.venue_forms import VenueForm, facts_form, facts_given, venue_form


@staff.get("/venues")
def venues() -> ResponseReturnValue:
    """List the venues; search by name, town or outcode."""
    text = request.args.get("q", "").strip()[:80]
    archived = request.args.get("archived") == "yes"
    total = count_venues(text=text, archived=archived)
    cut = pages_of(total, on_each=PAGE, page=page_asked())
    names = locality().district_names
    return render_template(
        "staff/venues.html",
        rows=list_venues(text=text, archived=archived, start=cut.start),
        total=total,
        cut=cut,
        page_link=partial(url_for, "staff.venues", q=text or None, archived="yes" if archived else None),
        text=text,
        archived=archived,
        district_names=names,
        facts_total=len(locality().facts),
        may_edit=may_open("staff.edit_venue"),
    )


@staff.route("/venues/new", methods=["GET", "POST"])
def new_venue() -> ResponseReturnValue:
    """Make a venue."""
    form = venue_form(locality())
    if form.validate_on_submit() and form.check_place(postcodes()):
        with transaction():
            venue_id = save_venue(None, form.details()).id
        flash(_("The venue is saved. Now say what you know about it."))
        _say_where_it_stands(form)
        return redirect(url_for("staff.venue_facts", venue_id=venue_id), 303)
    return _show_form(form, venue=None)


@staff.route("/venues/<int:venue_id>", methods=["GET", "POST"])
def edit_venue(venue_id: int) -> ResponseReturnValue:
    """Change a venue. If families were told another place, ask first whether they are to hear of it."""
    venue = get_venue(venue_id)
    form = venue_form(locality(), venue)
    if form.validate_on_submit() and form.check_place(postcodes()):
        told = families_told_of(venue_id) if is_another_place(venue, form.details()) else 0
        if told and not form.knows_whom_to_tell():
            lost = _lost(venue, {}) if is_another_spot(venue, form.details()) else ()
            return _show_form(form, venue=venue, told=told, lost=lost)
        with transaction():
            save_venue(venue_id, form.details(), tell=form.tell.data != "nobody")
        flash(
            _("The venue is saved. The messages are on their way.")
            if told and form.tell.data == "families"
            else _("The venue is saved.")
        )
        _say_where_it_stands(form)
        return redirect(url_for("staff.venues"), 303)
    return _show_form(form, venue=venue)


@staff.route("/venues/<int:venue_id>/facts", methods=["GET", "POST"])
def venue_facts(venue_id: int) -> ResponseReturnValue:
    """Say what is known of a venue: yes, partly, no or not checked."""
    venue = get_venue(venue_id)
    form = facts_form(locality(), venue)
    is_good = form.validate_on_submit()
    given = facts_given(form, locality()) if is_good else []
    lost = _lost(venue, with_answers(known_facts(venue), given)) if is_good else ()
    if is_good and (not lost or request.form.get("sure") == "yes"):
        with transaction():
            stamped = save_venue_facts(venue_id, given, by=current_user.name)
        flash(_("Saved. %(number)d facts carry today's date.", number=stamped))
        return redirect(url_for("staff.venue_facts", venue_id=venue_id), 303)
    if lost:
        form.refuse(None, _("Families count on some of this. Look at what they lose, then save again."))
    status = 422 if form.errors else 200
    venue = get_venue(venue_id)
    facts = {fact.code: fact for fact in venue.facts}
    known, today = known_facts(venue), clock.today()
    page = render_template(
        "staff/venue_facts.html",
        venue=venue,
        form=form,
        facts=facts,
        photo_of={photo.fact_code: photo for photo in reversed(photos_of(venue_id))},
        stale={code for code, fact in known.items() if is_stale(fact, today=today)},
        locality=locality(),
        lost=lost,
        has_errors=status == 422,
    )
    return page, status


@staff.post("/venues/<int:venue_id>/archive")
def archive_venue(venue_id: int) -> ResponseReturnValue:
    """Put a venue away, or take it out again."""
    archived = request.form.get("archived") == "yes"
    try:
        with transaction():
            archive(venue_id, archived=archived)
    except NotFound:
        raise
    except Refusal as refusal:
        venue = get_venue(venue_id)
        form = venue_form(locality(), venue, formdata=None)
        form.refuse(None, refusal.sentence)
        return _show_form(form, venue=venue)
    flash(_("The venue is put away.") if archived else _("The venue can be chosen again."))
    return redirect(url_for("staff.venues"), 303)


def _say_where_it_stands(form: VenueForm) -> None:
    """Say so when the map can only show the middle of an area: the postcode is new, or has a slip in it."""
    details = form.details()
    if details.postcode and details.point.found_by == "outcode":
        said = _(
            "We do not know %(postcode)s exactly. The map shows the middle of %(outcode)s. Please check the postcode.",
            postcode=details.postcode,
            outcode=details.outcode,
        )
        flash(said)


def _lost(venue: Venue, known: Mapping[str, KnownFact]) -> tuple[Broken, ...]:
    """Return what families would lose if this were known of the place, after an entry in the audit."""
    venue_id = venue.id
    with transaction():
        record_view(screen="staff.venue_facts", subject_type="venue", subject_id=venue_id)
    return broken_at_venue(get_venue(venue_id), now=known, locality=locality())


def _show_form(form: object, *, venue: object, told: int = 0, lost: tuple[Broken, ...] = ()) -> ResponseReturnValue:
    """Show the form; `told` asks whether so many families are to hear of another place, `lost` says what breaks."""
    status = 422 if getattr(form, "errors", None) else 200
    page = render_template(
        "staff/venue_form.html", form=form, venue=venue, told=told, lost=lost, has_errors=status == 422
    )
    return page, status
