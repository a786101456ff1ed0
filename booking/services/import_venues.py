"""Make and change venues from the rows of a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from booking.errors import Refusal
from booking.queries.venues import families_told_of, get_venue
from booking.services.import_rows import Done, Imported, Outcome, carry_out
from booking.services.record_audit import record_audit
from booking.services.save_venue import VenueDetails, changed_parts, is_another_place, lock_events_at, save_venue


@dataclass(frozen=True, kw_only=True)
class VenueRow:
    """One venue of the file: a known one with what it is to be, or a new one with the code it is to have."""

    line: int
    venue_id: int | None
    code: str
    details: VenueDetails


def import_venues(rows: Collection[VenueRow], *, dry_run: bool, screen: str) -> Imported:
    """Save what differs; a second time the same rows change nothing. A file never sends families another address."""
    for venue_id in sorted(row.venue_id for row in rows if row.venue_id):
        lock_events_at(venue_id)
    done = carry_out(rows, _save, dry_run=dry_run)
    if done.is_written:
        facts = {"made": done.count(Done.MADE), "changed": done.count(Done.CHANGED)}
        record_audit("venues imported", screen=screen, facts=facts)
    return done


def _save(row: VenueRow) -> Outcome:
    name = f"{row.details.name}, {row.details.town}"
    if row.venue_id is None:
        save_venue(None, row.details, code=row.code)
        return Outcome(line=row.line, name=name, done=Done.MADE)
    venue = get_venue(row.venue_id)
    changed = changed_parts(venue, row.details)
    if not changed:
        return Outcome(line=row.line, name=name, done=Done.SAME)
    if is_another_place(venue, row.details) and (told := families_told_of(row.venue_id)):
        families = "family was" if told == 1 else "families were"
        raise Refusal(
            f"{told} {families} told of “{venue.name}”, and would read another name or address now. Change it on the "
            "venue's own page, where you say whether they are told.",
            field="name",
        )
    save_venue(row.venue_id, row.details)
    return Outcome(line=row.line, name=name, done=Done.CHANGED, changed=changed)
