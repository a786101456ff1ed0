"""Give an attendance list that was asked for, once: what it holds is decided and written down at that moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from booking import clock
from booking.errors import Conflict
from booking.extensions import db
from booking.formats.attendance_list import watermark
from booking.formats.words_for import brief_when
from booking.models import AttendanceList
from booking.queries.attendance_lists import People, count_people, get_list, sessions_in
from booking.rules.attendance_lists import ListColumn, Scope
from booking.rules.words import EventKind
from booking.services.export_attendance import note_export


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What goes out now: whom the list is about, its columns, how many rows, and for whom it is."""

    list_id: int
    people: People
    columns: Sequence[ListColumn]
    rows: int
    mark: str


def give_attendance_list(
    token: str, *, staff_id: int, who: str, allowed: Collection[ListColumn], within: Collection[int] | None
) -> Given:
    """Let the link count as used and note who is on the list. Raise NotFound, or Conflict if it works no more.

    What the person may do *now* counts: columns that they may not see any more, and sessions, are left out.
    """
    asked = get_list(token, staff_id=staff_id)
    now = clock.now()
    if why := why_not(asked):
        raise Conflict(why)
    is_first = update(AttendanceList).where(AttendanceList.id == asked.id, AttendanceList.used_at.is_(None))
    if not db.session.execute(is_first.values(used_at=now)).rowcount:  # type: ignore[attr-defined]
        db.session.refresh(asked)
        raise Conflict(why_not(asked) or "This link is used up: it works once.")
    people = People(event_ids=sessions_in(scope_of(asked), within=within), asked_at=now)
    columns = [column for column in ListColumn if column.value in asked.columns and column in allowed]
    rows = count_people(people)
    note_export(
        screen="staff.attendance_list_ready",
        reason=asked.reason,
        facts={"list": asked.id, "columns": [column.value for column in columns], "rows": rows},
        sessions=people.event_ids,
    )
    return Given(
        list_id=asked.id,
        people=people,
        columns=columns,
        rows=rows,
        mark=watermark(who, day=clock.today(), reason=asked.reason),
    )


def why_not(asked: AttendanceList) -> str:
    """Say why a link works no more; nothing while it does."""
    if asked.used_at:
        return f"This link is used up: it works once, and was used on {brief_when(asked.used_at)}."
    if asked.expires_at <= clock.now():
        return f"The time for this list ended on {brief_when(asked.expires_at)}."
    return ""


def scope_of(asked: AttendanceList) -> Scope:
    """Return which sessions were asked for."""
    kept = asked.scope
    return Scope(
        first=date.fromisoformat(kept["first"]),
        last=date.fromisoformat(kept["last"]),
        venue_id=kept.get("venue_id"),
        district=kept.get("district", ""),
        kinds=tuple(EventKind(kind) for kind in kept.get("kinds", ())),
    )
