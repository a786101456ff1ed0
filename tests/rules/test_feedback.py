"""What the answers of families come to: counts that are fair, and before and after that belong together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.feedback import TOO_FEW, Answers, agreed, asks_before, changed, method_of, takes_feedback
from booking.rules.words import EventStatus, FeedbackMethod

START = datetime(2026, 6, 16, 9, tzinfo=UTC)
HELD = {"status": EventStatus.PUBLISHED, "is_put_off": False, "starts_at": START}


@pytest.mark.parametrize(
    ("after", "is_open"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(), True),
        (timedelta(days=60, seconds=-1), True),
        (timedelta(days=60), False),
    ],
)
def test_a_session_is_spoken_of_from_its_start_for_60_days(after: timedelta, is_open: bool) -> None:
    assert takes_feedback(**HELD, now=START + after) is is_open


@pytest.mark.parametrize(
    "off", [{"status": EventStatus.DRAFT}, {"status": EventStatus.CANCELLED}, {"is_put_off": True}]
)
def test_what_was_not_held_is_not_spoken_of(off: dict[str, object]) -> None:
    assert not takes_feedback(**{**HELD, **off}, now=START + timedelta(hours=1))
    assert not asks_before(**{**HELD, **off}, now=START - timedelta(hours=1))


def test_before_is_asked_until_the_session_begins() -> None:
    assert asks_before(**HELD, now=START - timedelta(seconds=1))
    assert not asks_before(**HELD, now=START)


def test_who_agrees_is_counted_among_those_it_applies_to() -> None:
    counted = agreed([5, 4, 3, 2, 1, 0, 0, None])
    assert (counted.agreed, counted.n) == (2, 5)


def test_fewer_than_five_answers_say_nothing() -> None:
    assert agreed([5] * (TOO_FEW - 1)).is_too_few
    assert not agreed([5] * TOO_FEW).is_too_few
    assert changed([(1, 2)] * (TOO_FEW - 1)).is_too_few


def test_change_is_counted_of_those_who_answered_both() -> None:
    change = changed([(2, 4), (4, 4), (5, 3), (1, 5), (None, 5), (3, None), (0, 5), (3, 0)])
    assert (change.up, change.same, change.down, change.n) == (2, 1, 1, 4)


def test_what_was_given_before_the_session_stays_paired() -> None:
    assert method_of({"before_confident": 1, "confident": 4}, was=FeedbackMethod.PAIRED) == FeedbackMethod.PAIRED
    assert method_of({"confident": 4}, was=FeedbackMethod.PAIRED) == FeedbackMethod.PAIRED


def test_then_and_now_side_by_side_is_another_method() -> None:
    assert method_of({"before_confident": 1, "confident": 4}, was=FeedbackMethod.NONE) == FeedbackMethod.RETRO
    assert method_of({"confident": 4}, was=FeedbackMethod.RETRO) == FeedbackMethod.NONE


def test_does_not_apply_is_an_answer_and_nothing_is_none() -> None:
    assert not Answers(given={"listened": 0}).is_empty
    assert not Answers(given={}, change="More chairs").is_empty
    assert Answers(given={}).is_empty
