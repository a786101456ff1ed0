"""When a message is tried again, given up, or no longer true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking.rules.delivery import (
    AFTERWARDS,
    NEWS,
    OF_NO_BOOKING,
    REMINDERS,
    give_up_at,
    is_repeatable,
    is_still_true,
    wait_after,
)
from booking.rules.words import BookingStatus, Channel, MessageKind

NOW = datetime(2026, 6, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 1), (1, 1), (2, 5), (3, 15), (4, 60), (5, 240), (6, 240), (99, 240)]
)
def test_waits_longer_each_time_and_spreads_it(attempts: int, minutes: int) -> None:
    assert wait_after(attempts, chance=0.5) == timedelta(minutes=minutes)
    assert wait_after(attempts, chance=0) == timedelta(minutes=minutes) * 0.9
    assert wait_after(attempts, chance=1) == timedelta(minutes=minutes) * 1.1


class TestGivingUp:
    def test_when_the_session_begins(self) -> None:
        starts_at = NOW + timedelta(hours=5)
        assert give_up_at(MessageKind.CONFIRMED, queued_at=NOW, starts_at=starts_at) == starts_at

    def test_after_three_days(self) -> None:
        starts_at = NOW + timedelta(days=30)
        assert give_up_at(MessageKind.CHANGED, queued_at=NOW, starts_at=starts_at) == NOW + timedelta(days=3)

    def test_what_is_said_after_the_session_began_has_a_day(self) -> None:
        starts_at = NOW - timedelta(hours=1)
        late = give_up_at(MessageKind.CANCELLED_BY_FAMILY, queued_at=NOW, starts_at=starts_at)
        assert late == NOW + timedelta(hours=24)

    def test_to_ask_how_it_was_has_three_days(self) -> None:
        starts_at = NOW - timedelta(hours=3)
        assert give_up_at(MessageKind.THANK_YOU, queued_at=NOW, starts_at=starts_at) == NOW + timedelta(days=3)


def test_reminders_news_and_thanks_alone_are_never_repeated() -> None:
    assert {kind for kind in MessageKind if not is_repeatable(kind)} == {*REMINDERS, *NEWS, *AFTERWARDS}


def test_no_text_is_ever_repeated() -> None:
    assert not any(is_repeatable(kind, Channel.TEXT) for kind in MessageKind)


def test_every_kind_is_true_for_some_booking_and_cancelled_ones_hear_only_what_ends() -> None:
    for kind in set(MessageKind) - set(OF_NO_BOOKING):
        assert any(is_still_true(kind, status) for status in BookingStatus)
    assert {kind for kind in MessageKind if is_still_true(kind, BookingStatus.CANCELLED)} == {
        MessageKind.CANCELLED_BY_FAMILY,
        MessageKind.CANCELLED_BY_US,
        MessageKind.OFFER_LAPSED,
        MessageKind.LINK,
        MessageKind.CONTACT_CHANGED,
        MessageKind.NO_DATE_YET,
    }


class TestTheLastTries:
    def test_come_closer_together_when_little_time_is_left(self) -> None:
        assert wait_after(5, chance=0.5, left=timedelta(hours=1)) == timedelta(minutes=30)
        assert wait_after(5, chance=0.5, left=timedelta(days=2)) == timedelta(hours=4)

    def test_are_never_less_than_a_minute_apart(self) -> None:
        assert wait_after(3, chance=0.5, left=timedelta(seconds=30)) == timedelta(minutes=1)
        assert wait_after(3, chance=0.5, left=timedelta(seconds=-5)) == timedelta(minutes=1)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind != MessageKind.LINK])
def test_nothing_that_was_said_before_a_session_leaves_once_it_has_begun(kind: MessageKind) -> None:
    starts_at = NOW + timedelta(hours=1)
    assert give_up_at(kind, queued_at=NOW, starts_at=starts_at) <= starts_at
