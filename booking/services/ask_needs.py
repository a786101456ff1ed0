"""Write down what would make it easier for a family to come, sealed, with the day it is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from booking import clock
from booking.extensions import db
from booking.formats import refusals
from booking.locality.kinds import Need as NeedKind
from booking.models import Booking, Event, NeedRequest
from booking.queries.installation import our_locality
from booking.rules.access_needs import due_on, is_lead_ok
from booking.rules.consent import tells_something
from booking.rules.words import ForWhom, NeedState


@dataclass(frozen=True)
class Need:
    """One thing asked for; `detail` is what the family adds in its own words, `for_whom` only if it was asked."""

    code: str
    detail: str | None = None
    for_whom: ForWhom | None = None


def needs_tell(needs: Sequence[Need]) -> bool:
    """Return whether these needs say anything about a person, and so need consent."""
    return tells_something((need.code, need.detail) for need in needs)


def asked_for(booking: Booking) -> dict[str, Need]:
    """Return what is asked for now, by its code, with its words and whom it is for."""
    over = (NeedState.NO_LONGER_NEEDED, NeedState.CANNOT_MEET)
    return {need.code: Need(need.code, need.detail, need.for_whom) for need in booking.needs if need.state not in over}


def reworded(asked: Mapping[str, Need], codes: Iterable[str], *, words: str | None, shown: str) -> list[Need]:
    """Return what is asked for now by these codes; each keeps its own words unless those `shown` were changed."""
    needs = [asked.get(code, Need(code, words)) for code in codes]
    return needs if (words or "") == shown else [Need(need.code, words, need.for_whom) for need in needs]


def shown_words(asked: Mapping[str, Need]) -> str:
    """Return the words that the one field of a form shows for all that is asked for."""
    return next((need.detail for need in asked.values() if need.detail), "")


def add_needs(booking: Booking, needs: Sequence[Need], *, event: Event) -> None:
    """Add requests to a booking. Raise Refusal for a code this area does not have."""
    holidays = our_locality().bank_holidays
    today = clock.today()
    session_on = clock.in_london(event.starts_at).date()
    for need in needs:
        kind = _kind(need.code)
        booking.needs.append(
            NeedRequest(
                code=need.code,
                detail=need.detail or None,
                for_whom=need.for_whom,
                lead_ok=is_lead_ok(kind, asked_on=today, session_on=session_on, holidays=holidays),
                due_on=due_on(kind, asked_on=today, session_on=session_on, holidays=holidays),
            )
        )
    db.session.flush()


def _kind(code: str) -> NeedKind:
    try:
        return our_locality().get_need(code)
    except KeyError:
        raise refusals.unknown_need() from None
