"""What is never more than something else: it is true of everything that is counted, and gives no hidden number away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

import pytest
from flask import Flask

from booking.extensions import transaction
from booking.locality import get_locality
from booking.queries.facts.read import get_facts
from booking.rules.access_promise import promise_kept
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import SMALLEST_SHOWN, Limit, Line, Profile, cells_to_hide
from booking.rules.engagement.catalogue import BREAKDOWNS, COUNTED
from booking.rules.engagement.counting import count
from booking.rules.engagement.limits import AT_MOST, CELLS_AT_MOST, MORE_THAN_ALL, AtMost, visits_at_most
from booking.rules.engagement.metric import Cell, Shape
from booking.rules.figures import hidden_cells, rows_of
from booking.rules.only_answers import only_answers
from booking.rules.what_readers_know import limits_of
from tests.figures import reader, test_worked_catalogue, test_worked_quarter
from tests.figures.attack import OUTSIDE, lost_in_drawn_quarter
from tests.figures.drawn_quarter import QUARTER, counted_quarter
from tests.figures.test_access_promise import CODES, SORTS, a_quarter

EVERY = tuple(BREAKDOWNS)
Counts = Mapping[Cell, int]


def broken(counts: Counts, *, certain: bool = True) -> Iterator[tuple[object, int]]:
    """Give each limit that these counts break; a measure that nobody counted limits nothing."""
    places = sorted({cell[1:] for cell in counts})
    for limit in (each for each in AT_MOST if each.is_certain or not certain):
        for at in places:
            if all((name, at[0]) in COUNTED for name in (*limit.parts, *limit.most)):
                yield from _broken(limit.why, counts, *([Cell(name, *at) for name in side] for side in _sides(limit)))
    for parts, most in (*CELLS_AT_MOST, visits_at_most(counts[Cell("held")])):
        if any(cell.breakdown == "F" for cell in counts):
            yield from _broken(parts, counts, list(parts), list(most))
    for cell, number in counts.items():
        is_part = cell.breakdown != "all" and cell.measure not in (*MORE_THAN_ALL, "pupils", *reader.SIGNED)
        if is_part and number > counts.get(Cell(cell.measure), 0):
            yield cell, number


def _sides(limit: AtMost) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return limit.parts, limit.most


def _broken(what: object, counts: Counts, parts: list[Cell], most: list[Cell]) -> Iterator[tuple[object, int]]:
    over = sum(counts.get(cell, 0) for cell in parts) - sum(counts.get(cell, 0) for cell in most)
    if over > 0:
        yield (what, parts), over


class TestAreTrue:
    @pytest.mark.parametrize("seed", range(60))
    def test_of_quarters_drawn_at_random(self, seed: int) -> None:
        assert list(broken(counted_quarter(seed).numbers, certain=False)) == []

    def test_and_each_of_them_binds_somewhere(self) -> None:
        """A limit whose two sides never touch in all these quarters would be no knowledge worth the name."""
        quarters = [counted_quarter(seed).numbers for seed in range(60)]
        loose = [
            limit.why
            for limit in AT_MOST
            if not any(
                0 < sum(counts.get(Cell(name, *at), 0) for name in limit.most)
                and sum(counts.get(Cell(name, *at), 0) for name in limit.parts)
                == sum(counts.get(Cell(name, *at), 0) for name in limit.most)
                for counts in quarters
                for at in {cell[1:] for cell in counts}
            )
        ]
        assert loose == []

    def test_a_family_can_be_without_request_in_a_district_and_not_in_all(self) -> None:
        """So a category of these measures can be more than all, and says nothing of it."""
        found = {
            cell.measure
            for seed in range(60)
            for counts in [counted_quarter(seed).numbers]
            for cell, number in counts.items()
            if cell.measure in MORE_THAN_ALL and number > counts[Cell(cell.measure)]
        }
        assert found == MORE_THAN_ALL

    @pytest.mark.parametrize("write", [test_worked_quarter.write_the_quarter, test_worked_catalogue.write_the_quarter])
    def test_of_the_worked_quarters(self, in_app: Flask, write: object) -> None:
        with transaction():
            write()  # type: ignore[operator]
        period, kent = parse_period("2025-26-Q4"), get_locality("kent")
        counts = count(period, get_facts(period, period, locality=kent), breakdowns=EVERY).numbers
        assert list(broken(counts)) == []

    def test_and_what_rare_data_breaks_is_left_out(self) -> None:
        """Of an imported family no adult is kept: that it is at most the adults says nothing there."""
        counts = {Cell("families"): 7, Cell("adults"): 6, Cell("attended"): 9}
        assert Limit((Cell("families"),), (Cell("adults"),)) not in set(limits_of(counts, EVERY))
        assert Limit((Cell("families"),), (Cell("attended"),)) in set(limits_of(counts, EVERY))


class TestOneLimit:
    def test_requests_give_away_what_was_not_met(self) -> None:
        """Of 11 requests 10 were met, which is shown. What was judged is 11 at most, so 1 was not quite met."""
        counts: dict[object, int] = {"requests": 11, "judged": 11, "met": 10, "rest": 1}
        line, limit = Line[object](("met", "rest"), "judged"), Limit[object](("judged",), ("requests",))
        unseen = {"judged", "rest"}
        assert only_answers(counts, unseen, [line.factors], ask_for=unseen) == frozenset()
        assert only_answers(counts, unseen, [line.factors], limits=[limit.factors], ask_for=unseen) == unseen
        hidden = cells_to_hide(counts, [line], limits=[limit], k=5)
        assert {"rest"} < hidden
        assert hidden & {"requests", "met"}

    def test_nothing_is_hidden_where_nothing_follows(self) -> None:
        counts: dict[object, int] = {"requests": 14, "judged": 11, "met": 10, "rest": 1}
        line, limit = Line[object](("met", "rest"), "judged"), Limit[object](("judged",), ("requests",))
        assert cells_to_hide(counts, [line], limits=[limit], k=5) == {"judged", "rest"}

    def test_what_is_out_already_is_no_cover(self) -> None:
        """Requests and met were told before. Nothing can be done any more, and nothing else is hidden in vain."""
        counts: dict[object, int] = {"requests": 11, "judged": 11, "met": 10, "rest": 1, "other": 40}
        line, limit = Line[object](("met", "rest"), "judged"), Limit[object](("judged",), ("requests",))
        hidden = cells_to_hide(counts, [line], limits=[limit], k=5, out={"requests", "met"})
        assert hidden == {"judged", "rest"}

    def test_a_mean_goes_before_a_count_where_it_would_give_it_away(self) -> None:
        """12 families, each once but one that came twice and one that came three times; the mean says 15."""
        counts: dict[object, int] = {"1": 10, "2": 1, "3+": 1, "families": 12, "visits": 15}
        lines = [Line[object](("1", "2", "3+"), "families")]
        limits = [Limit[object](("1", "2", "2", "3+", "3+", "3+"), ("visits",))]
        hidden = cells_to_hide(
            counts,
            lines,
            limits=limits,
            sums={"visits": "families"},
            k=5,
            worth=lambda cell, _number: 0 if cell == "visits" else 9,
        )
        assert hidden == {"1", "2", "3+", "visits"}


def test_a_hidden_mean_is_not_shown() -> None:
    """What the mean of a drawn quarter would give away is why it is protected there."""
    for seed in range(60):
        counted = counted_quarter(seed)
        hidden = hidden_cells(counted.numbers, profile=Profile.PARTNER, breakdowns=EVERY)
        means = [cell for cell in hidden if cell.measure in ("family_sessions", *reader.SIGNED)]
        if means:
            break
    rows = rows_of(QUARTER, counted, profile=Profile.PARTNER, breakdowns=EVERY, categories={}, hidden=hidden)
    shown = {
        Cell(row.metric.numerator, row.breakdown, row.category): row for row in rows if row.metric.shape == Shape.MEAN
    }
    assert {shown[cell].value.flag.value for cell in means} == {"c"}


@pytest.mark.parametrize("profile", OUTSIDE)
@pytest.mark.parametrize("seed", range(40))
def test_no_reader_of_a_whole_return_finds_a_hidden_number(seed: int, profile: Profile) -> None:
    assert lost_in_drawn_quarter(seed, profile) == set()


def test_without_limits_readers_found_many() -> None:
    """The attack is no toy: what was hidden before limits were known gives way in many of these quarters."""
    lost = 0
    for seed in range(12):
        counts = counted_quarter(seed).numbers
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("booking.rules.figures.limits_of", lambda *_values: ())
            hidden = hidden_cells(counts, profile=Profile.PARTNER, breakdowns=EVERY)
        lost += bool(reader.found_out(counts, hidden, Profile.PARTNER))
    assert lost > 3


@pytest.mark.parametrize("seed", range(20))
def test_requests_give_nothing_of_the_access_promise_away(seed: int) -> None:
    """What was judged is no row of it, and not more than was asked for: in a quarter, and in the year."""
    draw = Random(seed)

    def numbers() -> dict[str, int]:
        return {group: draw.choice((0, draw.randint(1, 9), draw.randint(10, 40))) for group in SORTS}

    quarters = [a_quarter(code, numbers(), numbers(), unheard=draw.choice((0, 0, 1))) for code in CODES]
    k = SMALLEST_SHOWN[Profile.PUBLIC]
    for row in promise_kept(quarters, SORTS):
        asked, met, rest = row.requests.value, row.met.value, row.not_quite_met.value
        if None not in (asked, met) and rest is None:
            place = ("all", "all") if row.group == "all" else ("G", row.group)
            of = [each for each in quarters if row.period in ("year", each.period.code)]
            true = {name: sum(each.numbers[Cell(name, *place)] for each in of) for name in ("requests", "met")}
            assert true["requests"] - true["met"] > 1, f"of {true} one was not met, at most"
        assert rest is None or rest == 0 or rest >= k
