"""The counting rules one by one, and the joint protection of all tables of a return."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.rules.calendar_periods import local_date, parse_period, period_of
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import BREAKDOWNS, MEDIANS, METRICS
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.facts import (
    AtTheTime,
    Facts,
    PlaceFact,
    Pupils,
    SessionFact,
    SessionState,
    is_register_overdue,
    is_short_notice,
    months_before,
    state_of,
)
from booking.rules.figures import hidden_cells, lines_of, rows_of
from booking.rules.words import EventStatus, Outcome
from tests.figures.test_disclosure import solved_by_a_reader

NOW = datetime(2026, 6, 16, 9, tzinfo=timezone.utc)  # noqa: UP017
Q1 = parse_period("2026-27-Q1")


class TestPeriods:
    @pytest.mark.parametrize(
        ("moment", "code"),
        [
            ("2026-11-23T10:00+00:00", "2026-27-Q3"),
            ("2027-03-31T19:00+01:00", "2026-27-Q4"),
            ("2027-04-01T10:00+01:00", "2027-28-Q1"),
            ("2026-06-30T23:30+00:00", "2026-27-Q2"),
            ("2026-12-31T23:30+00:00", "2026-27-Q3"),
        ],
    )
    def test_golden_dates(self, moment: str, code: str) -> None:
        assert period_of(local_date(datetime.fromisoformat(moment))).code == code

    @pytest.mark.parametrize(
        ("day", "before"),
        [("2026-01-15", "2024-01-15"), ("2028-02-29", "2026-02-28"), ("2026-02-28", "2024-02-28")],
    )
    def test_24_months_before(self, day: str, before: str) -> None:
        assert months_before(date.fromisoformat(day), 24) == date.fromisoformat(before)


class TestSessions:
    def state(self, **values: object) -> SessionState:
        defaults: dict[str, object] = {"ends_at": NOW, "was_published": True, "new_date_pending": False, "now": NOW}
        status = values.pop("status", EventStatus.PUBLISHED)
        return state_of(status, **defaults | values)  # type: ignore[arg-type]

    def test_held_is_published_and_over(self) -> None:
        assert self.state() == SessionState.HELD
        assert self.state(ends_at=NOW + timedelta(seconds=1)) == SessionState.PLANNED

    def test_cancelled_counts_only_if_it_was_ever_published(self) -> None:
        assert self.state(status=EventStatus.CANCELLED) == SessionState.CANCELLED
        assert self.state(status=EventStatus.CANCELLED, was_published=False) == SessionState.DRAFT

    def test_postponed_counts_when_it_has_its_date(self) -> None:
        assert self.state(new_date_pending=True) == SessionState.POSTPONED

    def test_register_is_overdue_after_14_days(self) -> None:
        at_14 = NOW - timedelta(days=14)
        assert not is_register_overdue(closed_at=None, ends_at=at_14, now=NOW)
        assert is_register_overdue(closed_at=None, ends_at=at_14 - timedelta(seconds=1), now=NOW)
        assert not is_register_overdue(closed_at=NOW, ends_at=at_14 - timedelta(days=9), now=NOW)

    def test_short_notice_is_less_than_48_hours(self) -> None:
        assert is_short_notice(cancelled_at=NOW - timedelta(hours=47, minutes=59), starts_at=NOW)
        assert not is_short_notice(cancelled_at=NOW - timedelta(hours=48), starts_at=NOW)


class TestCatalogue:
    def test_every_breakdown_has_a_name(self) -> None:
        assert {letter for metric in METRICS for letter in metric.by} <= set(BREAKDOWNS)

    def test_every_measure_is_counted(self) -> None:
        now = AtTheTime(subscribers={}, place_facts={}, place_facts_old={})
        pupils = [Pupils(district="dover", year=2026, sen_support=1, ehcp=1, source="", published_on=date(2025, 7, 1))]
        counts = count(Q1, Facts(now=now, pupils=pupils)).numbers
        measures = {measure for metric in METRICS for measure in metric.measures} - MEDIANS
        assert measures <= {cell.measure for cell in counts}
        assert {measure for metric in METRICS for measure in metric.measures} >= MEDIANS

    def test_ids_are_unique(self) -> None:
        assert len({metric.id for metric in METRICS}) == len(METRICS)


def a_quarter(data: st.DataObject) -> Counted:
    """Count a random quarter of a few sessions and some dozens of people."""
    kinds, districts = ("forum", "coffee", "webinar"), ("ashford", "dover", "swale", "unknown")
    sessions = [
        SessionFact(
            id=number,
            starts_on=date(2026, 5, 1),
            state=SessionState.HELD,
            kind=data.draw(st.sampled_from(kinds)),
            delivery="in_person",
            district=data.draw(st.sampled_from(districts[:3])),
        )
        for number in range(data.draw(st.integers(1, 5)))
    ]
    people = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, len(sessions) - 1),
                st.sampled_from(districts),
                st.booleans(),
                st.sampled_from(list(Outcome)),
                st.integers(0, 30),
            ),
            max_size=80,
        )
    )
    places = [
        PlaceFact(
            id=number,
            session=sessions[session],
            booking=number,
            family=family or None,
            adult=family or None,
            district=district,
            origin="walk_in" if walk_in else "web",
            is_walk_in=walk_in,
            is_participant=True,
            outcome=outcome,
        )
        for number, (session, district, walk_in, outcome, family) in enumerate(people)
    ]
    return count(Q1, Facts(sessions=sessions, places=places), breakdowns="DVKO")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_reader_of_a_whole_return_finds_a_small_number(data: st.DataObject) -> None:
    """Walk-ins, rates and attendances share numbers: what one table hides, another must not give away."""
    counts = a_quarter(data).numbers
    profile = data.draw(st.sampled_from([Profile.PARTNER, Profile.PUBLIC]))
    hidden = hidden_cells(counts, profile=profile, breakdowns="DVKO")
    lines = [
        line
        for line in lines_of(counts, "DVKO")
        if sum(counts.get(part, 0) for part in line.parts) == counts.get(line.total, 0)
    ]
    every = {cell: counts.get(cell, 0) for line in lines for cell in line.cells}
    found = solved_by_a_reader(dict(every), list(lines), frozenset(cell for cell in hidden if cell in every))
    assert not {cell for cell in found if counts.get(cell)}, "a nought may be found: it tells of nobody"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_shown_is_true_or_rounded_and_never_small(data: st.DataObject) -> None:
    counted = a_quarter(data)
    for row in rows_of(Q1, counted, profile=Profile.PARTNER, breakdowns="DVKO", categories={}):
        if row.metric.is_personal and row.metric.unit == "n" and row.value.value is not None:
            assert row.value.value == 0 or row.value.value >= 5
        if row.value.flag == "c" and row.numerator is not None:
            assert row.numerator.value is None
    for row in rows_of(Q1, counted, profile=Profile.PUBLIC, breakdowns="DVKO", categories={}):
        if row.metric.is_personal:
            numbers = (row.numerator, row.value if row.metric.unit == "n" else None)
            assert all(each.value % 5 == 0 for each in numbers if each is not None and each.value is not None)
