"""What a session offers somebody who asks for something: there, to be arranged by a day, partly, unknown, or not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.locality.kinds import IN_PERSON, ONLINE, Fulfil, Need
from booking.rules.access_needs import KnownFact, NeedAnswer, ask_by, match_need
from booking.rules.words import Delivery


class Offer(StrEnum):
    """What we can say of one need at one session, the most helpful first."""

    THERE = "there"
    ALWAYS = "always"
    AT_HOME = "at_home"
    NOT_NEEDED = "not_needed"
    TALK = "talk"
    ARRANGE = "arrange"
    JOIN_ONLINE = "join_online"
    LATE = "late"
    PARTLY = "partly"
    NOT_CHECKED = "not_checked"
    REFUSED = "refused"


class Fit(StrEnum):
    """Whether a session fits somebody with several needs."""

    FITS = "fits"
    UNKNOWN = "unknown"
    DOES_NOT = "does_not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What decides about a need at a session; `day` None: the date is not known."""

    delivery: Delivery
    day: date | None
    facts: Mapping[str, KnownFact]


@dataclass(frozen=True, slots=True)
class Match:
    """One need at one session: `by` is the last day to ask, `days` the working days it takes.

    `fact` is what is known of the place that decided it, if something did.
    """

    code: str
    offer: Offer
    by: date | None = None
    days: int = 0
    fact: str | None = None
    is_stale: bool = False


def match_at(need: Need, gathering: Gathering, *, today: date, holidays: Collection[date]) -> Match:
    """Say what a session offers for a need, whether somebody comes to the place or joins from home."""
    if need.reply_days is not None:
        return Match(need.code, Offer.TALK, days=need.reply_days)
    if gathering.delivery == Delivery.ONLINE and ONLINE not in need.joins:
        return Match(need.code, Offer.AT_HOME)
    if gathering.delivery == Delivery.IN_PERSON and IN_PERSON not in need.joins:
        return Match(need.code, Offer.REFUSED if _is_a_thing(need) else Offer.NOT_NEEDED)
    found = match_need(need, gathering.facts, today=today)
    if found.answer == NeedAnswer.WE_ARRANGE:
        return _arranged(need, gathering.day, today=today, holidays=holidays)
    if found.answer == NeedAnswer.NOT_THERE and gathering.delivery == Delivery.HYBRID:
        return Match(need.code, Offer.JOIN_ONLINE, fact=found.fact)
    return Match(need.code, _OF[found.answer], fact=found.fact, is_stale=found.is_stale)


def match_all(
    needs: Iterable[Need], gathering: Gathering, *, today: date, holidays: Collection[date]
) -> tuple[Match, ...]:
    """Say what a session offers for each need, in the order they were given."""
    return tuple(match_at(need, gathering, today=today, holidays=holidays) for need in needs)


def fit_of(matches: Iterable[Match]) -> Fit:
    """Tell whether nothing is refused, and whether something nobody has checked may still be."""
    offers = {match.offer for match in matches}
    if Offer.REFUSED in offers:
        return Fit.DOES_NOT
    return Fit.UNKNOWN if Offer.NOT_CHECKED in offers else Fit.FITS


def can_instead(refused: Collection[str], matches: Sequence[Match]) -> bool:
    """Tell whether a session gives for sure what another one cannot, and refuses nothing else."""
    if fit_of(matches) == Fit.DOES_NOT:
        return False
    return all(match.offer in _FOR_SURE for match in matches if match.code in refused)


_OF = {
    NeedAnswer.THERE: Offer.THERE,
    NeedAnswer.PARTLY: Offer.PARTLY,
    NeedAnswer.NOT_CHECKED: Offer.NOT_CHECKED,
    NeedAnswer.NOT_THERE: Offer.REFUSED,
}
_FOR_SURE = (
    Offer.THERE,
    Offer.ALWAYS,
    Offer.AT_HOME,
    Offer.NOT_NEEDED,
    Offer.TALK,
    Offer.ARRANGE,
    Offer.JOIN_ONLINE,
)


def _arranged(need: Need, day: date | None, *, today: date, holidays: Collection[date]) -> Match:
    if need.lead_days == 0:
        return Match(need.code, Offer.ALWAYS)
    if day is None:
        return Match(need.code, Offer.ARRANGE, days=need.lead_days)
    by = ask_by(need, session_on=day, holidays=holidays)
    return Match(need.code, Offer.ARRANGE if today <= by else Offer.LATE, by=by, days=need.lead_days)


def _is_a_thing(need: Need) -> bool:
    """Tell what only an online session can give from what simply does not come up in a room."""
    return Fulfil.VENUE in need.fulfil or Fulfil.ARRANGE in need.fulfil
