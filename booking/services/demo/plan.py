"""Which sessions the demonstration runs, where and when: nine quarters back and eight weeks ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from booking.clock import in_london, london_time
from booking.locality.kinds import Locality
from booking.rules.calendar_periods import is_term_time, is_working_day, period_of, previous_period
from booking.rules.words import Delivery
from booking.services.demo.templates import TEMPLATES, SessionTemplate
from booking.services.demo.venues import ONLINE, PLACES, PlaceData

QUARTERS_BACK = 9
DAYS_AHEAD = 56
# Fewer sessions than elsewhere have been held in these two: the figures are there to show it.
SESSION_WEIGHT = {"dover": 0.4, "sevenoaks": 0.4}
_QUIET_MONTHS = {8: 0.4, 12: 0.6}


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """One session to be: what, where, when, and what it is there to show, if anything."""

    template: SessionTemplate
    place: PlaceData
    starts_at: datetime
    part: int = 0
    story: str | None = None

    @property
    def ends_at(self) -> datetime:
        """Give its end."""
        return self.starts_at + timedelta(minutes=self.template.minutes)

    @property
    def title(self) -> str:
        """Give its title; parts of a series say which one they are."""
        return f"{self.template.title} (part {self.part})" if self.part else self.template.title


def history_start(today: date) -> date:
    """Return the first day of the history: nine whole quarters before the present one."""
    period = period_of(today)
    for _quarter in range(QUARTERS_BACK):
        period = previous_period(period)
    return period.start


def plan_sessions(rng: Random, *, today: date, locality: Locality) -> Iterator[PlannedSession]:
    """Draw the ordinary sessions, month by month."""
    last = today + timedelta(days=DAYS_AHEAD)
    month = history_start(today)
    while month <= last:
        for planned in _month(rng, month, locality):
            if in_london(planned.starts_at).date() <= last:
                yield planned
        month = _next_month(month)


def is_open_day(day: date, locality: Locality) -> bool:
    """Tell whether a session could be held on a day: a working day, and not around Christmas."""
    is_christmas = (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 3)
    return is_working_day(day, locality.bank_holidays) and not is_christmas


def _month(rng: Random, month: date, locality: Locality) -> Iterator[PlannedSession]:
    open_days = _open_days(month, locality)
    for template in TEMPLATES:
        for _number in range(_how_many(rng, template, month)):
            yield from _one(rng, template, open_days, locality)


def _how_many(rng: Random, template: SessionTemplate, month: date) -> int:
    if month.month not in template.months:
        return 0
    expected = template.a_month * _QUIET_MONTHS.get(month.month, 1.0)
    return int(expected) + (rng.random() < expected % 1)


def _one(rng: Random, template: SessionTemplate, open_days: list[date], locality: Locality) -> Iterator[PlannedSession]:
    place = _place(rng, template)
    days = open_days[-5:] if template.last_week_of_month else open_days
    day = rng.choice(days[: max(1, len(days) // 2)] if template.weekly_parts > 1 else days)
    hour, minute = rng.choice(template.starts)
    for week in range(template.weekly_parts):
        on = day + timedelta(weeks=week)
        while not is_open_day(on, locality):
            on += timedelta(days=1)
        part = week + 1 if template.weekly_parts > 1 else 0
        yield PlannedSession(template=template, place=place, starts_at=london_time(on, hour, minute), part=part)


def _place(rng: Random, template: SessionTemplate) -> PlaceData:
    if template.delivery == Delivery.ONLINE:
        return next(place for place in PLACES if place.code == ONLINE)
    fitting = [
        place for place in PLACES if place.building in template.buildings and place.capacity >= (template.capacity or 0)
    ]
    return rng.choices(fitting, weights=[SESSION_WEIGHT.get(place.district, 1.0) for place in fitting])[0]


def _open_days(month: date, locality: Locality) -> list[date]:
    """Give the month's school days, or its working days where there are too few."""
    days = [month + timedelta(days=n) for n in range((_next_month(month) - month).days)]
    working = [day for day in days if is_open_day(day, locality)]
    in_term = [day for day in working if is_term_time(day, locality.terms, locality.bank_holidays)]
    return in_term if len(in_term) >= 8 else working


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
