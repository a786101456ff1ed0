"""What an overview is asked to show: a period and which sessions, all in its address; and the links that change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.exceptions import NotFound

from booking import clock
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.queries.figure_trend import quarters_until
from booking.rules.calendar_periods import Period, financial_year_of, period_of
from booking.rules.engagement.narrowing import Narrowing
from booking.rules.other_periods import find_period
from booking.rules.words import Delivery, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way to change what is shown."""

    text: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is shown; `theme` is empty on the first page, which has nine quarters.

    `day` says by which districts it is counted: those of the period's last day, or later ones that were asked for.
    """

    theme: str
    period: Period
    only: Narrowing
    day: date

    def url(self, theme: str | None = None, *, count: str | None = None) -> str:
        """Give the address of a theme, or of this one, that shows the same; `count` has it counted anew."""
        name = self.theme if theme is None else theme
        chosen: dict[str, Any] = {
            "period": self.period.code,
            "district": self.only.district or None,
            "kind": self.only.kind or None,
            "delivery": self.only.delivery or None,
            "count": count,
        }
        return url_for("staff.overview_theme", theme=name, **chosen) if name else url_for("staff.overview", **chosen)


def read_asked(theme: str, area: Locality) -> Asked:
    """Read the address; raise NotFound for a period, district, kind or delivery that is none."""
    text = request.args.get("period", "")
    try:
        period = find_period(text, area.terms) if text else period_of(clock.today())
    except ValueError as error:
        raise NotFound from error
    day, district = _district(period, area)
    only = Narrowing(
        district=district,
        kind=_one_of("kind", [kind.value for kind in EventKind]),
        delivery=_one_of("delivery", [delivery.value for delivery in Delivery]),
    )
    return Asked(theme=theme, period=period, only=only, day=day)


def shown_in_words(asked: Asked, area: Locality) -> str:
    """Say which sessions are shown."""
    only = asked.only
    parts = [
        f"of the kind “{wording(EventKind(only.kind))}”" if only.kind else "",
        f"held “{wording(Delivery(only.delivery))}”" if only.delivery else "",
        f"in {area.get_district(only.district).name}" if only.district else "",
    ]
    which = ", ".join(part for part in parts if part)
    return f"{asked.period.label}: sessions {which}." if which else f"{asked.period.label}: all sessions."


def ways(asked: Asked, area: Locality) -> list[tuple[str, list[Link]]]:
    """List the links that change what is shown, each kind under its name."""
    quarters = quarters_until(period_of(clock.today()))[::-1]
    years = sorted({financial_year_of(each.start) for each in quarters}, reverse=True)
    periods = [*quarters, *(year for year in years if year.start >= quarters[-1].start)]
    here = asked.period.code
    return [
        (
            "Period",
            [
                Link(text=each.label, url=replace(asked, period=each).url(), is_here=each.code == here)
                for each in periods
            ],
        ),
        (
            "Where the session is",
            _choices(asked, "district", [("", "All districts"), *((d.code, d.name) for d in area.inside_districts)]),
        ),
        (
            "Kind of session",
            _choices(asked, "kind", [("", "All kinds"), *((each.value, wording(each)) for each in EventKind)]),
        ),
        (
            "How it is held",
            _choices(asked, "delivery", [("", "Any way"), *((each.value, wording(each)) for each in Delivery)]),
        ),
    ]


def _choices(asked: Asked, name: str, choices: list[tuple[str, str]]) -> list[Link]:
    chosen = getattr(asked.only, name)
    return [
        Link(text=text, url=replace(asked, only=replace(asked.only, **{name: code})).url(), is_here=chosen == code)
        for code, text in choices
    ]


def _district(period: Period, area: Locality) -> tuple[date, str]:
    """Give the district that is asked for and the day whose districts it is one of.

    A code of before leads on. Whoever asks for one that began later sees all of what became it.
    """
    code, day = request.args.get("district", ""), period.end
    if code and area.on(day).code_of(code) is None and code in area.register:
        day = area.register[code].from_date or day
    there = area.on(day)
    led = there.code_of(code) or ""
    if code and led not in {district.code for district in there.inside_districts}:
        raise NotFound
    return day, led


def _one_of(name: str, codes: list[str]) -> str:
    code = request.args.get(name, "")
    if code and code not in codes:
        raise NotFound
    return code
