"""The access promise in public: the year adds quarters up, and gives nothing of one of them away."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from flask.testing import FlaskClient

from booking.formats.access_promise_file import COLUMNS, LICENCE
from booking.rules.access_promise import GROUPS, MEASURES, YEAR, PromiseRow, PublicQuarter, promise_kept
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Line, Profile
from booking.rules.engagement.metric import Cell
from booking.rules.figures import hidden_cells
from booking.web.public import access_promise
from tests.figures.frozen import freeze
from tests.figures.test_disclosure import found_out
from tests.figures.test_frozen_returns import history  # noqa: F401 (a fixture)
from tests.page_checks import problems_of

CODES = ("2026-27-Q1", "2026-27-Q2", "2026-27-Q3")
SORTS = ("hear", "move", "talk", "quiet")


def a_quarter(code: str, met: dict[str, int], missed: dict[str, int], *, unheard: int = 0) -> PublicQuarter:
    """A quarter in which so many requests of each group were met and missed, and of some nobody said how it was."""
    numbers: dict[Cell, int] = {}
    for group in SORTS:
        values = (met.get(group, 0) + missed.get(group, 0) + unheard, met.get(group, 0) + missed.get(group, 0))
        for measure, number in zip(MEASURES, (*values, met.get(group, 0), missed.get(group, 0)), strict=True):
            numbers[Cell(measure, GROUPS, group)] = number
            numbers[Cell(measure)] = numbers.get(Cell(measure), 0) + number
    hidden = hidden_cells(numbers, profile=Profile.PUBLIC, breakdowns=(GROUPS,))
    return PublicQuarter(parse_period(code), numbers, hidden)


def row_of(rows: list[PromiseRow], period: str, group: str) -> list[str]:
    row = next(row for row in rows if (row.period, row.group) == (period, group))
    return [shown.flag.value or str(shown.value) for shown in (row.requests, row.met, row.not_quite_met, row.share)]


def test_the_year_is_the_sum_of_its_quarters_rounded_once() -> None:
    first = a_quarter(CODES[0], {"hear": 31, "move": 22}, {"hear": 11, "move": 12})
    second = a_quarter(CODES[1], {"hear": 31, "move": 30}, {"hear": 11, "move": 14})
    rows = promise_kept([first, second], SORTS)
    assert row_of(rows, CODES[0], "hear") == ["40", "30", "10", "75"]
    assert row_of(rows, YEAR, "hear") == ["85", "60", "20", "71"], "84, 62 and 22; 60 of 85"
    assert row_of(rows, YEAR, "all") == ["160", "115", "50", "72"], "162, 114 and 48; 115 of 160"
    assert row_of(rows, YEAR, "quiet") == ["0", "0", "0", "z"]


def test_a_hidden_number_of_a_quarter_does_not_come_out_of_the_year() -> None:
    """In the second quarter 3 of "talk" were met. The year less the first quarter would be these 3."""
    first = a_quarter(CODES[0], {"hear": 40, "move": 30, "talk": 20}, {"hear": 20, "move": 20, "talk": 20})
    second = a_quarter(CODES[1], {"hear": 40, "move": 30, "talk": 3}, {"hear": 20, "move": 20, "talk": 20})
    rows = promise_kept([first, second], SORTS)
    assert row_of(rows, CODES[0], "talk")[1] == "20"
    assert row_of(rows, CODES[1], "talk")[1] == "c"
    assert row_of(rows, YEAR, "talk")[1] == "c"


@pytest.mark.parametrize("seed", range(20))
def test_no_reader_of_all_quarters_and_the_year_finds_a_hidden_number(seed: int) -> None:
    draw = Random(seed)

    def numbers() -> dict[str, int]:
        return {group: draw.choice((0, draw.randint(1, 9), draw.randint(10, 40))) for group in SORTS}

    quarters = [a_quarter(code, numbers(), numbers(), unheard=draw.randint(0, 12)) for code in CODES]
    rows = {(row.period, row.group): row for row in promise_kept(quarters, SORTS)}
    counts: dict[object, int] = {}
    hidden: set[object] = set()
    lines: list[Line[object]] = []

    for group in ("all", *SORTS):
        place = ("all", "all") if group == "all" else (GROUPS, group)
        for measure in ("requests", "met", "not_quite_met"):
            for quarter in quarters:
                counts[quarter.period.code, measure, group] = quarter.numbers[Cell(measure, *place)]
            counts[YEAR, measure, group] = sum(quarter.numbers[Cell(measure, *place)] for quarter in quarters)
            parts = tuple((code, measure, group) for code in CODES)
            lines.append(Line[object](parts, (YEAR, measure, group)))
            for code in (*CODES, YEAR):
                if getattr(rows[code, group], measure).value is None:
                    hidden.add((code, measure, group))
                if group == "all":
                    parts = tuple((code, measure, sort) for sort in SORTS)
                    lines.append(Line[object](parts, (code, measure, "all")))
    assert not found_out(counts, lines, frozenset(hidden))
    assert {cell for cell, number in counts.items() if 0 < number < 10} <= hidden


class TestThePage:
    @pytest.mark.one_database
    def test_says_that_nothing_is_published_yet(self, client: FlaskClient) -> None:
        html = client.get("/access-promise").text
        assert "No figures are published yet." in html
        assert problems_of(html) == []
        assert client.get("/access-promise.csv").status_code == 404

    @pytest.mark.one_database
    def test_says_the_year_in_a_sentence(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        quarter = a_quarter(CODES[0], {"hear": 31, "move": 22}, {"hear": 11, "move": 12})
        monkeypatch.setattr(access_promise, "published_years", lambda: ["2026-27"])
        monkeypatch.setattr(access_promise, "published_quarters", lambda _year: [quarter])
        html = client.get("/access-promise").text
        assert "From April 2026 to June 2026, families asked about 75 times for something" in html
        assert "Where we know how it went, it was there 73 times out of 100." in html

    @pytest.mark.usefixtures("history")
    def test_shows_what_was_frozen_and_gives_it_out_for_re_use(self, client: FlaskClient) -> None:
        freeze()
        html = client.get("/access-promise").text
        assert "2025-26, from January 2026 to March 2026" in html
        assert "families asked about" not in html, "how often is protected"
        assert problems_of(html) == []
        rows = list(csv.DictReader(io.StringIO(client.get("/access-promise.csv").text.removeprefix("\ufeff"))))
        assert set(COLUMNS) == set(rows[0])
        assert {row["period"] for row in rows} == {YEAR, "2025-26-Q4"}
        told = client.get("/access-promise.json").get_json()
        assert (told["year"], told["licence"]) == ("2025-26", LICENCE)
        assert set(told["dictionary"]) == set(COLUMNS)
        assert told["rows"][0]["group"] == "all"
        in_json = [(row["period"], row["group"], row["requests"]) for row in told["rows"]]
        assert in_json == [
            (row["period"], row["group"], int(row["requests"]) if row["requests"] else None) for row in rows
        ]
        assert client.get("/access-promise?year=1999-00").status_code == 404
