"""Count the measures of a period, in all and in each category of its breakdowns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from statistics import median
from typing import Any

from booking.rules.calendar_periods import Period
from booking.rules.engagement.catalogue import COUNTED, MEASURES, MEDIANS, RESTS
from booking.rules.engagement.equity import pupils_by_district
from booking.rules.engagement.facts import (
    AnswerFact,
    AtTheTime,
    BookingFact,
    Facts,
    IssueFact,
    NeedFact,
    PlaceFact,
    SessionFact,
    SessionState,
    WaitFact,
    WishFact,
    came,
    new_families,
)
from booking.rules.engagement.metric import ALL, UNKNOWN, Cell, Entry, Metric
from booking.rules.engagement.offer import family

Counts = dict[Cell, int]
_Selects = Mapping[str, Callable[[Any], Entry | None]]
_Names = Mapping[str, Callable[[Any], tuple[str, ...]]]
_OF_FACTS = frozenset({"families_new", *(measure for measures in MEASURES.values() for measure in measures)}) - MEDIANS
"""What is counted from facts, and is 0 where there are none; what else there is, only a source or today can say."""
_HOW_OFTEN = ("1", "2", "3+")
_IN_ALL = (ALL, ALL)


@dataclass(frozen=True, slots=True)
class Counted:
    """The measures of a period. What nobody collected is in neither, and is no nought.

    `numbers` are sums; `medians` are the middles of the measures that have one.
    """

    numbers: Counts
    medians: dict[Cell, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was counted once, how much it weighs, and the facts that name it."""

    key: Hashable
    weight: int
    facts: list[Any]


def count(
    period: Period, facts: Facts, *, breakdowns: Collection[str] = (), only: Collection[Metric] | None = None
) -> Counted:
    """Count every measure of a period, or `only` those that some figures are made of; the others are then 0.

    What is counted once (a family, an adult) is counted once in each cell, so a total is not the sum of its parts
    (6, 12).
    """
    tally = _Tally(frozenset(breakdowns))
    wanted = _measures_for(only) if only is not None else None
    for there, measures, categories in _measured(period, facts):
        used = {name: select for name, select in measures.items() if wanted is None or name in wanted}
        tally.add(there, used, categories)
    numbers = {Cell(measure): 0 for measure, breakdown in sorted(COUNTED) if breakdown == ALL and measure in _OF_FACTS}
    numbers |= {cell: sum(weights) for cell, weights in tally.cells(MEDIANS, is_in=False)}
    medians = {cell: Fraction(median(weights)) for cell, weights in tally.cells(MEDIANS, is_in=True)}
    _add_what_is_there(numbers, facts)
    _add_rests(numbers)
    return Counted(numbers, medians)


def things_behind(period: Period, facts: Facts, cell: Cell) -> list[Thing]:
    """Give everything that was counted into one number: what `count` adds up there, with the facts that name it.

    Empty where the number is of no facts: pupils of a source, and what only today can say.
    """
    for rest in RESTS:
        if rest.name == cell.measure:
            taken = {thing.key for thing in things_behind(period, facts, cell._replace(measure=rest.part))}
            whole = things_behind(period, facts, cell._replace(measure=rest.whole))
            return [thing for thing in whole if thing.key not in taken]
    found: dict[Hashable, Thing] = {}
    for there, measures, categories in _measured(period, facts):
        if cell.measure in measures and cell.breakdown in (ALL, *categories):
            for fact in there:
                if _is_in(fact, cell, categories) and (entry := measures[cell.measure](fact)):
                    found.setdefault(entry[0], Thing(*entry, [])).facts.append(fact)
    return list(found.values())


def _is_in(fact: object, cell: Cell, categories: _Names) -> bool:
    if cell.breakdown == ALL:
        return True
    return cell.category in {name or UNKNOWN for name in categories[cell.breakdown](fact) or (UNKNOWN,)}


