"""Read all facts of some periods."""

from __future__ import annotations

from booking import clock
from booking.locality.kinds import Locality
from booking.queries.facts.answers import answers
from booking.queries.facts.bookings import bookings
from booking.queries.facts.issues import issues
from booking.queries.facts.needs import needs
from booking.queries.facts.places import attended_on, places
from booking.queries.facts.pupils import pupils
from booking.queries.facts.sessions import sessions
from booking.queries.facts.span import Span
from booking.queries.facts.today import at_the_time
from booking.queries.facts.wanted import waits, wishes
from booking.rules.calendar_periods import Period, last_day_for_today
from booking.rules.engagement.facts import NEW_AFTER_MONTHS, UNMET_AFTER, Facts, months_before


def get_facts(first: Period, last: Period, *, locality: Locality, with_profile: bool = True) -> Facts:
    """Read the facts of all sessions from the first day of one period to the last of another.

    The sealed answers about the child are opened only `with_profile`; without, ages and support are not known.
    """
    span = Span.of_days(first.start, last.end)
    known = {fact.id: fact for fact in sessions(span, locality)}
    asked, of_bookings = needs(span, known, locality)
    since = months_before(first.start, NEW_AFTER_MONTHS)
    visits = attended_on(since, clock.end_of_day(last.end + UNMET_AFTER))
    still_says_something = first.start <= clock.today() <= last_day_for_today(last, locality.bank_holidays)
    return Facts(
        sessions=tuple(known.values()),
        places=tuple(places(span, known, of_bookings, with_profile=with_profile)),
        attended_on={family: {visit.day for visit in days} for family, days in visits.items()},
        bookings=tuple(bookings(span, known)),
        waits=tuple(waits(span, known, visits)),
        wishes=tuple(wishes(span)),
        needs=asked,
        answers=tuple(answers(span, known)),
        issues=tuple(issues(span)),
        pupils=tuple(pupils(last)),
        now=at_the_time() if still_says_something else None,
    )
