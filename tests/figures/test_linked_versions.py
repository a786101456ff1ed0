"""Two versions of a return side by side: what one hides, the other does not give away."""

from __future__ import annotations

import random

import pytest

from booking.rules.disclosure import SMALLEST_SHOWN, Line, Profile
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts, PlaceFact, SessionFact, SessionState
from booking.rules.engagement.metric import Cell
from booking.rules.figures import hidden_cells
from booking.rules.frozen_figures import changes
from booking.rules.linked_versions import GivenOut, hidden_beside
from booking.rules.words import Outcome
from tests.figures.test_disclosure import found_out
from tests.figures.test_linked_tables import BREAKDOWNS, DAY, QUARTER, counted, drawn, what_a_reader_knows

ASHFORD, DOVER = Cell("families", "D", "ashford"), Cell("families", "D", "dover")


def families(**in_district: int) -> dict[Cell, int]:
    """Count families that each came once, so many in each district."""
    session = SessionFact(id=1, starts_on=DAY, state=SessionState.HELD, kind="forum", delivery="in_person", district="")
    districts = [district for district, number in in_district.items() for _ in range(number)]
    places = [
        PlaceFact(
            id=number,
            session=session,
            booking=number,
            family=number,
            adult=number,
            district=district,
            origin="web",
            is_walk_in=False,
            is_participant=True,
            outcome=Outcome.ATTENDED,
        )
        for number, district in enumerate(districts)
    ]
    return count(QUARTER, Facts(sessions=[session], places=places), breakdowns="D").numbers


def test_what_covered_a_small_number_stays_covered_when_that_has_grown() -> None:
    """Three of Dover and 24 of Ashford; then three more of Dover: Ashford, shown, would tell what Dover was before."""
    before, after = families(ashford=24, dover=3, swale=30), families(ashford=24, dover=6, swale=30)
    was = GivenOut(before, hidden_cells(before, profile=Profile.PARTNER, breakdowns="D"))
    assert {ASHFORD, DOVER} <= was.hidden
    assert not hidden_cells(after, profile=Profile.PARTNER, breakdowns="D") & {ASHFORD, DOVER}
    assert {ASHFORD, DOVER} <= hidden_beside(after, [was], profile=Profile.PARTNER, breakdowns="D")


def test_a_number_that_has_become_small_is_not_what_the_old_total_leaves() -> None:
    """Six of Dover become four. Ashford and Swale are known already and are no cover: the total has to be hidden."""
    before, after = families(ashford=24, dover=6, swale=30), families(ashford=24, dover=4, swale=30)
    was = GivenOut(before, hidden_cells(before, profile=Profile.PARTNER, breakdowns="D"))
    assert not was.hidden & {ASHFORD, DOVER, Cell("families")}
    hidden = hidden_beside(after, [was], profile=Profile.PARTNER, breakdowns="D")
    assert {DOVER, Cell("families")} <= hidden


def test_true_counts_hide_nothing_and_a_first_version_is_as_any_return() -> None:
    numbers = families(ashford=24, dover=3)
    was = GivenOut(numbers, frozenset())
    assert hidden_beside(numbers, [was], profile=Profile.INTERNAL, breakdowns="D") == frozenset()
    alone = hidden_cells(numbers, profile=Profile.PUBLIC, breakdowns="D")
    assert hidden_beside(numbers, [], profile=Profile.PUBLIC, breakdowns="D") == alone


def test_the_same_numbers_once_more_hide_the_same() -> None:
    numbers = families(ashford=24, dover=3, swale=30)
    was = GivenOut(numbers, hidden_cells(numbers, profile=Profile.PARTNER, breakdowns="D"))
    assert hidden_beside(numbers, [was], profile=Profile.PARTNER, breakdowns="D") == was.hidden


@pytest.mark.parametrize("profile", [Profile.PARTNER, Profile.PUBLIC])
@pytest.mark.parametrize("seed", range(6))
def test_no_small_number_follows_from_three_versions(seed: int, profile: Profile) -> None:
    """A reader who knows which numbers stayed the same solves the tables of all versions together."""
    draw = random.Random(1000 + seed)
    sessions, places = drawn(seed)
    versions: list[GivenOut] = []
    for _ in range(3):
        numbers = counted(sessions, places)
        versions.append(GivenOut(numbers, hidden_beside(numbers, versions, profile=profile, breakdowns=BREAKDOWNS)))
        corrected = draw.sample(range(len(places)), draw.randint(1, 4))
        places = [
            place._replace(outcome=draw.choice((Outcome.ATTENDED, Outcome.DID_NOT_COME)))
            if number in corrected and not place.is_walk_in
            else place
            for number, place in enumerate(places)
        ]
    known: dict[tuple[Cell, int], int] = {}
    lines: list[Line[tuple[Cell, int]]] = []
    unseen: set[tuple[Cell, int]] = set()
    for version in versions:
        own = what_a_reader_knows(version.numbers)
        cells = {cell: version.numbers.get(cell, 0) for line in own for cell in line.cells}
        known |= {(cell, number): number for cell, number in cells.items()}
        lines += [
            Line(tuple((part, cells[part]) for part in line.parts), (line.total, cells[line.total])) for line in own
        ]
        unseen |= {
            (cell, number)
            for cell, number in cells.items()
            if cell in version.hidden or (cell.measure == "attended_walk_in" and cell.breakdown in "DLT")
        }
    hidden = {(cell, version.numbers.get(cell, 0)) for version in versions for cell in version.hidden}
    found = found_out(known, lines, frozenset(unseen))
    assert not {cell for cell in found if 0 < cell[1] < SMALLEST_SHOWN[profile]}
    assert not {cell for cell in found & hidden if cell[1]}


def test_changes_are_told_from_what_a_reader_has() -> None:
    dover = ("M06", "Families", "D", "dover", "c")
    was = [("M06", "Families", "all", "all", "25"), dover, ("M09", "Old", "all", "all", "1")]
    now = [("M06", "Families", "all", "all", "30"), dover, ("M99", "New", "all", "all", "0")]
    found = [(each.metric_id, each.before, each.after) for each in changes(was, now)]
    assert found == [("M06", "25", "30"), ("M99", "", "0"), ("M09", "1", "")]
