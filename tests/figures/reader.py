"""What a reader of a return knows, written down by hand and apart from the code under test: sums, and what is at most.

Nothing here is taken from `booking.rules` but the figures a return prints; the attack narrows every number down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.metric import Cell, Shape

AT_LEAST = {Profile.PARTNER: 5, Profile.PUBLIC: 10}
SUMS = {
    "attended": [("attended_booked", "attended_walk_in"), ("attended_online", "attended_elsewhere")],
    "due": [("attended_booked", "did_not_come")],
    "recorded": [("due", "attended_walk_in")],
    "expected": [("recorded", "unrecorded")],
    "families": [
        ("families_new", "families_returning"),
        ("families_with_need", "families_without_need"),
        ("families_no_district", "families_all_district"),
        ("families_no_age", "families_all_age"),
        ("families_no_support", "families_all_support"),
    ],
    "judged": [("met", "not_quite_met")],
    "asked_in_time": [("arranged_in_time", "arranged_late")],
    "waiting": [("waiting_came", "waiting_did_not_come"), ("waiting_helped", "waiting_unmet")],
    "waiting_helped": [("waiting_came", "waiting_helped_elsewhere")],
    "attended_by_appointment": [("left_unseen", "seen")],
    "live_a_day_before": [("cancelled_in_last_day", "kept_to_the_end")],
    "released_early": [("refilled", "not_refilled")],
    "to_be_told": [("told_back", "not_told_back")],
    **{
        way: [
            (f"{way}_up", f"{way}_same", f"{way}_down"),
            *((f"{way}_{went}", f"{way}_not_{went}") for went in ("up", "same", "down")),
        ]
        for way in ("paired", "retro")
    },
    **{
        f"{name}_answered": [(f"{name}_agreed", f"{name}_not_agreed")]
        for name in ("confident", "listened", "what_next", "again", "had_what_needed")
    },
}
LESS = [
    ({"families": 1, "attended_anonymous": 1}, {"attended": 1}),
    ({"families": 1}, {"attended": 1}),
    ({"families": 1}, {"adults": 1}),
    ({"families": 1}, {"family_sessions": 1}),
    ({"family_sessions": 1, "attended_anonymous": 1}, {"attended": 1}),
    ({"adults": 1, "attended_anonymous": 1}, {"attended": 1}),
    ({"adults": 1}, {"attended": 1}),
    ({"attended_anonymous": 1}, {"attended": 1}),
    ({"attended_by_appointment": 1}, {"attended": 1}),
    ({"attended_with_format": 1}, {"attended": 1}),
    ({"attended_with_format": 1}, {"attended_with_need": 1}),
    ({"seats_used": 1}, {"attended": 1}),
    ({"families_with_need": 1}, {"attended_with_need": 1, "attended_walk_in": 1}),
    ({"families_without_need": 1}, {"attended_without_need": 1, "attended_walk_in": 1}),
    ({"families_with_need": 1}, {"requests": 1}),
    ({"kept_bookings": 1, "attended_walk_in": 1}, {"expected": 1}),
    ({"judged": 1}, {"requests": 1}),
    ({"asked_in_time": 1, "asked_late": 1}, {"requests": 1}),
    ({"waiting_came": 1}, {"offered_a_place": 1}),
    ({"paired": 1, "retro": 1}, {"confident_answered": 1}),
    ({"paired": 1, "retro": 1}, {"answers": 1}),
    ({"answers": 1}, {"attended": 1}),
    *(
        ({f"{name}_answered": 1}, {"answers": 1})
        for name in ("confident", "listened", "what_next", "again", "had_what_needed")
    ),
    *(
        limit
        for way in ("paired", "retro")
        for limit in (
            ({f"{way}_up": 1}, {f"{way}_change": 1, f"{way}_down": 4}),
            ({f"{way}_change": 1, f"{way}_down": 1}, {f"{way}_up": 4}),
        )
    ),
]
COUNTED_ONCE = ("families", "adults", "waiting")
"""How measures of different people begin: they stand in several categories, so a table's rows are more than all."""
NOT_A_PART = ("families_without_need", "waiting_did_not_come", "waiting_unmet", "waiting_helped_elsewhere")
SEVERAL = "ASNW"
"""Breakdowns in which one thing stands in several categories."""
SIGNED = ("paired_change", "retro_change")
TWICE = [
    (Cell("families", "D", "unknown"), Cell("families_no_district")),
    (Cell("families", "A", "unknown"), Cell("families_no_age")),
    (Cell("families", "S", "unknown"), Cell("families_no_support")),
    (Cell("attended", "O", "walk_in"), Cell("attended_walk_in")),
    (Cell("attended", "L", "online"), Cell("attended_online")),
    (Cell("attended_booked", "H", "yes"), Cell("attended_with_need")),
    (Cell("due", "H", "yes"), Cell("due_with_need")),
    *(
        (Cell(measure, "V", "online"), Cell(measure, "L", "online"))
        for measure in ("attended", "attended_booked", "did_not_come", "due")
    ),
]


class AtMost(NamedTuple):
    """So often each of these cells is nought at most, together."""

    factors: Mapping[Cell, int]


