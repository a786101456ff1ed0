"""A month of sessions as a calendar: its weeks, its days with their sessions, and the months around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from booking import clock
from booking.formats import words_for
from booking.locality.kinds import Locality
from booking.rules.months import add_months, month_of, weeks_of
from booking.web.public.cards import Card, cards_for
from booking.web.public.search import Hit, Locate, Search, sift
from booking.web.public.search_form import months_offered

MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day and its sessions in order. `label` names it whole, for who sees it alone."""

    number: int
    iso: str
    label: str
    is_today: bool
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMonth:
    """One month as a page shows it. `around` is the nearest month with a session when this one has none."""

    month: date
    total: int
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[CalendarDay | None]]
    not_checked: Sequence[Card]
    earlier: date | None
    later: date | None
    around: date | None

    @property
    def title(self) -> str:
        return words_for.month_name(self.month)


def calendar_month(search: Search, locality: Locality, *, locate: Locate) -> CalendarMonth:
    """Lay out the month that is asked for, else the first one in which something fits."""
    hits, unchecked = sift(replace(search, month=None), locality, now=clock.now(), locate=locate)
    months = sorted({_month(hit) for hit in hits})
    offered = months_offered()
    chosen = search.month or next(iter(months), offered[0])
    here = sorted((hit for hit in hits if _month(hit) == chosen), key=lambda hit: hit.session.starts_at)
    return CalendarMonth(
        month=chosen,
        total=len(here),
        weekdays=[words_for.weekday(MONDAY + timedelta(days=number)) for number in range(7)],
        weeks=_weeks(chosen, cards_for(here, locality)),
        not_checked=cards_for([hit for hit in unchecked if _month(hit) == chosen], locality),
        earlier=add_months(chosen, -1) if chosen > offered[0] else None,
        later=add_months(chosen, 1) if chosen < offered[-1] else None,
        around=None if here else _nearest(chosen, months),
    )


def _weeks(month: date, cards: Sequence[Card]) -> list[list[CalendarDay | None]]:
    """Put the sessions on their days; weeks that are over are left out, as their sessions are."""
    by_day = {iso: list(group) for iso, group in groupby(cards, key=lambda card: card.starts_iso[:10])}
    today = clock.today()

    def day_of(day: date) -> CalendarDay:
        iso = day.isoformat()
        return CalendarDay(day.day, iso, words_for.day_and_month(day), day == today, by_day.get(iso, []))

    shown = {today, *(date.fromisoformat(iso) for iso in by_day)}
    to_come = [week for week in weeks_of(month) if any(day and day >= min(shown) for day in week)]
    return [[day_of(day) if day else None for day in week] for week in to_come]


def _nearest(chosen: date, months: Sequence[date]) -> date | None:
    """Give the next month with a session, else the last one before."""
    return next((month for month in months if month > chosen), months[-1] if months else None)


def _month(hit: Hit) -> date:
    return month_of(hit.session.day)
