"""What families asked for, and whether it was there. The requests are opened once, in one query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from booking.extensions import db
from booking.locality.kinds import AisSubset, Locality
from booking.models import Booking, Event, NeedRequest
from booking.queries.facts.span import Span
from booking.rules.access_needs import ARRANGED_BEFORE_WORKING_DAYS, IN_OWN_WORDS
from booking.rules.calendar_periods import add_working_days, local_date
from booking.rules.engagement.facts import NeedFact, SessionFact
from booking.rules.need_outcomes import is_asked, outcome_that_counts
from booking.rules.words import BookingStatus, CancelledBy, EventStatus, FamilyChoice, NeedState

_FORMATS = (AisSubset.INFORMATION_FORMAT, AisSubset.PROFESSIONAL)
"""The subsets of the Accessible Information Standard that are another format or somebody who interprets."""


@dataclass(frozen=True, slots=True)
class BookingNeeds:
    """By booking: whether it asked for anything, and the groups in which an interpreter or another format was there."""

    asked: frozenset[int]
    formats_met: Mapping[int, frozenset[str]]


class _Asked(NamedTuple):
    """One request, with what became of its booking."""

    id: int
    booking_id: int
    code: str
    state: NeedState
    lead_ok: bool
    choice: FamilyChoice | None
    arranged_at: datetime | None
    family_outcome: NeedState | None
    event_id: int
    status: BookingStatus
    cancelled_by: CancelledBy | None


@dataclass(slots=True)
class _Read:
    facts: list[NeedFact] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    formats_met: dict[int, set[str]] = field(default_factory=dict)


def needs(span: Span, sessions: Mapping[int, SessionFact], locality: Locality) -> tuple[list[NeedFact], BookingNeeds]:
    """Read every request on a booking of the sessions, and what follows from them for each booking."""
    read = _Read()
    groups = {need.code: need for need in locality.needs}
    for row in _rows(span):
        need = groups.get(row.code) or groups[IN_OWN_WORDS]
        fact = _fact(row, sessions[row.event_id], need.group, locality)
        read.facts.append(fact)
        if fact.is_live and row.state != NeedState.NO_LONGER_NEEDED:
            read.asked.add(row.booking_id)
        if fact.is_live and need.ais in _FORMATS and fact.outcome == NeedState.MET:
            read.formats_met.setdefault(row.booking_id, set()).add(need.group)
    formats_met = {booking: frozenset(found) for booking, found in read.formats_met.items()}
    return read.facts, BookingNeeds(frozenset(read.asked), formats_met)


def _rows(span: Span) -> Iterator[_Asked]:
    statement = (
        select(
            NeedRequest.id,
            NeedRequest.booking_id,
            NeedRequest.code,
            NeedRequest.state,
            NeedRequest.lead_ok,
            NeedRequest.choice,
            NeedRequest.arranged_at,
            NeedRequest.family_outcome,
            Booking.event_id,
            Booking.status,
            Booking.cancelled_by,
        )
        .join(Booking, Booking.id == NeedRequest.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(*span.holds(Event.starts_at), Event.status == EventStatus.PUBLISHED)
        .order_by(NeedRequest.id)
    )
    yield from map(_Asked._make, db.session.execute(statement))


def _fact(row: _Asked, session: SessionFact, group: str, locality: Locality) -> NeedFact:
    left = row.status == BookingStatus.CANCELLED and row.cancelled_by == CancelledBy.FAMILY
    return NeedFact(
        id=row.id,
        session=session,
        group=group,
        is_live=row.status == BookingStatus.CONFIRMED,
        is_asked=is_asked(row.state) or row.family_outcome is not None,
        outcome=outcome_that_counts(row.state, row.family_outcome),
        lead_ok=row.lead_ok,
        in_time=_in_time(row, session, locality),
        turned_away=row.state == NeedState.CANNOT_MEET and (left or row.choice == FamilyChoice.DECLINES),
    )


def _in_time(row: _Asked, session: SessionFact, locality: Locality) -> bool | None:
    """Tell whether it was arranged two working days before the session (M30).

    What was there, though nobody said before that it is arranged, is not known; what was not there was not in time.
    """
    if row.arranged_at is None:
        was_there = outcome_that_counts(row.state, row.family_outcome) in (NeedState.MET, NeedState.PARTLY_MET)
        return None if was_there else False
    last = add_working_days(session.starts_on, -ARRANGED_BEFORE_WORKING_DAYS, locality.bank_holidays)
    return local_date(row.arranged_at) <= last
