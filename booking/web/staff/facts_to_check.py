"""To check again: facts about places that nobody has checked, or not for a year, and a sheet to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.extensions import transaction
from booking.formats.words_for import wording
from booking.locality.kinds import VenueFactKind
from booking.models import Venue, VenueFact
from booking.queries.facts_to_check import PAGE, count_places_to_check, places_to_check
from booking.queries.place_reports import new_place_reports
from booking.queries.venues import get_venue
from booking.rules.access_needs import KnownFact, is_stale
from booking.rules.words import FactAnswer
from booking.services.keep_place_report import see_place_report
from booking.web.shared.pages import page_asked, pages_of
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

ANSWERS = (FactAnswer.YES, FactAnswer.PARTLY, FactAnswer.NO)


@dataclass(frozen=True)
class SheetLine:
    """One fact on the sheet: the question, and what we say today."""

    kind: VenueFactKind
    now: str
    note: str
    checked_on: date | None
    is_due: bool
    is_old: bool


@staff.get("/venues/to-check")
def facts_to_check() -> ResponseReturnValue:
    """List the places with something to check, the longest unvisited first."""
    here = locality()
    district = here.code_of(request.args.get("district", "")) or ""
    codes = [kind.code for kind in here.facts]
    total = count_places_to_check(codes, district=district)
    cut = pages_of(total, on_each=PAGE, page=page_asked())
    return render_template(
        "staff/facts_to_check.html",
        rows=places_to_check(codes, district=district, start=cut.start),
        total=total,
        cut=cut,
        page_link=partial(url_for, "staff.facts_to_check", district=district or None),
        district=district,
        districts=[each for each in here.districts if each.code != "unknown"],
        district_names=here.district_names,
        label_of={kind.code: kind.label for kind in here.facts},
        facts_total=len(codes),
        reports=new_place_reports(),
    )


@staff.post("/place-reports/<int:report_id>")
def see_report(report_id: int) -> ResponseReturnValue:
    """Take a report off the list: somebody looked into it."""
    with transaction():
        see_place_report(report_id)
    flash(_("Thank you. It is off the list."))
    return redirect(url_for("staff.facts_to_check"), 303)


@staff.get("/venues/<int:venue_id>/visit-sheet")
def visit_sheet(venue_id: int) -> ResponseReturnValue:
    """Show the sheet of one place: every fact with its present answer, or with `?only=due` what is to be checked."""
    venue, here = get_venue(venue_id), locality()
    only_due = request.args.get("only") == "due"
    facts = {fact.code: fact for fact in venue.facts}
    groups = []
    for group in here.fact_groups:
        lines = [_line(kind, facts.get(kind.code)) for kind in here.facts_in(group.code)]
        lines = [line for line in lines if line.is_due or not only_due]
        if lines:
            groups.append((_(group.label), lines))
    return render_template(
        "staff/visit_sheet.html",
        venue=venue,
        where=_address(venue),
        groups=groups,
        only_due=only_due,
        answers=[wording(answer) for answer in ANSWERS],
    )


def _line(kind: VenueFactKind, fact: VenueFact | None) -> SheetLine:
    answer = fact.answer if fact else FactAnswer.NOT_CHECKED
    checked_on = fact.checked_on if fact else None
    old = is_stale(KnownFact(answer, checked_on), today=clock.today())
    return SheetLine(
        kind=kind,
        now=wording(answer),
        note=fact.note if fact else "",
        checked_on=checked_on,
        is_due=old or answer == FactAnswer.NOT_CHECKED,
        is_old=old,
    )


def _address(venue: Venue) -> str:
    return venue.address or f"{venue.town} {venue.postcode or venue.outcode}"
