"""Keep what somebody says has changed at a place, and note that staff looked into it."""

from __future__ import annotations

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import PlaceReport
from booking.services.record_audit import actor_id, record_audit


def keep_place_report(venue_id: int, text: str) -> PlaceReport:
    """Add one report."""
    report = PlaceReport(venue_id=venue_id, text=text)
    db.session.add(report)
    db.session.flush()
    return report


def see_place_report(report_id: int) -> PlaceReport:
    """Note who looked into it first, and when. Raise NotFound."""
    report = db.session.get(PlaceReport, report_id, with_for_update=True)
    if report is None:
        raise NotFound("This report is not there any more.")
    if report.seen_at is None:
        report.seen_at, report.seen_by = clock.now(), actor_id()
        record_audit(
            "looked into a report", screen="staff.facts_to_check", subject_type="venue", subject_id=report.venue_id
        )
    return report
