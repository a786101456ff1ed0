"""M25: what was looked for and not found, in the figures of its quarter."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from booking import clock
from booking.extensions import transaction
from booking.locality import get_locality
from booking.rules.calendar_periods import period_of, previous_period
from booking.rules.disclosure import Flag, Profile
from booking.rules.words import WishReason
from booking.services.keep_wish import WishGiven, keep_wish
from booking.services.make_return import rows_for

KENT = get_locality("kent")


def wish(number: int, reason: WishReason, district: str) -> None:
    with transaction():
        for _each in range(number):
            keep_wish(WishGiven(reason=reason, district=district))


def shown(profile: Profile, *, breakdown: str = "all") -> dict[str, tuple[int | None, Flag]]:
    rows = rows_for(period_of(clock.today()), profile=profile, locality=KENT)
    return {
        row.category: (None if row.value.value is None else int(row.value.value), row.value.flag)
        for row in rows
        if row.metric.id == "M25" and row.breakdown == breakdown
    }


def test_counts_by_reason_and_district_in_the_quarter_it_was_told(
    in_app: Flask, summer: time_machine.Traveller
) -> None:
    summer.move_to(clock.start_of_day(previous_period(period_of(clock.today())).start) + timedelta(days=1))
    wish(5, WishReason.ONLINE, "dover")
    summer.move_to(clock.start_of_day(period_of(clock.today()).end) + timedelta(days=1, hours=10))
    wish(12, WishReason.NOTHING_NEAR, "dover")
    wish(3, WishReason.TOPIC, "thanet")
    assert shown(Profile.INTERNAL)["all"][0] == 15
    by_reason = shown(Profile.INTERNAL, breakdown="U")
    assert (by_reason["nothing_near"][0], by_reason["topic"][0], by_reason["online"][0]) == (12, 3, 0)
    assert shown(Profile.INTERNAL, breakdown="D")["dover"][0] == 12


def test_few_are_hidden_from_readers_outside(in_app: Flask) -> None:
    wish(3, WishReason.TOPIC, "thanet")
    assert shown(Profile.PUBLIC)["all"] == (None, Flag.PROTECTED)
    assert shown(Profile.PUBLIC, breakdown="D")["thanet"] == (None, Flag.PROTECTED)
