"""What is never more than something else: it is true of everything that is counted, and gives no hidden number away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random

import pytest
from flask import Flask

from booking.extensions import transaction
from booking.locality import get_locality
from booking.queries.facts.read import get_facts
from booking.rules.access_promise import promise_kept
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import SMALLEST_SHOWN, Limit, Line, Profile, cells_to_hide, rounded, show_rate
from booking.rules.engagement.catalogue import BREAKDOWNS, COUNTED, get_metric
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.facts import Facts, PlaceFact, SessionFact, SessionState
from booking.rules.engagement.limits import AT_MOST, CELLS_AT_MOST, MORE_THAN_ALL, AtMost, visits_at_most
from booking.rules.engagement.metric import Cell, Shape
from booking.rules.figures import Row, hidden_cells, rows_of
from booking.rules.only_answers import only_answers
from booking.rules.what_readers_know import limits_of
from booking.rules.words import Outcome
from tests.figures import reader, test_worked_catalogue, test_worked_quarter
from tests.figures.attack import OUTSIDE, lost_in_drawn_quarter
from tests.figures.drawn_quarter import DAY, QUARTER, counted_quarter
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
        is_part = cell[:2] in COUNTED and cell.breakdown != "all"
        is_part &= cell.measure not in (*MORE_THAN_ALL, "pupils", *reader.SIGNED)
        if is_part and number > counts.get(Cell(cell.measure), 0):
            yield cell, number


def _sides(limit: AtMost) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return limit.parts, limit.most


def _broken(what: object, counts: Counts, parts: list[Cell], most: list[Cell]) -> Iterator[tuple[object, int]]:
    over = sum(counts.get(cell, 0) for cell in parts) - sum(counts.get(cell, 0) for cell in most)
    if over > 0:
        yield (what, parts), over


class TestAreTrue:
    @pytest.mark.parametrize("seed", range(20))
    def test_of_quarters_drawn_at_random(self, seed: int) -> None:
        assert list(broken(counted_quarter(seed).numbers, certain=False)) == []

    def test_and_each_of_them_is_tried(self) -> None:
        quarters = [counted_quarter(seed).numbers for seed in range(10)]
        at_all = {cell.measure for counts in quarters for cell, number in counts.items() if number}
        assert {name for limit in AT_MOST for name in (*limit.parts, *limit.most)} <= at_all

    def test_a_family_can_be_without_request_in_a_district_and_not_in_all(self) -> None:
        """It asked for nothing in Dover, and for something in Ashford: so Dover's number is more than all."""
        session = SessionFact(id=1, starts_on=DAY, state=SessionState.HELD, kind="forum", delivery="", district="")
        places = [
            PlaceFact(
                id=number,
                session=session,
                booking=number,
                family=1,
                adult=1,
                district=district,
                origin="web",
                is_walk_in=False,
                is_participant=True,
                outcome=Outcome.ATTENDED,
                has_need=district == "ashford",
            )
            for number, district in enumerate(("ashford", "dover"))
        ]
        counts = count(QUARTER, Facts(sessions=[session], places=places), breakdowns="D").numbers
        of_dover = Cell("families_without_need", "D", "dover")
        assert (counts[of_dover], counts[Cell("families_without_need")]) == (1, 0)
        assert Limit((of_dover,), (Cell("families_without_need"),)) not in set(limits_of(counts, "D"))

    def test_and_so_can_one_that_waited(self) -> None:
        found = {
            cell.measure
            for seed in range(20)
            for counts in [counted_quarter(seed).numbers]
            for cell, number in counts.items()
            if cell[:2] in COUNTED and cell.measure in MORE_THAN_ALL and number > counts[Cell(cell.measure)]
        }
        assert found == MORE_THAN_ALL - {"families_without_need"}

    @pytest.mark.parametrize("write", [test_worked_quarter.write_the_quarter, test_worked_catalogue.write_the_quarter])
    def test_of_the_worked_quarters(self, in_app: Flask, write: object) -> None:
        with transaction():
            write()  # type: ignore[operator]
        period, kent = parse_period("2025-26-Q4"), get_locality("kent")
        counts = count(period, get_facts(period, locality=kent), breakdowns=EVERY).numbers
        assert list(broken(counts)) == []

    def test_and_what_rare_data_breaks_is_left_out(self) -> None:
        """Of an imported family no adult is kept: that it is at most the adults says nothing there."""
        counts = {Cell("families"): 7, Cell("adults"): 6, Cell("attended"): 9}
        assert Limit((Cell("families"),), (Cell("adults"),)) not in set(limits_of(counts, EVERY))
        assert Limit((Cell("families"),), (Cell("attended"),)) in set(limits_of(counts, EVERY))


def _judged_first(cell: object, _number: int) -> int:
    """What was judged is no row of a return, so it goes first."""
    return int(cell != "judged")


