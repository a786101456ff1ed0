"""What one session offers this family, and which others can where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking import clock
from booking.locality.kinds import Locality, Need, Point
from booking.queries.find_sessions import FoundSession, Wanted, find_sessions
from booking.queries.session_page import ShownSession
from booking.rules.access_needs import KnownFact, may_be_told
from booking.rules.distance import miles_between
from booking.rules.need_matches import Gathering, Offer, can_instead, match_all
from booking.rules.words import BookingMode, Delivery
from booking.web.public.cards import Card, cards_for
from booking.web.public.matches import SaidOfNeed, matches_by_slug, said_of
from booking.web.public.need_choice import chosen
from booking.web.public.search import Hit

INSTEAD = 2
NEAR_MILES = 10
Locate = Callable[[str], Point | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMatches:
    """Each need in words; `instead` are sessions that can what this one cannot."""

    said: list[SaidOfNeed]
    is_refused: bool
    instead: list[Card]


def matches_of(event: ShownSession, here: Locality, *, now: datetime, locate: Locate) -> SessionMatches | None:
    """Hold what this family chose against a session that is still to come; None when nothing was chosen."""
    needs = chosen()
    if not needs or event.ends_at <= now:
        return None
    place = event.venue
    facts = {fact.code: KnownFact(fact.answer, fact.checked_on) for fact in place.facts} if place else {}
    told = may_be_told(facts, here, is_confidential=place is not None and place.is_confidential)
    day = None if event.new_date_pending else clock.in_london(event.starts_at).date()
    gathering = Gathering(delivery=event.delivery, day=day, facts=told)
    matches = match_all(needs, gathering, today=clock.in_london(now).date(), holidays=here.bank_holidays)
    refused = [match.code for match in matches if match.offer == Offer.REFUSED]
    return SessionMatches(
        said=said_of(matches, told, here, is_booked=event.booking_mode != BookingMode.OPEN),
        is_refused=bool(refused),
        instead=cards_for(_instead(event, needs, refused, now=now, locate=locate), here) if refused else [],
    )


def _instead(
    event: ShownSession, needs: Sequence[Need], refused: Sequence[str], *, now: datetime, locate: Locate
) -> list[Hit]:
    """Give the next two sessions that can: those of the same kind, near by or online come first."""
    rows = [row for row in find_sessions(Wanted(), now=now) if row.slug != event.slug and not row.new_date_pending]
    found = matches_by_slug(rows, needs)
    able = [row for row in rows if row.starts_at > now and can_instead(refused, found[row.slug])]
    middle = locate(event.venue.town) if event.venue else None
    return [
        Hit(session=row) for row in sorted(able, key=lambda row: not _is_like(row, event, middle, locate))[:INSTEAD]
    ]


def _is_like(row: FoundSession, event: ShownSession, middle: Point | None, locate: Locate) -> bool:
    if row.kind == event.kind or row.delivery != Delivery.IN_PERSON:
        return True
    there = locate(row.town) if row.town else None
    return middle is not None and there is not None and miles_between(middle, there) <= NEAR_MILES
