"""Districts are renamed and become one: a place is always in one of them, and nothing goes in a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.locality.kinds import District, Locality
from tests.made_up_districts import BEGAN, CHANGE, RENAMED, registers, with_districts

KENT = get_locality("kent")
A_DAY = timedelta(days=1)

AREA = with_districts(KENT)
BEFORE, AFTER = AREA.on(CHANGE - A_DAY), AREA.on(CHANGE)


class TestToday:
    def test_nothing_changes_in_kent_and_no_day_makes_a_difference(self) -> None:
        for day in (date(1990, 1, 1), date(2026, 6, 16), date(2090, 1, 1)):
            assert KENT.on(day) is KENT
        assert KENT.changes_in(date(1970, 1, 1), date(2090, 1, 1)) == []
        assert KENT.codes_of("swale") == ("swale",)


class TestTwoThatBecomeOne:
    def test_there_are_the_old_ones_until_the_day_before_and_the_new_one_from_the_day(self) -> None:
        before = {district.code for district in BEFORE.inside_districts}
        after = {district.code for district in AFTER.inside_districts}
        assert {"swale", "thanet"} <= before
        assert before - after == {"swale", "thanet", "dover"}
        assert after - before == {"isles", RENAMED}

    def test_what_is_written_down_under_an_old_code_is_in_the_new_one(self) -> None:
        assert AFTER.code_of("swale") == AFTER.code_of("thanet") == AFTER.code_of("isles") == "isles"
        assert BEFORE.code_of("swale") == "swale"
        assert AFTER.codes_of("isles") == ("swale", "thanet", "isles")
        assert BEFORE.codes_of("swale") == ("swale",)

    def test_of_the_new_one_nobody_can_tell_which_it_was(self) -> None:
        assert BEFORE.code_of("isles") is None
        assert BEFORE.find_district("North Isles") is None

    def test_an_old_name_leads_on(self) -> None:
        for text in ("Swale", "thanet", "E07000113", "North Isles"):
            found = AFTER.find_district(text)
            assert found is not None
            assert found.code == "isles"
        assert AFTER.district_names["swale"] == "North Isles"
        assert BEFORE.district_names["swale"] == "Swale"


class TestARenamedOne:
    def test_each_code_leads_to_the_name_of_the_day(self) -> None:
        assert BEFORE.code_of(RENAMED) == BEFORE.code_of("dover") == "dover"
        assert AFTER.code_of(RENAMED) == AFTER.code_of("dover") == RENAMED

    def test_a_council_may_be_called_like_one_of_those_it_came_from(self) -> None:
        area = with_districts(KENT, name="Swale")
        before, after = area.on(CHANGE - A_DAY).find_district("Swale"), area.on(CHANGE).find_district("swale")
        assert before is not None
        assert after is not None
        assert (before.code, after.code) == ("swale", "isles")


def test_changes_are_listed_that_begin_within_the_days() -> None:
    listed = AREA.changes_in(CHANGE - A_DAY, CHANGE)
    assert [(each.now.code, [was.code for was in each.were]) for each in listed] == [
        ("isles", ["swale", "thanet"]),
        (RENAMED, ["dover"]),
    ]
    assert AREA.changes_in(CHANGE, CHANGE + 90 * A_DAY) == []
    assert AREA.changes_in(CHANGE - 90 * A_DAY, CHANGE - A_DAY) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"became": "nowhere"}, "no district nowhere"),
        ({"became": ""}, "say both its last day"),
        ({"to_date": None}, "say both its last day"),
        ({"to_date": CHANGE}, "has to begin the day after"),
        ({"to_date": date(1960, 1, 1)}, "ends before it begins"),
        ({"became": "swale"}, "has to begin the day after"),
        ({"code": "thanet"}, "never used again"),
        ({"name": "Ashford"}, "two districts are called ashford"),
    ],
)
def test_a_register_in_which_a_place_could_be_lost_is_refused(wrong: dict[str, object], sentence: str) -> None:
    swale = replace(AREA.register["swale"], **wrong)  # type: ignore[arg-type]
    districts = tuple(swale if each.code == "swale" else each for each in AREA.districts)
    with pytest.raises(ValueError, match=sentence):
        replace(KENT, districts=districts, register={})


_DAYS = st.integers(-400, 2500).map(lambda days: BEGAN + timedelta(days=days))


def _area(districts: tuple[District, ...]) -> Locality:
    return replace(KENT, districts=districts, register={})


class TestAnyChainOfChanges:
    @given(registers(), _DAYS)
    def test_every_code_leads_to_one_district_that_is_there_or_to_none(
        self, districts: tuple[District, ...], day: date
    ) -> None:
        view = _area(districts).on(day)
        there = {district.code for district in view.districts}
        assert there
        for code in view.register:
            led = view.code_of(code)
            assert led is None or led in there
            assert view.get_district(code).code == (led or code)
        assert all(view.code_of(code) == code for code in there)

    @given(registers(), _DAYS, st.integers(0, 2000))
    def test_what_was_written_down_on_its_day_is_never_lost_later(
        self, districts: tuple[District, ...], day: date, wait: int
    ) -> None:
        area = _area(districts)
        for district in area.on(day).districts:
            later = area.on(day + timedelta(days=wait)).code_of(district.code)
            assert later in {each.code for each in area.on(day + timedelta(days=wait)).districts}

    @given(registers(), _DAYS, st.integers(0, 2000), st.integers(0, 2000))
    def test_whether_one_goes_in_one_step_or_in_two_one_arrives_at_the_same(
        self, districts: tuple[District, ...], day: date, wait: int, more: int
    ) -> None:
        area = _area(districts)
        middle, end = area.on(day + timedelta(days=wait)), area.on(day + timedelta(days=wait + more))
        for district in area.on(day).districts:
            assert end.code_of(middle.code_of(district.code) or "") == end.code_of(district.code)

    @given(registers(), _DAYS)
    def test_the_codes_of_the_districts_share_out_all_that_lead_anywhere(
        self, districts: tuple[District, ...], day: date
    ) -> None:
        view = _area(districts).on(day)
        shared = [code for district in view.districts for code in view.codes_of(district.code)]
        assert sorted(shared) == sorted(code for code in view.register if view.code_of(code))