def printed(counts: Mapping[Cell, int], hidden: frozenset[Cell], profile: Profile) -> dict[Cell, int]:
    """Give the numbers that stand in the return, exact: of the public's a reader knows less."""
    seen: dict[Cell, int] = {}
    for metric in METRICS:
        for cell, number in counts.items():
            if cell.breakdown not in ("all", *metric.by) or cell in hidden:
                continue
            if metric.is_personal and cell.measure in metric.measures:
                beside = cell._replace(measure=metric.denominator)
                is_mean = metric.shape == Shape.MEAN and cell.measure == metric.numerator
                few = counts.get(beside, 0) < AT_LEAST[profile]
                is_median = metric.shape == Shape.MEDIAN and cell.measure == metric.numerator
                if not is_median and not (is_mean and (few or beside in hidden)):
                    seen[cell] = number
    return seen


def knowledge(counts: Mapping[Cell, int]) -> Iterator[AtMost]:
    """Give all a reader knows; a sum is two limits. Only what is true: of the rest the reader would learn nothing."""
    places = sorted({cell[1:] for cell in counts})
    for at in places:
        for total, ways in SUMS.items():
            for parts in ways:
                factors = {Cell(part, *at): 1 for part in parts} | {Cell(total, *at): -1}
                if all(cell in counts for cell in factors):
                    yield from _equal(factors)
        for less, more in LESS:
            factors = {Cell(name, *at): n for name, n in less.items()} | {
                Cell(name, *at): -n for name, n in more.items()
            }
            yield AtMost(factors)
    for one, other in TWICE:
        if one in counts and other in counts:
            yield from _equal({one: 1, other: -1})
    yield from _of_tables(counts)
    visits = {Cell("families", "F", "1"): 1, Cell("families", "F", "2"): 2, Cell("families", "F", "3+"): 3}
    yield AtMost(visits | {Cell("family_sessions"): -1})
    yield AtMost(visits | {Cell("attended_anonymous"): 1, Cell("attended"): -1})


def _of_tables(counts: Mapping[Cell, int]) -> Iterator[AtMost]:
    for measure, breakdown in sorted({cell[:2] for cell in counts if cell.breakdown != "all"}):
        parts = [cell for cell in counts if cell[:2] == (measure, breakdown)]
        if measure.startswith("pupils") or Cell(measure) not in counts:
            continue
        overlaps = breakdown in SEVERAL or (measure, breakdown) == ("attended_with_format", "G")
        overlaps |= measure.startswith(COUNTED_ONCE) and breakdown != "F"
        if measure in SIGNED and overlaps:
            continue
        whole = {Cell(measure): -1}
        if not overlaps:
            yield from _equal(dict.fromkeys(parts, 1) | whole)
        else:
            yield AtMost(dict.fromkeys(parts, -1) | {Cell(measure): 1})
            if measure not in NOT_A_PART:
                yield from (AtMost({part: 1} | whole) for part in parts)


def _equal(factors: Mapping[Cell, int]) -> Iterator[AtMost]:
    yield AtMost(factors)
    yield AtMost({cell: -factor for cell, factor in factors.items()})


def narrowed(counts: Mapping[Cell, int], hidden: frozenset[Cell], profile: Profile) -> dict[Cell, tuple[int, int]]:
    """Find between which numbers each that is not printed lies, for a reader who knows that noughts are shown."""
    seen = printed(counts, hidden, profile)
    rules = [rule for rule in knowledge(counts) if any(counts.get(cell, 0) for cell in rule.factors)]
    holding = [rule for rule in rules if sum(n * counts.get(cell, 0) for cell, n in rule.factors.items()) <= 0]
    cells = {cell for rule in holding for cell in rule.factors}
    least = 0 if any(counts.get(cell, 0) == 0 for cell in hidden) else 1
    most = sum(map(abs, counts.values()))
    between = {}
    for cell in cells:
        if cell in seen or cell not in counts:
            between[cell] = (counts.get(cell, 0),) * 2
        else:
            between[cell] = (-most if cell.measure in SIGNED else least if cell in hidden else 0, most)
    rules_of: dict[Cell, list[AtMost]] = {}
    for rule in holding:
        for cell in rule.factors:
            rules_of.setdefault(cell, []).append(rule)
    todo = dict.fromkeys(range(len(holding)))
    number_of = {id(rule): number for number, rule in enumerate(holding)}
    rounds = 0
    while todo and rounds < 200_000:
        rounds += 1
        number = next(iter(todo))
        del todo[number]
        for cell in _narrow(holding[number].factors, between):
            todo |= {number_of[id(rule)]: None for rule in rules_of[cell]}
    assert all(low <= counts.get(cell, 0) <= high for cell, (low, high) in between.items())
    return {cell: ends for cell, ends in between.items() if cell in counts and cell not in seen}


def _narrow(factors: Mapping[Cell, int], between: dict[Cell, tuple[int, int]]) -> list[Cell]:
    """Let each number be no more, or no less, than what the others leave of the limit; say which have changed."""
    least = sum(n * between[cell][n < 0] for cell, n in factors.items())
    changed = []
    for cell, n in factors.items():
        low, high = between[cell]
        room = -(least - n * between[cell][n < 0])
        if n > 0 and room // n < high:
            between[cell] = low, room // n
        elif n < 0 and -(room // -n) > low:
            between[cell] = -(room // -n), high
        else:
            continue
        changed.append(cell)
    return changed


def found_out(counts: Mapping[Cell, int], hidden: frozenset[Cell], profile: Profile) -> set[Cell]:
    """Return the numbers a reader finds that nobody is to find: hidden ones, and small ones that nobody printed."""
    k = AT_LEAST[profile]
    of_means = ("family_sessions", *SIGNED)
    return {
        cell
        for cell, (low, high) in narrowed(counts, hidden, profile).items()
        if low == high and cell.measure not in of_means and (0 < low < k or (cell in hidden and low))
    }