def _measures_for(metrics: Collection[Metric]) -> frozenset[str]:
    """Give the measures that figures are made of, and what those that are a rest are the rest of."""
    wanted = {measure for metric in metrics for measure in metric.measures}
    for rest in reversed(RESTS):
        if rest.name in wanted:
            wanted |= {rest.whole, rest.part}
    return frozenset(wanted)


class _Tally:
    """By measure, breakdown and category what was counted once each, and its weight."""

    def __init__(self, breakdowns: Collection[str]) -> None:
        """Count in all, and by these."""
        self._breakdowns = breakdowns
        self._seen: dict[str, dict[tuple[str, str], dict[Hashable, int]]] = {}

    def add(self, facts: Iterable[object], measures: _Selects, categories: _Names) -> None:
        """Add what each fact gives to each measure, broken down only as some figure is."""
        used = [
            (select, self._seen.setdefault(measure, {}), [each for each in by if (measure, each) in COUNTED])
            for measure, select in measures.items()
            for by in [[each for each in self._breakdowns if each in categories]]
        ]
        if not used:
            return
        wanted = {each for _select, _cells, by in used for each in by}
        for fact in facts:
            names: dict[str, list[tuple[str, str]]] = {}
            for select, cells, by in used:
                if (entry := select(fact)) is None:
                    continue
                key, weight = entry
                cells.setdefault(_IN_ALL, {})[key] = weight
                if by and not names:  # most facts count nowhere: only of those that do is it asked what they are
                    names = {each: _names(each, categories[each](fact)) for each in wanted}
                for each in by:
                    for at in names[each]:
                        cells.setdefault(at, {})[key] = weight

    def cells(self, measures: Collection[str], *, is_in: bool) -> Iterator[tuple[Cell, Collection[int]]]:
        """Give each cell with its weights: of these measures, or of all others."""
        for measure, cells in self._seen.items():
            if (measure in measures) == is_in:
                for at, weights in cells.items():
                    yield Cell(measure, *at), weights.values()


def _names(breakdown: str, categories: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(breakdown, name or UNKNOWN) for name in categories or (UNKNOWN,)]


def _measured(period: Period, facts: Facts) -> Iterator[tuple[Iterable[Any], _Selects, _Names]]:
    """Give the facts of the period, each kind with what is measured of it and how it is broken down."""
    people = [place for place in facts.places if place.day in period and _counts(place)]
    for kind, there in _facts_by_kind(period, facts, people):
        measures, categories = MEASURES[kind], _CATEGORIES[kind]
        if kind is PlaceFact:
            measures, categories = _with_families(measures, categories, people, facts)
        yield there, measures, categories


def _facts_by_kind(period: Period, facts: Facts, people: list[PlaceFact]) -> Iterator[tuple[type, Iterable[Any]]]:
    """Give the facts of the period, each kind with its own."""
    yield PlaceFact, people
    kinds: tuple[tuple[type, Collection[Any]], ...] = (
        (SessionFact, facts.sessions),
        (BookingFact, facts.bookings),
        (WaitFact, facts.waits),
        (WishFact, facts.wishes),
        (NeedFact, facts.needs),
        (AnswerFact, facts.answers),
        (IssueFact, facts.issues),
    )
    for kind, all_of_it in kinds:
        yield kind, (fact for fact in all_of_it if fact.day in period)


def _counts(place: PlaceFact) -> bool:
    """Only participants' places in held sessions count (1, 9)."""
    return place.is_participant and place.session.state == SessionState.HELD


