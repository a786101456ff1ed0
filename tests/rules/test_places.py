"""Whether a session takes bookings, how many places a family needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.rules.places import BookingWindow, Closed, fits, places_left, places_needed, times_allowed, why_closed
from booking.rules.words import BookingMode, EventStatus, PersonKind

NOW = datetime(2026, 6, 16, 9, tzinfo=UTC)


def closed(**values: Any) -> Closed | None:
    usual: dict[str, Any] = {
        "status": EventStatus.PUBLISHED,
        "mode": BookingMode.PLACES,
        "new_date_pending": False,
        "starts_at": NOW + timedelta(days=1),
        "now": NOW,
    }
    return why_closed(**usual | values)


class TestWhyClosed:
    def test_a_published_session_to_come_is_open(self) -> None:
        assert closed() is None

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"status": EventStatus.DRAFT}, Closed.NOT_PUBLISHED),
            ({"status": EventStatus.CANCELLED}, Closed.CANCELLED),
            ({"starts_at": NOW}, Closed.STARTED),
            ({"mode": BookingMode.OPEN}, Closed.NOT_BOOKED),
            ({"new_date_pending": True}, Closed.POSTPONED),
        ],
    )
    def test_else_it_says_why(self, values: dict[str, Any], why: Closed) -> None:
        assert closed(**values) == why


class TestTheBookingWindow:
    """A session on Saturday 27 March 2027 at 10am in London; the clocks change the night after."""

    STARTS = datetime(2027, 3, 27, 10, tzinfo=UTC)

    def window(self, *, opens: int | None = None, ends: int | None = None) -> BookingWindow:
        return BookingWindow(starts_at=self.STARTS, opens_days_before=opens, ends_hours_before=ends)

    def test_without_one_families_book_until_it_begins(self) -> None:
        assert self.window().opens_at is None
        assert self.window().why_closed(now=self.STARTS - timedelta(seconds=1)) is None

    def test_opens_with_the_day_in_london(self) -> None:
        opens_at = datetime(2027, 3, 20, tzinfo=UTC)
        window = self.window(opens=7)
        assert window.opens_at == opens_at
        assert window.why_closed(now=opens_at - timedelta(seconds=1)) == Closed.NOT_YET
        assert window.why_closed(now=opens_at) is None

    def test_opens_with_the_day_across_the_change_of_the_clocks(self) -> None:
        summer = BookingWindow(starts_at=datetime(2027, 4, 3, 9, tzinfo=UTC), opens_days_before=7)
        assert summer.opens_at == datetime(2027, 3, 27, tzinfo=UTC)
        later = BookingWindow(starts_at=datetime(2027, 4, 10, 9, tzinfo=UTC), opens_days_before=7)
        assert later.opens_at == datetime(2027, 4, 2, 23, tzinfo=UTC)

    def test_ends_so_many_hours_before(self) -> None:
        window = self.window(ends=24)
        assert window.why_closed(now=self.STARTS - timedelta(hours=24, seconds=1)) is None
        assert window.why_closed(now=self.STARTS - timedelta(hours=24)) == Closed.ENDED

    def test_is_asked_last(self) -> None:
        assert closed(window=self.window(opens=1), now=self.STARTS - timedelta(days=9), starts_at=self.STARTS) == (
            Closed.NOT_YET
        )
        assert closed(window=self.window(opens=1), status=EventStatus.CANCELLED) == Closed.CANCELLED


class TestPlaces:
    def test_only_participants_need_one(self) -> None:
        assert places_needed(list(PersonKind), BookingMode.PLACES) == 2

    def test_an_appointment_is_one_however_many_come(self) -> None:
        assert places_needed([PersonKind.PARENT_CARER] * 3, BookingMode.SLOTS) == 1

    def test_no_capacity_is_no_limit(self) -> None:
        assert places_left(None, 500) is None
        assert fits(6, None)

    def test_a_family_fits_whole_or_not_at_all(self) -> None:
        assert fits(2, 2)
        assert not fits(3, 2)

    @pytest.mark.parametrize(("hours", "times"), [(49, 1), (48, 2), (1, 2)])
    def test_a_second_time_is_open_two_days_before(self, hours: int, times: int) -> None:
        assert times_allowed(starts_at=NOW + timedelta(hours=hours), now=NOW) == times