class TestOneLimit:
    def test_requests_give_away_what_was_not_met(self) -> None:
        """Of 11 requests 10 were met, which is shown. What was judged is 11 at most, so 1 was not quite met."""
        counts: dict[object, int] = {"requests": 11, "judged": 11, "met": 10, "rest": 1}
        line, limit = Line[object](("met", "rest"), "judged"), Limit[object](("judged",), ("requests",))
        unseen = {"judged", "rest"}
        assert only_answers(counts, unseen, [line.factors], ask_for=unseen) == frozenset()
        assert only_answers(counts, unseen, [line.factors], limits=[limit.factors], ask_for=unseen) == unseen
        assert cells_to_hide(counts, [line], k=5, worth=_judged_first) == unseen
        hidden = cells_to_hide(counts, [line], limits=[limit], k=5, worth=_judged_first)
        assert hidden == {"rest", "judged", "met"}

    def test_nothing_is_hidden_where_nothing_follows(self) -> None:
        counts: dict[object, int] = {"requests": 14, "judged": 11, "met": 10, "rest": 1}
        line, limit = Line[object](("met", "rest"), "judged"), Limit[object](("judged",), ("requests",))
        assert cells_to_hide(counts, [line], limits=[limit], k=5, worth=_judged_first) == {"judged", "rest"}

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
@pytest.mark.parametrize("seed", range(14))
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


def a_row(
    metric_id: str, numbers: dict[Cell, int], profile: Profile, medians: dict[Cell, Fraction] | None = None
) -> Row:
    """Lay out one figure in all, of numbers counted by hand; what is not given is nought."""
    metric = get_metric(metric_id)
    counted = Counted({Cell(measure): 0 for measure in metric.measures} | numbers, medians or {})
    return next(iter(rows_of(QUARTER, counted, profile=profile, breakdowns="", categories={}, metrics=[metric])))


def said(row: Row) -> str:
    return row.value.flag.value or str(row.value.value)


class TestAverages:
    @pytest.mark.parametrize(("families", "visits"), [(13, 17), (15, 15), (17, 16 + 1), (14, 16)])
    def test_a_public_mean_is_made_from_rounded_numbers(self, families: int, visits: int) -> None:
        """13 families and 17 visits are 15 and 15 in public: a 1.0, as it is for 15 and 15. 17 ÷ 13 would be 1.31."""
        row = a_row("M10", {Cell("families"): families, Cell("family_sessions"): visits}, Profile.PUBLIC)
        assert (said(row), row.n.value) == ("1.0", 15)

    def test_and_has_one_decimal(self) -> None:
        numbers = {Cell("families"): 31, Cell("family_sessions"): 53}
        expected = {Profile.INTERNAL: "1.71", Profile.PARTNER: "1.71", Profile.PUBLIC: "1.8"}  # 53 of 31; 55 of 30
        assert {profile: said(a_row("M10", numbers, profile)) for profile in Profile} == expected

    @pytest.mark.parametrize(
        ("change", "mean"), [(12, "0.5"), (13, "0.8"), (-12, "-0.5"), (-13, "-0.8"), (2, "0.0"), (-2, "0.0")]
    )
    def test_a_sum_of_changes_is_rounded_with_its_sign(self, change: int, mean: str) -> None:
        """Of 21 pairs, 20 in public: 12 steps are 10, 13 are 15, and as many down are as many down."""
        row = a_row("M36d", {Cell("paired"): 21, Cell("paired_change"): change, Cell("paired_up"): 21}, Profile.PUBLIC)
        assert said(row) == mean

    def test_a_public_median_is_in_whole_days(self) -> None:
        cells = {Cell("kept_bookings"): 23}, {Cell("lead_days"): Fraction(9, 2)}
        found = {profile: said(a_row("M19", cells[0], profile, cells[1])) for profile in Profile}
        assert found == {Profile.INTERNAL: "4.5", Profile.PARTNER: "4.5", Profile.PUBLIC: "5"}

    @pytest.mark.parametrize("number", range(1, 30))
    def test_whether_a_mean_is_there_tells_no_more_than_the_number_beside_it(self, number: int) -> None:
        row = a_row("M10", {Cell("families"): number, Cell("family_sessions"): 40}, Profile.PUBLIC)
        assert (row.value.value is None) == (row.n.value is None) == (number < 10)

    def test_a_nought_that_is_hidden_is_not_told_by_its_sign(self) -> None:
        """Two families in Dover and none in Swale hide each other: no mean may say “does not apply” of one of them."""
        at = Cell("families", "K", "forum")
        counted = Counted({Cell("families"): 9, Cell("family_sessions"): 9, at: 0}, {})
        hidden = frozenset({at, Cell("families")})
        rows = rows_of(
            QUARTER,
            counted,
            profile=Profile.PARTNER,
            breakdowns="K",
            categories={"K": ["forum"]},
            hidden=hidden,
            metrics=[get_metric("M10")],
        )
        assert {said(row) for row in rows} == {"c"}
        assert show_rate(0, 0, profile=Profile.PARTNER, is_hidden=True).flag == "c"


class TestGap:
    @pytest.mark.parametrize("due", range(15, 30))
    def test_in_public_the_rounded_number_decides(self, due: int) -> None:
        """18, 20 and 22 are all 20 in public: whether a gap stands there may not tell them apart."""
        numbers = {
            Cell("attended_with_need"): 10,
            Cell("due_with_need"): due,
            Cell("attended_without_need"): 40,
            Cell("due_without_need"): 60,
        }
        row = a_row("M32", numbers, Profile.PUBLIC)
        assert (row.value.value is None) == (due < 23)
        assert said(row) == said(a_row("M32", numbers | {Cell("due_with_need"): rounded(due)}, Profile.PUBLIC))
        assert (a_row("M32", numbers, Profile.INTERNAL).value.value is None) == (due < 20)