def _with_families(
    measures: _Selects, categories: _Names, people: list[PlaceFact], facts: Facts
) -> tuple[_Selects, _Names]:
    """Add what can be said of a family only once all its places are known: whether it is new, how often it came.

    All are looked through when something asks for it, and once.
    """

    @cache
    def new() -> frozenset[int]:
        return new_families(people, came_before=facts.came_before, attended_on=facts.attended_on)

    @cache
    def sessions() -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for place in people:
            if place.family is not None and came(place):
                found.setdefault(place.family, set()).add(place.session.id)
        return found

    def how_often(place: PlaceFact) -> tuple[str, ...]:
        number = len(sessions().get(place.family, ())) if place.family is not None else 0
        return (_HOW_OFTEN[min(number, 3) - 1],) if number else ()

    is_new = {"families_new": lambda place: family(place) if place.family in new() else None}
    return {**measures, **is_new}, {**categories, "F": how_often}


def _add_rests(numbers: Counts) -> None:
    """Work out what is left of each whole, wherever the whole was counted."""
    for rest in RESTS:
        for cell in [cell for cell in numbers if cell.measure == rest.whole]:
            part = numbers.get(cell._replace(measure=rest.part), 0)
            numbers[cell._replace(measure=rest.name)] = numbers[cell] - part


def _add_what_is_there(numbers: Counts, facts: Facts) -> None:
    """Add what is no deed of the period: pupils of a published source, and what only today can say."""
    for pupils in facts.pupils:
        for cell, number in pupils_by_district(pupils):
            numbers[cell] = numbers.get(cell, 0) + number
    if facts.now is not None:
        for cell, number in _of_today(facts.now):
            numbers[cell] = numbers.get(cell, 0) + number


def _of_today(now: AtTheTime) -> Iterator[tuple[Cell, int]]:
    for measure, breakdown, by_district in (
        ("subscribers", "D", now.subscribers),
        ("place_facts", "V", now.place_facts),
        ("place_facts_old", "V", now.place_facts_old),
    ):
        yield Cell(measure), 0
        for district, number in by_district.items():
            yield Cell(measure), number
            yield Cell(measure, breakdown, district), number


_OF_A_SESSION: dict[str, Callable[[SessionFact], tuple[str, ...]]] = {
    "V": lambda s: (s.district,),
    "K": lambda s: (s.kind,),
    "L": lambda s: (s.delivery,),
    "T": lambda s: (s.time_band,),
    "Q": lambda s: (s.school_time,),
    "P": lambda s: (s.participation,),
    "W": lambda s: s.workstreams,
}


def _through_session(*letters: str) -> dict[str, Callable[[Any], tuple[str, ...]]]:
    """Break down what happened at a session as the session is."""

    def of(letter: str) -> Callable[[Any], tuple[str, ...]]:
        return lambda fact: _OF_A_SESSION[letter](fact.session)

    return {letter: of(letter) for letter in letters}


_CATEGORIES: Mapping[type, _Names] = {
    SessionFact: {**_OF_A_SESSION, "R": lambda s: (s.cancel_reason,)},
    PlaceFact: {
        **_through_session("V", "K", "L", "T", "Q"),
        "D": lambda p: (p.district,),
        "O": lambda p: (p.origin,),
        "B": lambda p: (p.lead_band,),
        "H": lambda p: ("yes" if p.has_need else "no",),
        "A": lambda p: p.age_phases,
        "S": lambda p: p.supports,
        "N": lambda p: p.need_areas,
        "G": lambda p: p.formats_met,
    },
    BookingFact: {**_through_session("V", "K", "L"), "Y": lambda b: (b.reason,)},
    WaitFact: {**_through_session("V", "K", "T"), "D": lambda w: (w.district,)},
    WishFact: {
        "D": lambda w: (w.district,),
        "K": lambda w: (w.kind,),
        "T": lambda w: (w.time_band,),
        "U": lambda w: (w.reason,),
    },
    NeedFact: {**_through_session("V"), "G": lambda n: (n.group,)},
    IssueFact: {
        "V": lambda i: (i.district,),
        "W": lambda i: (i.workstream,),
        "I": lambda i: (i.theme,),
        "E": lambda i: (i.owner,),
    },
    AnswerFact: _through_session("K", "L", "P", "W", "V"),
}
