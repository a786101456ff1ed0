"""A quarter counted by hand, with every edge case of the counting rules: the figures must agree to the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from flask import Flask

from booking.extensions import transaction
from booking.locality import get_locality
from booking.queries.facts.read import get_facts
from booking.queries.facts.sessions import get_overdue_registers
from booking.queries.figure_trend import quarters_until, trend
from booking.rules.calendar_periods import Period, parse_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import count
from booking.rules.figures import Row, rows_of
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    Delivery,
    EventCancelReason,
    EventKind,
    EventStatus,
    Origin,
    Participation,
    PersonKind,
)
from tests.figures.quarter import CAME, NOT, UNKNOWN, a_family, a_place_in, a_session, a_slot, at, went

KENT = get_locality("kent")
Q4 = parse_period("2025-26-Q4")
"""January to March 2026."""


@pytest.fixture
def quarter(in_app: Flask) -> None:
    """Write the quarter down."""
    with transaction():
        write_the_quarter()


def write_the_quarter() -> None:
    ashford, dover, swale = (a_place_in(name) for name in ("ashford", "dover", "swale"))
    f1, f2 = a_family(adults=2), a_family(adults=2)
    f3, f4, f5, f6, f7, f9, f10 = (a_family() for _ in range(7))
    f8 = a_family(kind=PersonKind.YOUNG_PERSON)

    # S1 forum, 10 places. Came: both of F1, one of F2, walk-ins F7 and one without details. F3 did not; F4 unknown.
    # Not counted: F2's supporter, F5 who cancelled, F6 who waited and was never offered a place, the removed walk-in.
    s1 = a_session(at("2026-01-15", 10), venue=ashford, capacity=10)
    went(s1, f1, CAME, CAME, district="dover", profile={"age_phase": ["under_5", "y7_to_11"]})
    went(s1, f2, CAME, CAME, district="ashford", kinds=[PersonKind.PARENT_CARER, PersonKind.SUPPORTER])
    went(s1, f3, NOT, district="swale")
    went(s1, f4, UNKNOWN)
    went(s1, f5, UNKNOWN, status=BookingStatus.CANCELLED, cancelled_by=CancelledBy.FAMILY)
    went(s1, f6, UNKNOWN, status=BookingStatus.WAITING)
    went(s1, f7, CAME, origin=Origin.WALK_IN, district="outside")
    went(s1, None, CAME, origin=Origin.WALK_IN)
    went(s1, None, CAME, origin=Origin.WALK_IN, status=BookingStatus.CANCELLED, cancelled_by=CancelledBy.US)

    # S2 webinar without a limit. F1 has moved to Ashford; F8 is a young person and one family of their own.
    s2 = a_session(at("2026-02-10", 19), kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, capacity=None)
    went(s2, f1, CAME, district="ashford", profile={"age_phase": ["under_5"]})
    went(s2, f2, CAME, district="ashford")
    went(s2, f8, CAME, district="medway")

    # S3 drop-in to turn up at: two people without details, and F3. Its 50 is no number of places offered.
    s3 = a_session(
        at("2026-03-05", 10), kind=EventKind.DROP_IN, booking_mode=BookingMode.OPEN, venue=dover, capacity=50
    )
    went(s3, None, CAME, origin=Origin.WALK_IN)
    went(s3, None, CAME, origin=Origin.WALK_IN)
    went(s3, f3, CAME, origin=Origin.WALK_IN, district="swale")

    # S4 three appointments: both of F2 came to one, F4 stayed away.
    s4 = a_session(at("2026-03-10", 10), booking_mode=BookingMode.SLOTS, venue=swale, capacity=None)
    first, second, _third = (a_slot(s4, number) for number in range(3))
    went(s4, f2, CAME, CAME, district="ashford", slot=first)
    went(s4, f4, NOT, slot=second)

    # S5 cancelled by us the day before, S6 ten days before; who was booked counts nowhere.
    weather = {"status": EventStatus.CANCELLED, "cancel_reason": EventCancelReason.WEATHER, "closed": False}
    s5 = a_session(at("2026-02-20", 10), cancelled_at=at("2026-02-19", 10), **weather)
    went(s5, f1, CAME)
    went(s5, f2, NOT)
    other = weather | {"cancel_reason": EventCancelReason.OTHER}
    a_session(at("2026-03-20", 10), cancelled_at=at("2026-03-10", 10), **other)

    # Not offered: S7 was never published, nor ever, though cancelled, S7b; S8 waits for its new date.
    a_session(at("2026-03-21", 10), status=EventStatus.DRAFT, first_published_at=None, closed=False)
    a_session(at("2026-03-22", 10), first_published_at=None, **weather)
    s8 = a_session(at("2026-03-25", 10), new_date_pending=True, closed=False)
    went(s8, f5, CAME)

    # S9 has 5 places and a register that nobody closed: F9 came, and is not recorded.
    s9 = a_session(at("2026-03-12", 10), capacity=5, closed=False, venue=ashford)
    went(s9, f9, CAME)

    # S10 begins at 23:30 on 31 March by London's clock: this quarter. S11 an hour later: the next.
    s10 = a_session(at("2026-03-31", 23, 30), capacity=4, venue=ashford, participation=Participation.INFORM)
    went(s10, f10, CAME, district="dover")
    s11 = a_session(at("2026-04-01", 0, 30), capacity=4)
    went(s11, f5, CAME)

    # Before: F1 came 24 months to the day before (returning), F2 a day earlier (new again), F3 last year
    # (returning), F8 had booked but stayed away (new), F10 came to a session whose register nobody closed (new).
    went(a_session(at("2024-01-15", 10)), f1, CAME)
    went(a_session(at("2024-01-14", 10)), f2, CAME)
    went(last_year := a_session(at("2025-06-10", 10)), f3, CAME)
    went(last_year, f8, NOT)
    went(a_session(at("2025-06-11", 10), closed=False), f10, CAME)


def figures(period: Period = Q4, by: str = "", profile: Profile = Profile.INTERNAL) -> Mapping[tuple[str, str], Row]:
    counted = count(period, get_facts(period, locality=KENT), breakdowns=set(by))
    rows = rows_of(period, counted, profile=profile, breakdowns=set(by), categories={})
    return {(row.metric.id, row.category): row for row in rows}


def by(metric: str, breakdown: str) -> dict[str, Decimal | None]:
    rows = figures(by=breakdown)
    return {category: row.value.value for (id_, category), row in rows.items() if id_ == metric and category != "all"}


def made_of(row: Row) -> tuple[int, int] | None:
    if row.numerator is None or row.denominator is None:
        return None
    return int(row.numerator.value or 0), int(row.denominator.value or 0)


@pytest.mark.usefixtures("quarter")
class TestWorkedQuarter:
    def test_all(self) -> None:
        expected: dict[str, tuple[str, tuple[int, int] | None]] = {
            "M01": ("8", None),  # S1 S2 S3 S4 S5 S6 S9 S10
            "M02": ("6", None),  # without S5 and S6
            "M03": ("25.0", (2, 8)),  # S5 S6 of the 8
            "M03b": ("50.0", (1, 2)),  # S5 of the two
            "M04": ("22", None),  # S1 10 + S4 3 + S9 5 + S10 4
            "M04b": ("31.8", (7, 22)),  # S1 5 + S4 one appointment + S10 1
            "M05": ("14", None),  # S1 5 + S2 3 + S3 3 + S4 2 + S10 1
            "M06": ("6", None),  # F1 F2 F3 F7 F8 F10
            "M07": ("8", None),  # F1 two, F2 two, F3 F7 F8 F10 one each
            "M08": ("4", None),  # F2 F7 F8 F10
            "M08b": ("66.7", (4, 6)),
            "M11": ("35.7", (5, 14)),  # S1 2 + S3 3
            "M12": ("3", None),  # S1 1 + S3 2
            "M15": ("81.8", (9, 11)),  # came 14 - 5 walk-ins; stayed away F3 and F4
            "M16": ("18.2", (2, 11)),
            "M21": ("88.9", (16, 18)),  # recorded 14 + 2; not recorded F4 in S1 and F9 in S9
            "M25": ("0", None),
        }
        rows = figures()
        assert {
            metric: (str(rows[metric, "all"].value.value), made_of(rows[metric, "all"])) for metric in expected
        } == expected

    def test_every_figure_of_the_catalogue_has_a_row(self) -> None:
        assert {metric for metric, _category in figures()} == {metric.id for metric in METRICS}

    def test_attendances_by_district_add_up(self) -> None:
        # Dover: F1 two, F10. Ashford: F1 online, F2 one + one + two. Not known: the three without details.
        expected = {"dover": 3, "ashford": 5, "outside": 1, "medway": 1, "swale": 1, "unknown": 3}
        assert by("M05", "D") == expected

    def test_families_are_counted_once_a_cell(self) -> None:
        # F1 lived in Dover and then in Ashford: once in each, once in all; 7 in the rows, 6 in all.
        assert by("M06", "D") == {"dover": 2, "ashford": 2, "outside": 1, "medway": 1, "swale": 1}

    def test_new_families_by_district(self) -> None:
        assert by("M08", "D") == {"ashford": 1, "outside": 1, "medway": 1, "dover": 1}

    def test_families_by_age_are_in_every_group_they_named(self) -> None:
        # F1 named two ages; the other five families said nothing, and F1 is not among them.
        assert by("M06", "A") == {"under_5": 1, "y7_to_11": 1, "unknown": 5}

    def test_sessions_by_venue_kind_and_delivery(self) -> None:
        assert by("M02", "K") == {"forum": 4, "webinar": 1, "drop_in": 1}
        assert by("M02", "L") == {"in_person": 5, "online": 1}
        assert by("M02", "V")["online"] == 1

    def test_cancelled_by_reason_is_a_share_of_all_offered(self) -> None:
        assert by("M03", "R")["weather"] == Decimal("12.5")

    def test_attendances_by_origin(self) -> None:
        assert by("M05", "O") == {"web": 9, "walk_in": 5}

    def test_attendance_rate_by_kind(self) -> None:
        # Forums: S1 3 of 4, S4 2 of 3, S10 1 of 1; the webinar 3 of 3; nobody was due at the drop-in.
        rates = by("M15", "K")
        assert rates["forum"] == Decimal("75.0")
        assert rates["webinar"] == Decimal("100.0")
        assert "drop_in" not in rates

    def test_time_of_day(self) -> None:
        assert by("M02", "T") == {"school_run_safe": 4, "evening": 2}

    def test_the_next_quarter_has_the_session_after_midnight(self) -> None:
        rows = figures(parse_period("2026-27-Q1"))
        assert rows["M05", "all"].value.value == 1
        assert rows["M01", "all"].value.value == 1

    def test_the_open_register_is_listed(self) -> None:
        assert [register.starts_at for register in get_overdue_registers(Q4)] == [at("2026-03-12", 10)]

    def test_trend_says_the_same(self) -> None:
        periods = quarters_until(Q4)
        quarters = trend(periods, locality=KENT)
        assert len(quarters) == 9
        assert quarters[0].period.code == "2023-24-Q4"
        last = quarters[-1]
        assert (last.held, last.attendances, last.families, last.new_families) == (6, 14, 6, 4)
        assert last.attendance_rate == Decimal("81.8")
        assert quarters[0].attendances == 2

    def test_in_public_so_few_people_are_all_protected(self) -> None:
        rows = figures(by="DK", profile=Profile.PUBLIC)
        assert rows["M01", "all"].value.value == 8, "sessions are no secret"
        people = [row for (id_, _category), row in rows.items() if id_ in ("M06", "M08", "M12")]
        assert all(row.value.value in (None, 0) for row in people)
        assert rows["M15", "all"].value.flag == "c"


@pytest.mark.usefixtures("in_app")
def test_nothing_at_all_is_nought_and_not_an_error() -> None:
    rows = figures(by="DVKLTOASNPWR")
    assert rows["M05", "all"].value.value == 0
    assert rows["M15", "all"].value.flag == "z"
