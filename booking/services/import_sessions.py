"""Make drafts of sessions from the rows of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from booking.extensions import db
from booking.formats.words_for import when
from booking.queries.same_session import find_same_session
from booking.rules.words import BookingMode
from booking.services.import_rows import Done, Imported, Outcome, carry_out
from booking.services.locks import lock_venue
from booking.services.record_audit import record_audit
from booking.services.save_session import SessionDetails, SessionPlan, make_session


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One session of the file."""

    line: int
    plan: SessionPlan
    details: SessionDetails
    mode: BookingMode
    clash_reason: str = ""

    @property
    def mark(self) -> str:
        """Return what tells this session from others, in another file too: its title, its start and its place."""
        plan = self.plan
        title = " ".join(plan.title.casefold().split())
        said = f"{title}\0{plan.starts_at.isoformat()}\0{plan.venue_id or ''}"
        return f"plan-{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def import_sessions(rows: Collection[SessionRow], *, dry_run: bool, screen: str) -> Imported:
    """Make a draft of every session that is not known; one that came with an earlier file is known, moved or not."""
    for venue_id in sorted({row.plan.venue_id for row in rows if row.plan.venue_id}):
        lock_venue(venue_id)
    done = carry_out(rows, lambda row: _make(row, screen), dry_run=dry_run)
    if done.is_written:
        record_audit("sessions imported", screen=screen, facts={"made": done.count(Done.MADE)})
    return done


def _make(row: SessionRow, screen: str) -> Outcome:
    about = when(row.plan.starts_at, row.plan.ends_at)
    if find_same_session(row.mark, row.plan.title, starts_at=row.plan.starts_at, venue_id=row.plan.venue_id):
        return Outcome(line=row.line, name=row.plan.title, about=about, done=Done.SAME)
    event = make_session(row.plan, row.details, mode=row.mode, clash_reason=row.clash_reason, screen=screen)
    event.import_id = row.mark
    db.session.flush()
    return Outcome(line=row.line, name=row.plan.title, about=about, done=Done.MADE)
