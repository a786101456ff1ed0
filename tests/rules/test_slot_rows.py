"""A row of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from booking.rules.slot_rows import Pause, starts_of_row

TEN = datetime(2026, 9, 8, 10, tzinfo=UTC)
TWENTY = timedelta(minutes=20)


def row(*, number: int = 4, pause: tuple[int, int] | None = None) -> list[str]:
    around = Pause(TEN + timedelta(minutes=pause[0]), timedelta(minutes=pause[1])) if pause else None
    return [f"{start:%H:%M}" for start in starts_of_row(TEN, TWENTY, number=number, pause=around)]


def test_times_follow_each_other() -> None:
    assert row() == ["10:00", "10:20", "10:40", "11:00"]


def test_a_break_moves_what_comes_after_it() -> None:
    assert row(pause=(40, 10)) == ["10:00", "10:20", "10:50", "11:10"]


def test_a_time_that_would_run_into_the_break_begins_after_it() -> None:
    assert row(pause=(30, 10)) == ["10:00", "10:40", "11:00", "11:20"]


def test_a_break_before_or_after_the_row_changes_nothing() -> None:
    assert row(pause=(80, 10)) == row(pause=(-30, 30)) == row()


def test_a_break_at_the_beginning_begins_the_row_later() -> None:
    assert row(number=1, pause=(0, 15)) == ["10:15"]
