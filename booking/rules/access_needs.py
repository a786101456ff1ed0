"""What a place offers somebody who asks for something, whether there is time for it, and what is unchecked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.locality.kinds import IN_PERSON, ONLINE, Fulfil, Locality, Need, VenueFactKind
from booking.rules.calendar_periods import add_working_days
from booking.rules.words import Delivery, FactAnswer

ARRANGED_BEFORE_WORKING_DAYS = 2
"""Metric M30 calls a request arranged in time when it is arranged this long before the session."""

STARTED_WITHIN_WORKING_DAYS = 2
"""What is asked for too late for its lead time is seen to this soon."""

IN_OWN_WORDS = "something_else"
"""The request of who writes what would help and ticks nothing."""

GIVES_AWAY = ("arriving",)
"""Groups of facts that could lead somebody to a confidential place."""


class NeedAnswer(StrEnum):
    """What we can say at once about a request."""

    THERE = "there"
    PARTLY = "partly"
    NOT_THERE = "not_there"
    NOT_CHECKED = "not_checked"
    WE_ARRANGE = "we_arrange"


GOOD = (NeedAnswer.THERE, NeedAnswer.WE_ARRANGE)
"""The answers with which a family can count on it."""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact about a place as the rules need it."""

    answer: FactAnswer
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """The answer to a request and the fact it rests on, if it rests on one."""

    answer: NeedAnswer
    fact: str | None = None
    checked_on: date | None = None
    is_stale: bool = False


def match_need(need: Need, facts: Mapping[str, KnownFact], *, today: date) -> NeedMatch:
    """Compare a request with what is known of the place; of several facts the least helpful decides.

    What people can arrange overrules what the place lacks; what only staff behaviour eases is "partly" there.
    Something arranged that needs the place's help (a crèche) is refused when the place is known not to have it.
    """
    if not need.facts:
        return NeedMatch(NeedAnswer.WE_ARRANGE)
    known = {code: facts.get(code, _UNKNOWN) for code in need.facts}
    code = max(need.facts, key=lambda each: _WORST_LAST.index(known[each].answer))
    fact = known[code]
    answer = _answer(fact.answer, need.fulfil)
    return NeedMatch(answer, fact=code, checked_on=fact.checked_on, is_stale=is_stale(fact, today=today))


def is_broken(was: NeedAnswer, now: NeedAnswer) -> bool:
    """Tell whether a place no longer gives what it gave, or what another one gave: not known is not there."""
    return was in (*GOOD, NeedAnswer.PARTLY) and now not in GOOD and now != was


def needs_for(needs: Iterable[Need], delivery: Delivery) -> tuple[Need, ...]:
    """Give the needs that make sense for a session held in a room, online or both."""
    ways = {IN_PERSON, ONLINE} if delivery == Delivery.HYBRID else {str(delivery)}
    return tuple(need for need in needs if ways & set(need.joins))


def ask_by(need: Need, *, session_on: date, holidays: Collection[date]) -> date:
    """Give the last day on which a request leaves enough working days to arrange it."""
    return add_working_days(session_on, -need.lead_days, holidays)


def is_lead_ok(need: Need, *, asked_on: date, session_on: date, holidays: Collection[date]) -> bool:
    """Tell whether a request came early enough; if not, we warn and still try."""
    return asked_on <= ask_by(need, session_on=session_on, holidays=holidays)


def due_on(need: Need, *, asked_on: date, session_on: date, holidays: Collection[date]) -> date:
    """Give the day by which a request is to be arranged or answered, never before it was made nor after the session.

    It is the need's own lead time in working days before the session, and two where that is shorter. What was asked
    for later than that is due two working days after it was asked for, so that nothing is late as soon as it arrives.
    """
    last = add_working_days(session_on, -ARRANGED_BEFORE_WORKING_DAYS, holidays)
    if need.reply_days is None:
        by_lead = min(last, ask_by(need, session_on=session_on, holidays=holidays))
        due = min(last, max(by_lead, add_working_days(asked_on, STARTED_WITHIN_WORKING_DAYS, holidays)))
    else:
        due = add_working_days(asked_on, need.reply_days, holidays)
    return min(max(due, asked_on), max(session_on, asked_on))


def interpreters_needed(need: Need, *, minutes: int) -> int:
    """Count the interpreters a session of this length takes: they work in pairs when it is long."""
    return 2 if need.pair_over_minutes is not None and minutes > need.pair_over_minutes else 1


def is_stale(fact: KnownFact, *, today: date) -> bool:
    """Tell whether a fact was checked more than twelve months ago, or nobody knows when."""
    if fact.answer == FactAnswer.NOT_CHECKED:
        return False
    return fact.checked_on is None or fact.checked_on < year_before(today)


def year_before(day: date) -> date:
    """Give the same day a year before: what was checked earlier than that is stale."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def baseline_gaps(kinds: Iterable[VenueFactKind], facts: Mapping[str, KnownFact]) -> tuple[str, ...]:
    """List the facts of the publishing baseline that are missing or not checked at a place."""
    good = (FactAnswer.YES, FactAnswer.PARTLY)
    return tuple(kind.code for kind in kinds if kind.baseline and facts.get(kind.code, _UNKNOWN).answer not in good)


def may_be_told(
    facts: Mapping[str, KnownFact], here: Locality, *, is_confidential: bool | None
) -> Mapping[str, KnownFact]:
    """Leave out what could lead somebody to a confidential place."""
    if not is_confidential:
        return facts
    hidden = {kind.code for kind in here.facts if kind.group in GIVES_AWAY}
    return {code: fact for code, fact in facts.items() if code not in hidden}


_UNKNOWN = KnownFact(FactAnswer.NOT_CHECKED)
_WORST_LAST = (FactAnswer.YES, FactAnswer.PARTLY, FactAnswer.NOT_CHECKED, FactAnswer.NO)
_OF_THE_PLACE = {
    FactAnswer.YES: NeedAnswer.THERE,
    FactAnswer.PARTLY: NeedAnswer.PARTLY,
    FactAnswer.NO: NeedAnswer.NOT_THERE,
    FactAnswer.NOT_CHECKED: NeedAnswer.NOT_CHECKED,
}


def _answer(fact: FactAnswer, fulfil: tuple[Fulfil, ...]) -> NeedAnswer:
    if Fulfil.VENUE not in fulfil:
        refused = fact == FactAnswer.NO and Fulfil.ARRANGE in fulfil
        return NeedAnswer.NOT_THERE if refused else NeedAnswer.WE_ARRANGE
    if fact == FactAnswer.YES:
        return NeedAnswer.THERE
    if Fulfil.ARRANGE in fulfil:
        return NeedAnswer.WE_ARRANGE
    if fact == FactAnswer.NO and Fulfil.BEHAVIOUR in fulfil:
        return NeedAnswer.PARTLY
    return _OF_THE_PLACE[fact]
