"""Write down what was found out about a place, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Venue, VenueFact
from booking.rules.words import FactAnswer
from booking.services.record_audit import record_audit


@dataclass(frozen=True)
class FactGiven:
    """One answer from the form; `checked_again` was ticked when it was looked at today and is still so."""

    code: str
    answer: FactAnswer
    note: str = ""
    checked_again: bool = False


def save_venue_facts(venue_id: int, given: Iterable[FactGiven], *, by: str) -> int:
    """Save the answers; only what changed, or was ticked, is stamped with today and the name. Return how many."""
    venue = db.session.scalar(select(Venue).where(Venue.id == venue_id).with_for_update(of=Venue))
    if venue is None:
        raise NotFound("There is no such venue.")
    rows = {row.code: row for row in db.session.scalars(select(VenueFact).where(VenueFact.venue_id == venue_id))}
    stamped = sum(_save(venue, rows, fact, by=by) for fact in given)
    db.session.flush()
    record_audit(
        "venue facts", screen="staff.venue_facts", subject_type="venue", subject_id=venue_id, facts={"stamped": stamped}
    )
    return stamped


def _save(venue: Venue, rows: dict[str, VenueFact], fact: FactGiven, *, by: str) -> bool:
    row = rows.get(fact.code)
    was = (row.answer, row.note) if row else (FactAnswer.NOT_CHECKED, "")
    is_known = fact.answer != FactAnswer.NOT_CHECKED
    is_new = was != (fact.answer, fact.note)
    if not is_new and not (fact.checked_again and is_known):
        return False
    if row is None:
        row = VenueFact(venue_id=venue.id, code=fact.code)
        db.session.add(row)
    row.answer, row.note = fact.answer, fact.note
    row.checked_on = clock.today() if is_known else None
    row.checked_by = by if is_known else ""
    return True
