"""Places are found however they are typed, and never invented."""

import sqlite3
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.locality.postcodes import PostcodeTable, PostcodeTableMissing, split_postcode
from tests.made_up_districts import CHANGE, with_districts

KENT = get_locality("kent")
CHANGED = with_districts(KENT)
ROWS = (
    ("CT91AA", "CT9", 635400, 170800, "E07000114"),
    ("CT91AB", "CT9", 635500, 170900, "E07000114"),
    ("CT92ZZ", "CT9", 635900, 171500, "E07000114"),
    ("TN101AA", "TN10", 559600, 148300, "E07000115"),
    ("TN11AA", "TN1", 558600, 139600, "E07000116"),
    *((f"TN12{at:01d}XX"[:7], "TN12", 568000 + at, 143000, "E07000116") for at in range(5)),
    *((f"TN12{at:01d}YY"[:7], "TN12", 572000 + at, 145000, "E07000110") for at in range(3)),
    ("TN129ZZ", "TN12", 570000, 144000, "E07000064"),
    *((f"ME1{at:01d}XX", "ME1", 574000 + at, 167000, "E06000035") for at in range(10)),
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> PostcodeTable:
    path = tmp_path_factory.mktemp("postcodes") / "postcodes.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE postcode (postcode TEXT PRIMARY KEY, outcode TEXT, easting INT, northing INT, council TEXT)"
        )
        database.executemany("INSERT INTO postcode VALUES (?, ?, ?, ?, ?)", ROWS)
        # One postcode in a hundred lies over the border.
        database.executemany(
            "INSERT INTO postcode VALUES (?, 'CT1', 615000, 157000, ?)",
            [(f"CT1{at // 26}{chr(65 + at % 26)}A", "E07000106") for at in range(99)] + [("CT19ZZ", "E07000108")],
        )
    database.close()
    return PostcodeTable(path, KENT)


@pytest.fixture(scope="module")
def real() -> PostcodeTable:
    return PostcodeTable(Path(__file__).parents[2] / "instance" / "postcodes.sqlite", KENT)


class TestFindPlace:
    @pytest.mark.parametrize(
        "text",
        ["CT9 1AA", "ct91aa", " ct9  1aa ", "CT9-1AA", "C T 9 1 A A", "CT9 IAA", "CT9.1AA", "ct9 1aa, Margate"[:7]],
    )
    def test_a_postcode_is_found_however_it_is_spaced(self, table: PostcodeTable, text: str) -> None:
        place = table.find_place(text)
        assert place is not None
        assert (place.easting, place.northing, place.found_by) == (635400, 170800, "postcode")

    @pytest.mark.parametrize("text", ["TN10", "tn1o", "TNI0", "TNlO", "tn 10", "TN10 2", "TN10 2A", "TN1O 9ZZ"])
    def test_an_outcode_or_unknown_postcode_stands_at_the_outcode_s_middle(
        self, table: PostcodeTable, text: str
    ) -> None:
        place = table.find_place(text)
        assert place is not None
        assert (place.label, place.found_by, place.easting) == ("TN10", "outcode", 559600)

    def test_the_middle_is_the_median(self, table: PostcodeTable) -> None:
        place = table.find_place("CT9")
        assert place is not None
        assert (place.easting, place.northing) == (635500, 170900)

    def test_me1_0_is_a_part_of_me1_and_not_me10(self, table: PostcodeTable) -> None:
        place = table.find_place("ME1 0")
        assert place is not None
        assert place.label == "ME1"

    @pytest.mark.parametrize("text", ["Margate", "MARGATE", "  margate "])
    def test_a_town_is_found(self, table: PostcodeTable, text: str) -> None:
        place = table.find_place(text)
        assert place is not None
        assert (place.label, place.found_by) == ("Margate", "town")

    @pytest.mark.parametrize("text", ["Royal Tunbridge Wells", "tunbridge wells", "St Peters", "Minster-on-Sea"])
    def test_other_spellings_of_a_town(self, table: PostcodeTable, text: str) -> None:
        assert table.find_place(text) is not None

    @pytest.mark.parametrize(
        "text",
        ["", " ", "CT", "9", "ZZ9 9ZZ", "SW1A 1AA", "CT99", "Paris", "'; DROP TABLE postcode", "😀", "０", "A" * 9999],
    )
    def test_what_is_not_known_gives_nothing(self, table: PostcodeTable, text: str) -> None:
        assert table.find_place(text) is None

    def test_the_label_never_holds_a_full_postcode(self, table: PostcodeTable) -> None:
        place = table.find_place("CT9 1AA")
        assert place is not None
        assert place.label == "CT9"

    @given(st.text(max_size=40))
    def test_nothing_typed_breaks_it(self, table: PostcodeTable, text: str) -> None:
        place = table.find_place(text)
        assert place is None or place.easting > 0
        outcode, inward = split_postcode(text)
        assert inward == "" or outcode is not None

    def test_many_threads_may_ask_at_once(self, table: PostcodeTable) -> None:
        with ThreadPoolExecutor(8) as pool:
            places = list(pool.map(table.find_place, ["CT9 1AA", "TN10", "TN12", "ME1"] * 50))
        assert [place.label for place in places if place] == ["CT9", "TN10", "TN12", "ME1"] * 50


