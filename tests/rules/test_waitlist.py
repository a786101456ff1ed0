"""How long an offer lasts: by day, at night, close to the session and across clock changes (J9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.clock import LONDON, in_london
from booking.rules.waitlist import is_staff_to_ring, offer_ends_at


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


class TestOfferEndsAt:
    @pytest.mark.parametrize(
        ("now", "starts", "ends"),
        [
            ("2026-06-16 10:00", "2026-06-30 10:00", "2026-06-17 20:00"),  # 8pm next day is later than 24 hours
            ("2026-06-16 20:30", "2026-06-30 10:00", "2026-06-17 20:30"),  # 24 hours is later than 8pm
            ("2026-06-16 22:30", "2026-06-30 10:00", "2026-06-18 08:00"),  # 24 hours would end at night
            ("2026-06-16 00:30", "2026-06-30 10:00", "2026-06-17 20:00"),
            ("2026-06-16 10:00", "2026-06-18 10:00", "2026-06-17 10:00"),  # 24 hours before the start comes first
            ("2026-06-16 09:00", "2026-06-17 10:00", "2026-06-16 11:00"),  # an hour is left: 2 at least
            ("2026-06-16 19:30", "2026-06-17 20:00", "2026-06-17 08:00"),  # 2 hours would end at night
            ("2026-06-16 10:00", "2026-06-17 23:30", "2026-06-16 20:00"),  # late session: the evening before the night
            ("2026-03-28 10:00", "2026-04-20 10:00", "2026-03-29 20:00"),  # clocks go forward that night: 33 hours
            ("2026-03-28 20:30", "2026-04-20 10:00", "2026-03-30 08:00"),  # 24 hours later it is 9:30pm
            ("2026-10-24 20:30", "2026-11-20 10:00", "2026-10-25 20:00"),  # clocks go back: 24 hours later is 7:30pm
        ],
    )
    def test_it_ends_when_the_rule_says(self, now: str, starts: str, ends: str) -> None:
        assert offer_ends_at(london(now), starts_at=london(starts)) == london(ends)

    @pytest.mark.parametrize("hours", [24, 5, 0, -3])
    def test_there_is_none_in_the_last_24_hours(self, hours: int) -> None:
        now = london("2026-06-16 10:00")
        assert offer_ends_at(now, starts_at=now + timedelta(hours=hours)) is None

    @given(
        now=st.timedeltas(timedelta(0), timedelta(days=700)).map(lambda past: datetime(2026, 1, 1, tzinfo=UTC) + past),
        ahead=st.timedeltas(timedelta(hours=24, seconds=1), timedelta(days=60)),
    )
    def test_it_is_never_short_never_at_night_and_never_after_the_start(self, now: datetime, ahead: timedelta) -> None:
        end = offer_ends_at(now, starts_at=now + ahead)
        assert end is not None
        assert now + timedelta(hours=2) <= end < now + ahead
        assert 8 <= in_london(end).hour < 21
        assert end <= now + timedelta(hours=46)


class TestStaffRing:
    def test_in_the_last_24_hours_and_not_after_the_start(self) -> None:
        now = london("2026-06-16 10:00")
        assert is_staff_to_ring(now, starts_at=now + timedelta(hours=24))
        assert not is_staff_to_ring(now, starts_at=now + timedelta(hours=25))
        assert not is_staff_to_ring(now, starts_at=now)
