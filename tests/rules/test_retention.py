"""How long things are kept: the table says it, and days and months are counted on London's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from booking.rules.retention import RETENTION, Kept, gone_before, of_families, retention_of
from booking.rules.staff_time import TYPED_KEPT
from booking.services.keep_draft import KEPT_FOR
from booking.services.sweep_old import SWEPT_KINDS

BY_CALENDAR = [row.kept for row in RETENTION if row.days or row.months]


def test_every_kind_has_one_row() -> None:
    assert [row.kept for row in RETENTION] == list(Kept)


def test_every_row_says_what_why_who_and_the_basis() -> None:
    for row in RETENTION:
        assert row.what
        assert row.why
        assert row.seen_by
        assert row.basis
        assert row.has_end == (row.since is not None)


def test_all_that_has_an_end_is_swept_and_nothing_else() -> None:
    assert {row.kept for row in RETENTION if row.has_end} == SWEPT_KINDS


def test_what_has_no_end_is_known() -> None:
    stays = {row.kept for row in RETENTION if not row.has_end and not row.until_stopped}
    assert stays == {Kept.PROFILE, Kept.AGREED, Kept.SAID, Kept.QUOTE, Kept.FROZEN}
    assert {row.kept for row in of_families() if row.until_stopped} == {Kept.NEWS}


@pytest.mark.parametrize(
    ("kept", "moment"),
    [
        (Kept.CONTACT, datetime(2025, 12, 16, tzinfo=UTC)),
        (Kept.NEED_DETAIL, datetime(2026, 5, 16, 23, tzinfo=UTC)),
        (Kept.DIET, datetime(2026, 6, 8, 23, tzinfo=UTC)),
        (Kept.QUESTION, datetime(2026, 5, 16, 23, tzinfo=UTC)),
        (Kept.REMEMBERED, datetime(2024, 6, 15, 23, tzinfo=UTC)),
        (Kept.FAMILY_CODE, datetime(2024, 6, 15, 23, tzinfo=UTC)),
        (Kept.MESSAGE, datetime(2026, 3, 18, tzinfo=UTC)),
        (Kept.VIEWS, datetime(2025, 6, 15, 23, tzinfo=UTC)),
        (Kept.CHANGES, datetime(2024, 6, 15, 23, tzinfo=UTC)),
    ],
)
def test_the_moment_before_which_a_thing_is_gone(kept: Kept, moment: datetime) -> None:
    assert gone_before(kept, today=date(2026, 6, 16)) == moment


def test_the_last_day_of_a_longer_month_has_its_end_in_a_shorter_one() -> None:
    assert gone_before(Kept.CONTACT, today=date(2026, 8, 31)).date() == date(2026, 2, 28)


@pytest.mark.parametrize("kept", [Kept.PROFILE, Kept.DRAFT])
def test_what_does_not_go_by_the_calendar_has_no_such_moment(kept: Kept) -> None:
    with pytest.raises(ValueError, match=str(kept)):
        gone_before(kept, today=date(2026, 6, 16))


@given(some.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)), some.sampled_from(BY_CALENDAR))
def test_a_later_day_never_keeps_more(day: date, kept: Kept) -> None:
    assert gone_before(kept, today=day) <= gone_before(kept, today=date.fromordinal(day.toordinal() + 1))


def test_an_unfinished_form_is_kept_for_as_long_as_the_service_keeps_it() -> None:
    assert timedelta(hours=retention_of(Kept.DRAFT).hours) == KEPT_FOR


def test_what_staff_had_typed_is_kept_for_as_long_as_the_service_keeps_it() -> None:
    assert timedelta(hours=retention_of(Kept.STAFF_TYPED).hours) == TYPED_KEPT
