"""Decisions at a door end the same whatever arrives first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.rules.taps import About, Decision, Unreadable, began, by_our_clock, latest, read_decision, subject_of
from booking.rules.words import Outcome

START = datetime(2026, 6, 16, 9, tzinfo=UTC)


def a_decision(tap: str, minutes: int, outcome: Outcome) -> Decision:
    at = START + timedelta(minutes=minutes)
    return Decision(tap=tap, subject="place:1", value={"outcome": outcome.value}, at=at)


decisions = st.lists(
    st.builds(a_decision, st.text("abcdef", min_size=3, max_size=3), st.integers(0, 5), st.sampled_from(Outcome)),
    unique_by=lambda decision: decision.tap,
    max_size=6,
)


class TestTheLatest:
    @given(decisions)
    @settings(max_examples=60, deadline=None)
    def test_is_the_same_in_every_order(self, told: list[Decision]) -> None:
        assert len({latest(order) and latest(order).tap for order in permutations(told)}) == 1  # type: ignore[union-attr]
        assert len({began(order) for order in permutations(told)}) == 1

    def test_counts_even_if_it_says_less(self) -> None:
        here, undone = a_decision("a", 1, Outcome.ATTENDED), a_decision("b", 2, Outcome.NOT_RECORDED)
        assert latest([undone, here]) is undone

    def test_at_the_same_moment_is_the_one_with_the_greater_id(self) -> None:
        one, other = a_decision("a", 1, Outcome.ATTENDED), a_decision("b", 1, Outcome.DID_NOT_COME)
        assert latest([one, other]) is latest([other, one]) is other

    def test_of_none_is_none(self) -> None:
        assert latest([]) is None
        assert began([]) is None


class TestSinceWhen:
    def test_who_was_marked_here_twice_came_the_first_time(self) -> None:
        told = [a_decision("b", 7, Outcome.ATTENDED), a_decision("a", 3, Outcome.ATTENDED)]
        assert began(told) == START + timedelta(minutes=3)

    def test_counts_anew_after_an_undo(self) -> None:
        told = [
            a_decision("a", 1, Outcome.ATTENDED),
            a_decision("b", 2, Outcome.NOT_RECORDED),
            a_decision("c", 5, Outcome.ATTENDED),
        ]
        assert began(told) == START + timedelta(minutes=5)

    def test_somebody_added_again_is_there_since_then(self) -> None:
        whole = {"here": True, "adults": 2}
        told = [
            Decision(tap=tap, subject="walk_in:x", value=value, at=START + timedelta(minutes=minutes))
            for tap, value, minutes in (("x", whole, 0), ("y", {"here": False}, 1), ("z", {"here": True}, 2))
        ]
        assert began(told) == START + timedelta(minutes=2)
        assert began(told[:1]) == START


class TestReading:
    def read(self, **changed: Any) -> Decision:
        told = {"seq": 1, "at": 1_781_600_400_000, "subject": "place:12", "value": {"outcome": "attended"}} | changed
        return read_decision("tap1", told, received_at=START + timedelta(days=1))

    def test_takes_the_moment_in_milliseconds(self) -> None:
        assert self.read().at == datetime(2026, 6, 16, 9, 0, tzinfo=UTC)

    def test_believes_no_phone_that_something_happens_later(self) -> None:
        assert by_our_clock(START + timedelta(hours=2), received_at=START) == START
        assert by_our_clock(START - timedelta(hours=2), received_at=START) == START - timedelta(hours=2)

    def test_takes_names_apart_from_codes(self) -> None:
        value = {"here": True, "adults": 2, "names": ["Zoë", " "], "where": "TN23", "first_time": True}
        read = self.read(subject="walk_in:abc123", value=value)
        assert read.names == ("Zoë",)
        assert "names" not in read.value
        assert (read.value["adults"], read.value["children"], read.value["first_time"]) == (2, 0, True)

    @pytest.mark.parametrize(
        "changed",
        [
            {"seq": 0},
            {"seq": "1"},
            {"at": -1},
            {"at": 10**15},
            {"at": 1.5},
            {"subject": "place:0"},
            {"subject": "place:-3"},
            {"subject": "place:1 OR 1=1"},
            {"subject": "family:1"},
            {"subject": "walk_in:" + "x" * 31},
            {"value": {"outcome": "vanished"}},
            {"value": []},
            {"subject": "children:4", "value": {"children": 11}},
            {"subject": "children:4", "value": {"children": True}},
            {"subject": "came:4", "value": {"here": "yes"}},
            {"subject": "turn:4", "value": {"turn": "asleep"}},
            {"subject": "turn:4", "value": {}},
            {"subject": "walk_in:a", "value": {"here": True, "adults": 7}},
            {"subject": "walk_in:a", "value": {"here": True, "adults": 1, "names": "Zoë"}},
            {"subject": "walk_in:a", "value": {"here": True, "adults": 1, "names": ["x" * 121]}},
            {"subject": "walk_in:a", "value": {"here": True, "adults": 1, "names": ["a\x00b"]}},
        ],
    )
    def test_refuses_what_is_no_decision(self, changed: dict[str, Any]) -> None:
        with pytest.raises(Unreadable):
            self.read(**changed)

    @pytest.mark.parametrize("told", [None, [], "place:1", 7, {}])
    def test_refuses_what_is_not_even_an_object_of_ours(self, told: object) -> None:
        with pytest.raises(Unreadable):
            read_decision("tap1", told, received_at=START)


def test_a_subject_names_what_it_is_about() -> None:
    assert subject_of(About.CAME, 7) == "came:7"
