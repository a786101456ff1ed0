"""Read all facts of a period."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from booking import clock
from booking.locality.kinds import Locality
from booking.queries.facts.answers import answers
from booking.queries.facts.bookings import bookings
from booking.queries.facts.issues import issues
from booking.queries.facts.needs import BookingNeeds, needs
from booking.queries.facts.past import attended_on, came_before, visits_of
from booking.queries.facts.places import places
from booking.queries.facts.pupils import pupils
from booking.queries.facts.sessions import sessions
from booking.queries.facts.span import Span
from booking.queries.facts.today import at_the_time
from booking.queries.facts.wanted import waits, wishes
from booking.rules.calendar_periods import Period, last_day_for_today
from booking.rules.engagement.facts import (
    NEW_AFTER_MONTHS,
    UNMET_AFTER,
    AnswerFact,
    BookingFact,
    Facts,
    IssueFact,
    NeedFact,
    PlaceFact,
    WaitFact,
    WishFact,
    months_before,
)

KINDS = frozenset({PlaceFact, BookingFact, WaitFact, WishFact, NeedFact, AnswerFact, IssueFact})
"""The kinds of facts beside the sessions."""


def get_facts(
    period: Period,
    *,
    locality: Locality,
    with_profile: bool = True,
    with_past: bool = True,
    kinds: Set[type] = KINDS,
    on: date | None = None,
) -> Facts:
    """Read the facts of all sessions of a period.

    The sealed answers about the child are opened only `with_profile`; without, neither ages and support are known nor
    how long ahead was booked. A page that shows a part of the figures reads the `kinds` they are counted from:
    sessions, pupils and these. Whether a place's family had asked for something is known with the needs, and who is
    new `with_past`.
    Districts are those of the last day, or of a later one: a place counts once, under what it is then (ADR 0027).
    """
    locality = locality.on(on or period.end)
    span = Span.of_days(period.start, period.end)
    by_id = {fact.id: fact for fact in sessions(span, locality)}
    asked, of_bookings = needs(span, by_id, locality) if NeedFact in kinds else ([], BookingNeeds(frozenset(), {}))
    there = tuple(places(span, by_id, of_bookings, locality, with_profile=with_profile)) if PlaceFact in kinds else ()
    known = came_before(period) if with_past else frozenset()
    until = Span.of_days(months_before(period.start, NEW_AFTER_MONTHS), period.end + UNMET_AFTER)
    still_says_something = period.start <= clock.today() <= last_day_for_today(period, locality.bank_holidays)
    return Facts(
        sessions=tuple(by_id.values()),
        places=there,
        came_before=known,
        attended_on=attended_on(period, there, known=known) if with_past else {},
        bookings=tuple(bookings(span, by_id)) if BookingFact in kinds else (),
        waits=tuple(waits(span, by_id, lambda families: visits_of(families, until), locality))
        if WaitFact in kinds
        else (),
        wishes=tuple(wishes(span, locality)) if WishFact in kinds else (),
        needs=asked,
        answers=tuple(answers(span, by_id)) if AnswerFact in kinds else (),
        issues=tuple(issues(span, locality)) if IssueFact in kinds else (),
        pupils=tuple(pupils(period, locality)),
        now=at_the_time(locality) if still_says_something else None,
    )