class TestDistrictsOf:
    def test_the_main_district_comes_first(self, table: PostcodeTable) -> None:
        assert table.districts_of("TN12") == ("tunbridge-wells", "maidstone", "outside")

    def test_slivers_are_ignored(self, table: PostcodeTable) -> None:
        assert table.districts_of("ct1") == ("canterbury",)

    def test_medway_is_an_answer_of_its_own(self, table: PostcodeTable) -> None:
        assert table.districts_of("ME1") == ("medway",)

    @pytest.mark.parametrize("text", ["", "XX1", "Margate"])
    def test_what_is_no_outcode_has_none(self, table: PostcodeTable, text: str) -> None:
        assert table.districts_of(text) == ()

    def test_an_outcode_is_read_from_a_full_postcode(self, table: PostcodeTable) -> None:
        assert table.find_outcode("ct9 1aa") == "CT9"
        assert table.find_outcode("CT99") is None


def test_a_missing_table_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(PostcodeTableMissing, match="make run"):
        PostcodeTable(tmp_path / "none.sqlite", KENT).find_place("CT9")


def test_the_table_is_never_written(table: PostcodeTable) -> None:
    table.find_place("CT9")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        table._rows("DELETE FROM postcode")


class TestTheRealTable:
    """Checked against every postcode of Kent: the table is built when a checkout is set up."""

    def test_every_town_stands_among_the_postcodes_of_its_outcodes(self, real: PostcodeTable) -> None:
        assert len(KENT.towns) >= 80
        west_to_east = sorted(real._rows("SELECT easting, northing, outcode FROM postcode"))
        for town in KENT.towns:
            first = bisect_left(west_to_east, (town.easting - 700,))
            last = bisect_left(west_to_east, (town.easting + 701,))
            near = {
                outcode for _e, northing, outcode in west_to_east[first:last] if abs(northing - town.northing) <= 700
            }
            assert near & set(town.outcodes), town.name

    def test_every_district_has_a_town(self, real: PostcodeTable) -> None:
        reached = {real.districts_of(outcode)[0] for town in KENT.towns for outcode in town.outcodes}
        assert {district.code for district in KENT.inside_districts} <= reached

    @pytest.mark.parametrize(
        ("outcode", "districts"),
        [
            ("CT1", {"canterbury"}),
            ("CT9", {"thanet"}),
            ("TN28", {"folkestone-and-hythe"}),
            ("CT3", {"dover", "canterbury"}),
            ("TN12", {"tunbridge-wells", "maidstone", "tonbridge-and-malling"}),
            ("ME5", {"medway", "maidstone", "tonbridge-and-malling"}),
        ],
    )
    def test_outcodes_lie_where_people_know_them_to_lie(
        self, real: PostcodeTable, outcode: str, districts: set[str]
    ) -> None:
        assert set(real.districts_of(outcode)) == districts


class TestDistrictsThatChange:
    def test_an_outcode_is_in_the_district_of_today_or_of_the_day_that_is_asked_about(
        self, table: PostcodeTable
    ) -> None:
        before = CHANGE - timedelta(days=1)
        now = PostcodeTable(table.path, CHANGED, today=lambda: CHANGE)
        assert (now.main_district("CT9"), now.main_district("CT9", on=before)) == ("isles", "thanet")
        assert PostcodeTable(table.path, CHANGED, today=lambda: before).districts_of("CT9") == ("thanet",)

    def test_a_table_that_is_newer_than_the_change_says_what_it_can_of_the_time_before(self, tmp_path: Path) -> None:
        path = tmp_path / "newer.sqlite"
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE postcode (postcode, outcode, easting, northing, council)")
            rows = [("CT91AA", "CT9", 635400, 170800, "E06000099"), ("CT161AA", "CT16", 631000, 142000, "E07000108")]
            database.executemany("INSERT INTO postcode VALUES (?, ?, ?, ?, ?)", rows)
        database.close()
        newer, before = PostcodeTable(path, CHANGED, today=lambda: CHANGE), CHANGE - timedelta(days=1)
        assert (newer.main_district("CT9"), newer.main_district("CT9", on=before)) == ("isles", "unknown")
        assert (newer.main_district("CT16"), newer.main_district("CT16", on=before)) == ("white-cliffs", "dover")
