"""Tables of one return share numbers: what one hides, no other gives away."""

from __future__ import annotations

import random
from datetime import date

from booking.rules.calendar_periods import Period, period_of
from booking.rules.disclosure import Line, Profile
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts, PlaceFact, SessionFact, SessionState
from booking.rules.engagement.metric import Cell
from booking.rules.figures import rows_of
from booking.rules.words import Outcome

DISTRICTS = ("ashford", "dover", "swale", "thanet")
DAY = date(2026, 2, 3)
QUARTER: Period = period_of(DAY)
BREAKDOWNS = "DVKLTO"


def a_quarter(seed: int) -> dict[Cell, int]:
    """Count a quarter drawn at random."""
    return counted(*drawn(seed))


def counted(sessions: list[SessionFact], places: list[PlaceFact]) -> dict[Cell, int]:
    return count(QUARTER, Facts(sessions=sessions, places=places), breakdowns=BREAKDOWNS).numbers


def drawn(seed: int) -> tuple[list[SessionFact], list[PlaceFact]]:
    """Draw a quarter at random: a few sessions a district, some online, and some walk-ins at each."""
    draw = random.Random(seed)
    sessions = [
        SessionFact(
            id=number,
            starts_on=DAY,
            state=SessionState.HELD,
            kind=draw.choice(("forum", "drop_in", "coffee")),
            delivery="online" if district == "online" else "in_person",
            district=district,
            time_band=draw.choice(("daytime", "evening")),
        )
        for number, district in enumerate((*DISTRICTS, *DISTRICTS, "online"))
    ]
    places = [
        PlaceFact(
            id=number,
            session=draw.choice(sessions),
            booking=number,
            family=number,
            adult=number,
            district=draw.choice(DISTRICTS),
            origin=(origin := draw.choices(("web", "phone", "walk_in"), weights=(6, 2, 1))[0]),
            is_walk_in=origin == "walk_in",
            is_participant=True,
            outcome=Outcome.ATTENDED
            if origin == "walk_in"
            else draw.choices((Outcome.ATTENDED, Outcome.DID_NOT_COME, Outcome.NOT_RECORDED), weights=(7, 2, 1))[0],
        )
        for number in range(draw.randint(60, 400))
    ]
    return sessions, places


def what_a_reader_knows(counts: dict[Cell, int]) -> list[Line[Cell]]:
    """Write down, apart from the code under test, how the numbers of the tables hang together."""
    lines = []
    for breakdown, measures in {
        "D": ("attended", "attended_booked", "attended_walk_in", "did_not_come", "due"),
        "V": ("attended", "attended_booked", "attended_walk_in", "did_not_come", "due", "recorded", "expected"),
        "O": ("attended",),
    }.items():
        for measure in measures:
            parts = tuple(cell for cell in counts if cell[:2] == (measure, breakdown))
            lines.append(Line(parts, Cell(measure)))
    for breakdown, category in sorted({cell[1:] for cell in counts if cell.breakdown in "DVKLT"} | {("all", "all")}):
        attended, booked, walk_in, absent, due, recorded = (
            Cell(measure, breakdown, category)
            for measure in ("attended", "attended_booked", "attended_walk_in", "did_not_come", "due", "recorded")
        )
        lines += [Line((booked, walk_in), attended), Line((booked, absent), due)]
        if breakdown in ("V", "all"):
            lines.append(Line((due, walk_in), recorded))
    lines.append(Line((Cell("attended", "O", "walk_in"),), Cell("attended_walk_in")))
    lines += [
        Line((Cell(measure, "V", "online"),), Cell(measure, "L", "online"))
        for measure in ("attended", "attended_booked", "did_not_come", "due")
    ]
    return lines


def a_gap(with_need: tuple[int, int], without: tuple[int, int], profile: Profile) -> str:
    """Count the access gap of places that came and that stayed empty, with a request and without."""
    session = SessionFact(id=1, starts_on=DAY, state=SessionState.HELD, kind="forum", delivery="in_person", district="")
    outcomes = (Outcome.ATTENDED, Outcome.DID_NOT_COME)
    drawn = [
        (has_need, outcome)
        for has_need, numbers in ((True, with_need), (False, without))
        for outcome, number in zip(outcomes, numbers, strict=True)
        for _ in range(number)
    ]
    places = [
        PlaceFact(
            id=number,
            session=session,
            booking=number,
            family=number,
            adult=number,
            district="dover",
            origin="web",
            is_walk_in=False,
            is_participant=True,
            outcome=outcome,
            has_need=has_need,
        )
        for number, (has_need, outcome) in enumerate(drawn)
    ]
    counted = count(QUARTER, Facts(sessions=[session], places=places), breakdowns="H")
    rows = rows_of(QUARTER, counted, profile=profile, breakdowns="H", categories={})
    shown = next(row.value for row in rows if row.metric.id == "M32")
    return shown.flag.value or str(shown.value)


def test_the_gap_between_two_rates_gives_no_hidden_rate_away() -> None:
    """Of 30 places with a request 2 stayed empty: with the other rate and the gap, a reader would know that."""
    gaps = [a_gap((28, 2), (34, 6), profile) for profile in (Profile.INTERNAL, Profile.PARTNER, Profile.PUBLIC)]
    assert gaps == ["-8.3", "c", "c"]


def test_the_public_gap_is_made_from_rounded_numbers() -> None:
    assert a_gap((28, 13), (44, 16), Profile.PARTNER) == "5.0"
    assert a_gap((28, 13), (44, 16), Profile.PUBLIC) == "0", "30 of 40 and 45 of 60"
