"""Write down what was found out about a place, by whom and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Venue, VenueFact
from booking.rules.access_needs import KnownFact
from booking.rules.words import FactAnswer
from booking.services.move_session import live_bookings
from booking.services.put_back_broken import put_back_broken
from booking.services.record_audit import record_audit
from booking.services.save_venue import lock_events_at


@dataclass(frozen=True)
class FactGiven:
    """One answer from the form; `checked_again` was ticked when it was looked at today and is still so."""

    code: str
    answer: FactAnswer
    note: str = ""
    checked_again: bool = False


def save_venue_facts(venue_id: int, given: Collection[FactGiven], *, by: str) -> int:
    """Save the answers; only what changed, or was ticked, is stamped with today and the name. Return how many.

    What families asked for and the place turns out not to have is put back to "asked for".
    """
    events = lock_events_at(venue_id)
    statement = select(Venue).where(Venue.id == venue_id).with_for_update(of=Venue)
    venue = db.session.scalar(statement.execution_options(populate_existing=True))
    if venue is None:
        raise NotFound("There is no such venue.")
    rows = {row.code: row for row in db.session.scalars(select(VenueFact).where(VenueFact.venue_id == venue_id))}
    was = {code: KnownFact(row.answer, row.checked_on) for code, row in rows.items()}
    stamped = sum(_save(venue, rows, fact, by=by) for fact in given)
    db.session.flush()
    now = with_answers(was, given)
    broken = sum(put_back_broken(live_bookings(event), was=was, now=now) for event in events)
    record_audit(
        "venue facts",
        screen="staff.venue_facts",
        subject_type="venue",
        subject_id=venue_id,
        facts={"stamped": stamped, "broken": broken},
    )
    return stamped


def with_answers(known: Mapping[str, KnownFact], given: Iterable[FactGiven]) -> dict[str, KnownFact]:
    """Return what would be known of a place with these answers; nothing is saved."""
    return {**known, **{fact.code: KnownFact(fact.answer, clock.today()) for fact in given}}


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
