"""Copy many sessions to new days at once, as drafts: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from booking import clock
from booking.errors import Refusal
from booking.extensions import db
from booking.models import Event, Series
from booking.queries.venue_calendar import clashes_at
from booking.services.copy_session import copy_session, stay_of_copy
from booking.services.locks import lock_event, lock_venue
from booking.services.record_audit import record_audit
from booking.services.repeat_session import new_series
from booking.services.take_venue import VenueTaken

SCREEN = "staff.copy_term"


@dataclass(frozen=True, kw_only=True)
class WantedCopy:
    """A session that is copied: to which day, and to which venue (None for one online)."""

    event_id: int
    on: date
    venue_id: int | None


def copy_programme(wanted: Sequence[WantedCopy], *, clash_reason: str = "") -> list[Event]:
    """Return a draft of each. Those of one series are one series again.

    Raise Refusal for none, for a day in the past, for a venue that is put away; VenueTaken, which names all that are
    in the way, when no reason is given.
    """
    if not wanted:
        raise Refusal("Tick at least one session.", field="copy")
    if min(each.on for each in wanted) <= clock.today():
        raise Refusal("Choose days that are to come.", field="copy")
    events = {number: lock_event(number) for number in sorted({each.event_id for each in wanted})}
    for number in sorted({each.venue_id for each in wanted if each.venue_id is not None}):
        lock_venue(number)
    if not clash_reason.strip():
        _refuse_taken(wanted, events)
    series: dict[int, Series] = {}
    drafts = [_copy(each, events[each.event_id], series, clash_reason=clash_reason) for each in wanted]
    db.session.flush()
    record_audit("programme copied", screen=SCREEN, facts={"drafts": [draft.id for draft in drafts]})
    return drafts


def _copy(wanted: WantedCopy, event: Event, series: dict[int, Series], *, clash_reason: str) -> Event:
    try:
        draft = copy_session(event.id, on=wanted.on, venue_id=wanted.venue_id, clash_reason=clash_reason)
    except VenueTaken:
        raise
    except Refusal as refusal:
        raise Refusal(f"“{event.title}”: {refusal.sentence}", field="copy") from refusal
    if event.series is not None:
        if event.series.id not in series:
            old = event.series
            series[old.id] = new_series(old.title, summary=old.summary, together=old.booked_together)
        draft.series = series[event.series.id]
    return draft


def _refuse_taken(wanted: Sequence[WantedCopy], events: dict[int, Event]) -> None:
    stays = [stay_of_copy(events[each.event_id], on=each.on, venue_id=each.venue_id) for each in wanted]
    if clashes := list(dict.fromkeys(other for stay in stays for other in clashes_at(stay))):
        raise VenueTaken(clashes)
