"""Whose turn it is at a desk, and how late it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.rules.running_board import Column, Desk, Visit, may_follow, running_board, step_back
from booking.rules.words import Turn

OFFICER = Desk(name="EHC plan officer")
TWO_OFFICERS = Desk(name="EHC plan officer", seats=2)


def at(text: str) -> datetime:
    """Return that time of the day."""
    hour, minute = text.split(":")
    return datetime(2026, 6, 16, int(hour), int(minute), tzinfo=UTC)


def booked(time: str, *, key: int = 0, minutes: int = 20, came: str = "", **values: Any) -> Visit:
    """A family with a time; the key is its time as a number, if none is given. `came` is when it arrived."""
    starts_at = at(time)
    here = {"is_here": True, "arrived_at": at(came)} if came else {}
    return Visit(
        key=key or int(time.replace(":", "")),
        desk=OFFICER.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        **here | values,
    )


def walked_in(key: int, came: str, **values: Any) -> Visit:
    return Visit(key=key, desk=OFFICER.name, is_here=True, arrived_at=at(came), **values)


def with_desk(visit: Visit, since: str) -> Visit:
    return _turned(visit, Turn.WITH_DESK, since)


def _turned(visit: Visit, turn: Turn, since: str) -> Visit:
    return replace(visit, turn=turn, turn_at=at(since), is_here=turn != Turn.LATE)


def column(now: str, *visits: Visit, desk: Desk = OFFICER) -> Column:
    (only,) = running_board([desk], visits, now=at(now))
    return only


def keys(visits: tuple[Visit, ...]) -> list[int]:
    return [visit.key for visit in visits]


class TestWhoIsNext:
    def test_the_earliest_time_of_those_who_are_here(self) -> None:
        board = column("10:15", booked("10:40", came="10:05"), booked("10:20", came="10:10"), booked("10:00"))
        assert keys(board.queue) == [1020, 1040]
        assert board.next is not None
        assert board.next.key == 1020

    def test_who_walked_in_comes_after_all_who_booked_and_are_here(self) -> None:
        board = column("10:45", walked_in(1, "9:50"), booked("11:20", came="10:40"))
        assert keys(board.queue) == [1120, 1]

    def test_who_walked_in_comes_in_the_order_of_arrival(self) -> None:
        board = column("10:45", walked_in(2, "10:30"), walked_in(1, "10:40"), walked_in(3, "10:20"))
        assert keys(board.queue) == [3, 2, 1]

    def test_a_walk_in_with_a_free_time_is_seen_at_that_time(self) -> None:
        board = column(
            "10:45", booked("11:00", came="10:50"), booked("10:40", key=7, came="10:42"), walked_in(1, "9:00")
        )
        assert keys(board.queue) == [7, 1100, 1]

    def test_is_who_has_the_next_time_when_nobody_is_here(self) -> None:
        board = column("10:05", booked("10:40"), booked("10:20"))
        assert board.queue == ()
        assert board.next is not None
        assert board.next.key == 1020

    def test_is_never_somebody_who_is_missing(self) -> None:
        board = column("10:30", booked("10:20"), booked("10:40"))
        assert board.next is not None
        assert board.next.key == 1040

    def test_is_nobody_when_all_were_seen(self) -> None:
        board = column("10:45", _turned(booked("10:20", came="10:10"), Turn.DONE, "10:40"))
        assert board.next is None


class TestWhereEverybodyIs:
    def test_who_sits_with_the_desk(self) -> None:
        board = column("10:25", with_desk(booked("10:20", came="10:10"), "10:21"))
        assert keys(board.with_desk) == [1020]
        assert board.queue == ()

    def test_a_desk_with_two_seats_sees_two(self) -> None:
        first, second = booked("10:20", key=1), booked("10:20", key=2)
        board = column("10:30", with_desk(second, "10:22"), with_desk(first, "10:20"), desk=TWO_OFFICERS)
        assert keys(board.with_desk) == [1, 2]

    def test_missing_is_whose_time_has_come_and_expected_whose_has_not(self) -> None:
        board = column("10:20", booked("10:00"), booked("10:20"), booked("10:40"))
        assert keys(board.missing) == [1000, 1020]
        assert keys(board.expected) == [1040]

    def test_who_said_that_they_come_later_is_not_missing(self) -> None:
        board = column("10:30", _turned(booked("10:20"), Turn.LATE, "10:00"))
        assert board.missing == ()
        assert keys(board.late) == [1020]

    def test_who_comes_later_joins_the_queue_on_arrival(self) -> None:
        board = column("10:50", booked("10:20", came="10:45", turn=Turn.LATE, turn_at=at("10:00")))
        assert keys(board.queue) == [1020]
        assert board.late == ()

    def test_who_did_not_come_is_nowhere(self) -> None:
        board = column("10:50", booked("10:20", is_absent=True))
        assert (board.missing, board.expected, board.queue, board.late) == ((), (), (), ())

    def test_who_is_done_or_left_stands_at_the_end_the_latest_first(self) -> None:
        done = _turned(booked("10:00", came="9:55"), Turn.DONE, "10:20")
        left = _turned(booked("10:20", came="10:10"), Turn.LEFT, "10:35")
        assert keys(column("10:40", done, left).finished) == [1020, 1000]

    def test_each_desk_has_its_own(self) -> None:
        nurse = Visit(key=9, desk="Nurse", is_here=True, arrived_at=at("10:00"))
        officers, nurses = running_board([OFFICER, Desk(name="Nurse")], [nurse, booked("10:20")], now=at("10:00"))
        assert (keys(officers.expected), keys(nurses.queue)) == ([1020], [9])

    def test_a_desk_whose_times_are_gone_is_still_there(self) -> None:
        columns = running_board([OFFICER], [Visit(key=9, desk="Nurse", is_here=True)], now=at("10:00"))
        assert [each.desk.name for each in columns] == [OFFICER.name, "Nurse"]


class TestHowLate:
    @pytest.mark.parametrize(
        ("now", "late"),
        [("10:39", 15), ("10:50", 15), ("11:02", 22)],
        ids=["on its way", "still", "longer than thought"],
    )
    def test_as_late_as_the_desk_is_free_after_the_next_time(self, now: str, late: int) -> None:
        board = column(now, with_desk(booked("10:20", came="10:10"), "10:35"), booked("10:40", came="10:30"))
        assert board.minutes_late == late

    def test_on_time_when_the_next_can_begin_at_their_time(self) -> None:
        board = column("10:25", with_desk(booked("10:20", came="10:10"), "10:20"), booked("10:40"))
        assert board.minutes_late == 0

    def test_a_gap_makes_up_for_it(self) -> None:
        board = column("10:50", with_desk(booked("10:20", came="10:10"), "10:35"), booked("11:20"))
        assert board.minutes_late == 0

    def test_an_empty_desk_is_late_when_somebody_sits_and_waits(self) -> None:
        assert column("10:52", booked("10:40", came="10:30")).minutes_late == 12

    def test_an_empty_desk_is_not_late_for_who_is_missing(self) -> None:
        assert column("10:52", booked("10:20")).minutes_late == 0

    def test_who_came_late_makes_nobody_late(self) -> None:
        assert column("10:52", booked("10:20", came="10:50")).minutes_late == 2

    def test_two_times_in_a_row_are_twice_as_long(self) -> None:
        pair = with_desk(booked("10:00", minutes=40, came="9:50"), "10:10")
        assert column("10:20", pair, booked("10:40")).minutes_late == 10

    def test_with_two_seats_one_that_is_free_is_enough(self) -> None:
        first, more = with_desk(booked("10:00", came="9:50"), "10:30"), booked("10:40", came="10:35")
        assert column("10:41", first, more, desk=TWO_OFFICERS).minutes_late == 1
        second = with_desk(booked("10:20", came="10:10"), "10:38")
        assert column("10:41", first, second, more, desk=TWO_OFFICERS).minutes_late == 10

    def test_who_walked_in_holds_up_the_desk_for_its_usual_length(self) -> None:
        board = column("10:36", with_desk(walked_in(1, "10:00"), "10:35"), booked("10:40", came="10:30"))
        assert board.minutes_late == 15

    def test_who_walked_in_is_promised_no_time(self) -> None:
        assert column("10:52", walked_in(1, "9:00")).minutes_late == 0

    @pytest.mark.parametrize(("minutes", "said"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (23, 25)])
    def test_is_said_to_the_nearest_five_minutes(self, minutes: int, said: int) -> None:
        now = at("10:40") + timedelta(minutes=minutes)
        (board,) = running_board([OFFICER], [booked("10:40", came="10:30")], now=now)
        assert board.about_late == said


class TestSteps:
    @pytest.mark.parametrize("was", [Turn.WITH_DESK, Turn.DONE])
    @pytest.mark.parametrize("turn", [Turn.LATE, Turn.LEFT])
    def test_who_was_with_the_desk_neither_comes_late_nor_leaves_unseen(self, was: Turn, turn: Turn) -> None:
        assert not may_follow(was, turn)

    @pytest.mark.parametrize("was", [None, *Turn])
    @pytest.mark.parametrize("turn", [None, Turn.WITH_DESK, Turn.DONE])
    def test_everything_else_may_be(self, was: Turn | None, turn: Turn | None) -> None:
        assert may_follow(was, turn)

    def test_back_is_one_step(self) -> None:
        assert {turn: step_back(turn) for turn in Turn} == {
            Turn.DONE: Turn.WITH_DESK,
            Turn.WITH_DESK: None,
            Turn.LATE: None,
            Turn.LEFT: None,
        }
