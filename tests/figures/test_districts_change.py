"""Districts change in the middle of a quarter: every place counts once, pupils follow, and the page says how."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from booking import clock
from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.locality.kinds import District, Locality
from booking.models import PupilCount, Subscription, TargetValue, Wish
from booking.queries.facts.places_in import district_in
from booking.queries.facts.read import get_facts
from booking.queries.snapshots import latest_of
from booking.rules.calendar_periods import Period, parse_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts, PlaceFact, Pupils, SessionFact, SessionState
from booking.rules.engagement.metric import Cell
from booking.rules.engagement.pupils import newest_of_districts
from booking.rules.figures import Row
from booking.rules.other_periods import between
from booking.rules.targets import Target, in_force, of_districts
from booking.rules.words import StaffRole, SubscriptionStatus, WishReason
from booking.services.freeze_return import give_out, prepare_freeze
from booking.services.make_return import make_return, rows_for
from tests.cast import a_member_of_staff, sign_in
from tests.figures.frozen import Q4, freeze
from tests.figures.quarter import CAME, a_family, a_place_in, a_session, at, went
from tests.made_up_districts import BEGAN, CHANGE, RENAMED, registers, with_districts
from tests.made_up_districts import in_force as registered

KENT = get_locality("kent")
AREA = with_districts(KENT)
A_DAY = timedelta(days=1)
Q1 = parse_period("2026-27-Q1")
BEFORE = between(date(2026, 4, 1), CHANGE - A_DAY)
SINCE = between(CHANGE, date(2026, 6, 15))
PUBLISHED = date(2025, 7, 1)


@pytest.fixture
def changed(app: Flask) -> Iterator[Locality]:
    with registered(app, AREA) as area:
        yield area


@pytest.fixture(autouse=True)
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("booking.services.make_bundle.can_make_pdf", lambda: False)


@pytest.fixture
def history(in_app: Flask) -> None:
    """One family comes in Swale and, after the change, where that is no more; one of Thanet, one of Dover, one new."""
    with transaction():
        one, two, three, four = (a_family() for _ in range(4))
        swale = a_place_in("swale")
        early, late = a_session(at("2026-04-14", 10), venue=swale), a_session(at("2026-06-09", 10), venue=swale)
        went(early, one, CAME, district="swale")
        went(early, two, CAME, district="thanet")
        went(a_session(at("2026-05-12", 10), venue=a_place_in("dover")), three, CAME, district="dover")
        went(late, one, CAME, district="isles")
        went(late, four, CAME, district="isles")
        went(a_session(at("2026-06-10", 10), venue=a_place_in("isles")), three, CAME, district=RENAMED)
        db.session.add(Wish(reason=WishReason.TOPIC, district="thanet", created_at=at("2026-04-20", 9)))


def publish(**pupils: int) -> None:
    with transaction():
        for district, number in pupils.items():
            db.session.add(
                PupilCount(
                    district=district,
                    year=2025,
                    sen_support=number,
                    ehcp=0,
                    source=f"KCC of {district}",
                    published_on=PUBLISHED,
                )
            )


def rows(period: Period, metric: str, by: str, area: Locality = AREA) -> dict[str, int]:
    found = rows_for(period, profile=Profile.INTERNAL, locality=area)
    return {
        row.category: int(row.value.value)
        for row in found
        if (row.metric.id, row.breakdown) == (metric, by) and row.value.value
    }


def row(period: Period, metric: str, by: str, category: str) -> Row:
    found = rows_for(period, profile=Profile.INTERNAL, locality=AREA)
    return next(each for each in found if (each.metric.id, each.breakdown, each.category) == (metric, by, category))


@pytest.mark.usefixtures("history")
class TestWhereAPlaceCounts:
    def test_days_before_have_the_old_districts_and_days_after_the_new_ones(self) -> None:
        assert rows(BEFORE, "M05", "D") == {"swale": 1, "thanet": 1, "dover": 1}
        assert rows(SINCE, "M05", "D") == {"isles": 2, RENAMED: 1}
        assert rows(BEFORE, "M02", "V") == {"swale": 1, "dover": 1}
        assert rows(SINCE, "M02", "V") == {"isles": 2}

    def test_days_that_straddle_it_count_all_under_what_the_districts_became(self) -> None:
        assert rows(Q1, "M05", "D") == {"isles": 4, RENAMED: 2}
        assert rows(Q1, "M02", "V") == {"isles": 3, RENAMED: 1}
        assert rows(Q1, "M25", "D") == {"isles": 1}

    def test_a_family_that_came_before_and_after_is_one(self) -> None:
        assert rows(Q1, "M06", "D") == {"isles": 3, RENAMED: 1}
        assert rows(Q1, "M06", "all") == {"all": 4}

    def test_totals_are_the_same_whether_districts_change_or_not(self) -> None:
        for metric in ("M01", "M02", "M05", "M06", "M25"):
            assert rows(Q1, metric, "all") == rows(Q1, metric, "all", KENT)

    def test_old_districts_stand_in_no_row_and_new_ones_in_none_before(self) -> None:
        for period, gone in ((Q1, {"swale", "thanet", "dover"}), (BEFORE, {"isles", RENAMED})):
            found = rows_for(period, profile=Profile.INTERNAL, locality=AREA)
            assert not {each.category for each in found if each.breakdown in ("D", "V")} & gone

    def test_what_is_known_as_the_new_one_alone_is_not_known_before_it_and_not_lost(self) -> None:
        with transaction():
            went(a_session(at("2026-04-15", 10), venue=a_place_in("isles")), a_family(), CAME, district="isles")
        assert rows(BEFORE, "M05", "D") == {"swale": 1, "thanet": 1, "dover": 1, "unknown": 1}
        assert rows(BEFORE, "M02", "V") == {"swale": 1, "dover": 1, "unknown": 1}

    def test_who_wants_news_of_both_is_one(self) -> None:
        with transaction():
            for number, district in enumerate(("swale", "thanet", "online", "")):
                db.session.add(
                    Subscription(
                        email_hash=f"{min(number, 1)}",
                        email="x@example.net",
                        district=district,
                        status=SubscriptionStatus.ACTIVE,
                        lang="en",
                        confirmed_at=clock.now(),
                    )
                )
        now = get_facts(Q1, locality=AREA).now
        assert now is not None
        assert sum(now.subscribers.values()) == 2


_PLACES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(1, 2500)), max_size=25)
"""Which of the districts of the first day a place is in, whose it is, and on which day it is written down."""


class TestAnyChainOfChanges:
    @settings(max_examples=60)
    @given(registers(), _PLACES, st.integers(0, 3000))
    def test_no_place_is_lost_or_doubled_and_rows_are_the_union_of_their_parts(
        self, districts: tuple[District, ...], places: list[tuple[int, int, int]], days: int
    ) -> None:
        area = replace(KENT, districts=districts, register={})
        at_first = sorted(each.code for each in districts if each.code.startswith("d"))
        last = BEGAN + timedelta(days=days)
        written = [
            (code, family)
            for where, family, day in places
            if (code := area.on(min(BEGAN + timedelta(days=day), last)).code_of(at_first[where % len(at_first)]))
        ]
        assert len(written) == len(places)
        counted = {
            on: count(Q1, _facts_of(written, area.on(on) if on else area), breakdowns={"D"}).numbers
            for on in (last, None)
        }
        for measure in ("attended", "families"):
            assert counted[last][Cell(measure)] == counted[None][Cell(measure)]
        by_district = {cell.category: number for cell, number in counted[last].items() if cell.breakdown == "D"}
        there = {each.code for each in area.on(last).districts}
        assert set(by_district) <= there
        shown = {cell: number for cell, number in counted[last].items() if cell.breakdown == "D"}
        assert sum(number for cell, number in shown.items() if cell.measure == "attended") == len(places)
        for code in there:
            union = {family for where, family in written if where in area.on(last).codes_of(code)}
            assert shown.get(Cell("families", "D", code), 0) == len(union)


def _facts_of(written: list[tuple[str, int]], area: Locality) -> Facts:
    session = SessionFact(
        id=1, starts_on=Q1.start, state=SessionState.HELD, kind="forum", delivery="in_person", district="online"
    )
    return Facts(
        sessions=[session],
        places=[
            PlaceFact(
                id=number,
                session=session,
                booking=number,
                family=family,
                adult=number,
                district=district_in(area, code),
                origin="web",
                is_walk_in=False,
                is_participant=True,
                outcome=CAME,
            )
            for number, (code, family) in enumerate(written)
        ],
    )


@pytest.mark.one_database
class TestPupils:
    def test_of_a_merged_district_are_the_sum_where_all_are_known(self, history: None) -> None:
        publish(swale=1000, thanet=500, dover=400)
        assert row(Q1, "M49", "D", "isles").denominator.value == 1500  # type: ignore[union-attr]
        assert row(Q1, "M49", "D", "isles").value.value == Decimal("2.0")
        assert row(Q1, "M49", "D", RENAMED).value.value == Decimal("2.5")
        assert row(BEFORE, "M49", "D", "swale").value.value == Decimal("1.0")

    def test_are_x_where_one_of_them_is_not_known(self, history: None) -> None:
        publish(swale=1000, dover=400)
        found = row(Q1, "M49", "D", "isles")
        assert (found.value.value, found.value.flag.value) == (None, "x")
        assert row(BEFORE, "M49", "D", "swale").value.value == Decimal("1.0")

    def test_its_own_newer_number_takes_the_place_of_the_sum(self) -> None:
        known = [_pupils("swale", 2025, 10), _pupils("thanet", 2025, 20), _pupils("isles", 2026, 40)]
        found = {each.district: each.sen_support for each in newest_of_districts(known, AREA.on(CHANGE))}
        assert found == {"isles": 40}
        assert {each.district for each in newest_of_districts(known, AREA.on(CHANGE - A_DAY))} == {"swale", "thanet"}

    def test_numbers_of_different_years_are_never_added(self) -> None:
        known = [_pupils("swale", 2025, 10), _pupils("swale", 2026, 11), _pupils("thanet", 2025, 20)]
        (isles,) = newest_of_districts(known, AREA.on(CHANGE))
        assert (isles.year, isles.sen_support) == (2025, 30)

    @settings(max_examples=60)
    @given(registers(), st.integers(0, 2500))
    def test_all_pupils_of_an_area_stay_the_same_through_any_chain(self, districts: tuple, days: int) -> None:  # type: ignore[type-arg]
        area = replace(KENT, districts=districts, register={})
        at_first = [each for each in districts if each.code.startswith("d")]
        known = [_pupils(each.code, 2025, 1 + number) for number, each in enumerate(at_first)]
        found = newest_of_districts(known, area.on(BEGAN + timedelta(days=days)))
        assert sum(each.sen_support for each in found) == sum(each.sen_support for each in known)
        missing = newest_of_districts(known[1:], area.on(BEGAN + timedelta(days=days)))
        assert {each.district for each in missing} < {each.district for each in found}


def _pupils(district: str, year: int, number: int) -> Pupils:
    return Pupils(district=district, year=year, sen_support=number, ehcp=0, source="KCC", published_on=PUBLISHED)


def _target(category: str, value: int, agreed_on: date) -> Target:
    return Target(
        metric="M06", breakdown="D", category=category, value=Decimal(value), agreed_by="Board", agreed_on=agreed_on
    )


class TestTargets:
    def test_of_a_renamed_district_goes_on_and_of_merged_ones_has_ended(self) -> None:
        agreed = in_force([_target(each, 9, PUBLISHED) for each in ("swale", "thanet", "dover", "ashford")], CHANGE)
        found = of_districts(agreed, AREA.on(CHANGE))
        assert set(found.of) == {("M06", "D", RENAMED), ("M06", "D", "ashford")}
        assert [each.category for each in found.ended["M06", "D", "isles"]] == ["swale", "thanet"]
        before = of_districts(agreed, AREA.on(CHANGE - A_DAY))
        assert (dict(before.of), before.ended) == (agreed, {})

    def test_a_newer_one_for_the_new_district_takes_its_place(self) -> None:
        both = [_target("swale", 9, PUBLISHED), _target("isles", 20, CHANGE), _target("dover", 1, PUBLISHED)]
        found = of_districts(in_force([*both, _target(RENAMED, 2, CHANGE)], CHANGE), AREA.on(CHANGE))
        assert {of[2]: int(each.value) for of, each in found.of.items()} == {"isles": 20, RENAMED: 2}
        assert not found.ended

    def test_stand_with_the_reason_on_the_page(self, changed: Locality, history: None, client: FlaskClient) -> None:
        with transaction():
            db.session.add(
                TargetValue(
                    metric="M06",
                    breakdown="D",
                    category="swale",
                    hundredths=900,
                    agreed_by="Board",
                    agreed_on=PUBLISHED,
                )
            )
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
        said = (
            "x: 9, agreed by Board on 1 July 2025, was for a district that ended. Swale became North Isles on 20 May"
            " 2026."
        )
        for address in (
            "/staff/figures?period=2026-27-Q1",
            "/staff/figures/targets",
            "/staff/figures/overview/reach?period=2026-27-Q1",
        ):
            assert said in words(client, address), address
        assert "was for a district" not in words(client, "/staff/figures?period=2025-26-Q4")


def words(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


MERGED = (
    "Swale and Thanet became North Isles on 20 May 2026: these figures count all of North Isles together, before that "
    "day, too. Nobody is left out and nobody is counted twice for it."
)


@pytest.mark.one_database
@pytest.mark.usefixtures("history", "changed")
class TestWhatIsSaid:
    @pytest.fixture(autouse=True)
    def signed_in(self, client: FlaskClient, history: None) -> None:
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))

    @pytest.mark.parametrize(
        "address",
        [
            "/staff/figures?period=2026-27-Q1",
            "/staff/figures?period=2026-27",
            "/staff/figures/rows?period=2026-27-Q1&metric=M05&by=D&category=isles",
            "/staff/figures/overview?period=2026-27-Q1",
            "/staff/figures/overview/reach?period=2026-27-Q1",
            "/staff/figures/overview/when?period=2026-27-Q1",
            "/staff/figures/overview/reach?period=2025-26-Q4&district=isles",
        ],
    )
    def test_a_page_across_the_day_says_how_it_counts(self, client: FlaskClient, address: str) -> None:
        assert MERGED in words(client, address)

    @pytest.mark.parametrize(
        "address",
        [
            "/staff/figures?period=2025-26-Q4",
            "/staff/figures?from=2026-05-20&to=2026-06-15",
            "/staff/figures/overview/reach?period=2025-26-Q4",
        ],
    )
    def test_a_page_of_days_without_a_change_says_nothing(self, client: FlaskClient, address: str) -> None:
        assert "became" not in words(client, address)

    def test_days_before_show_the_old_districts_by_name(self, client: FlaskClient) -> None:
        before = words(client, "/staff/figures?from=2026-04-01&to=2026-05-19&by=D")
        assert "Swale" in before
        assert "North Isles" not in before
        after = words(client, "/staff/figures?period=2026-27-Q1&by=D")
        assert "White Cliffs" in after
        assert "Thanet" not in after.replace(MERGED, "")

    def test_an_old_link_to_what_is_behind_a_figure_leads_on(self, client: FlaskClient) -> None:
        page = words(client, "/staff/figures/rows?period=2026-27-Q1&metric=M05&by=D&category=swale")
        assert "Attendances: North Isles" in page
        assert "What is counted: 4" in page

    def test_an_overview_of_an_old_district_leads_on_and_one_of_a_new_district_looks_back(
        self, client: FlaskClient
    ) -> None:
        new = "/staff/figures/overview/when?period=2026-27-Q1&district="
        assert "in North Isles." in words(client, f"{new}swale")
        assert client.get(f"{new}nowhere").status_code == 404
        back = words(client, "/staff/figures/overview/when?period=2026-04-01_2026-05-19&district=isles")
        assert "in North Isles." in back
        assert "1 session" in back
        assert "in Swale." in words(client, "/staff/figures/overview?period=2025-26-Q4&district=swale")

    def test_the_map_draws_the_new_district_once(self, client: FlaskClient) -> None:
        publish(**{each.code: 100 for each in KENT.inside_districts})
        page = client.get("/staff/figures/overview/reach?period=2026-27-Q1").get_data(as_text=True)
        assert ">North Isles<" in page
        assert ">Swale<" not in page

    def test_a_return_says_it_on_its_first_page_and_in_its_metadata(self) -> None:
        made = make_return(Q1, profile=Profile.PUBLIC, locality=AREA)
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            told, summary = json.loads(archive.read("metadata.json")), archive.read("summary.html").decode()
            table = archive.read("metrics.csv").decode()
        assert MERGED in summary
        assert told["districts_on"] == "2026-06-30"
        assert told["district_changes"] == [
            {"on": "2026-05-20", "were": ["swale", "thanet"], "now": "isles"},
            {"on": "2026-05-20", "were": ["dover"], "now": RENAMED},
        ]
        assert ",isles," in table
        assert ",swale," not in table

    def test_a_return_without_a_change_in_it_is_the_same_to_the_byte(self) -> None:
        assert make_return(Q4, profile=Profile.PUBLIC, locality=AREA).content == (
            make_return(Q4, profile=Profile.PUBLIC, locality=KENT).content
        )


@pytest.mark.usefixtures("in_app")
class TestAFrozenReturn:
    @pytest.fixture(autouse=True)
    def of_the_quarter(self, in_app: Flask) -> None:
        with transaction():
            forum = a_session(at("2026-02-10", 10), venue=a_place_in("swale"), capacity=40)
            for number in range(24):
                went(forum, a_family(), CAME, district="swale" if number % 2 else "thanet")

    def given(self) -> bytes:
        snapshot = latest_of(Q4.code)
        assert snapshot is not None
        return give_out(snapshot, Q4, profile=Profile.PUBLIC, screen="test").content

    def test_stays_to_the_byte_whatever_the_register_says_later(self, app: Flask) -> None:
        freeze()
        with transaction():
            was = self.given()
        with registered(app, with_districts(KENT, day=date(2026, 3, 1))), transaction():
            assert self.given() == was

    def test_gets_no_version_by_other_districts(self) -> None:
        freeze()
        late = with_districts(KENT, day=date(2026, 3, 1))
        with pytest.raises(Refusal, match=r"Swale became North Isles on 1 March 2026, and this quarter was frozen"):
            prepare_freeze(Q4, reason="Why not", locality=late)

    def test_gets_a_new_version_where_the_change_came_after_it(self) -> None:
        freeze()
        with transaction():
            went(a_session(at("2026-02-11", 10), venue=a_place_in("swale")), a_family(), CAME, district="thanet")
        ready = prepare_freeze(Q4, reason="A session on paper", locality=AREA)
        assert ready.after == 1
