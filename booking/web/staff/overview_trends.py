"""The first page of the overview: how it went over nine quarters, one small chart a figure, from one reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from booking import clock
from booking.formats.charts import Point, columns
from booking.formats.figures_shares import capital
from booking.locality.kinds import Locality
from booking.queries.figure_trend import Quarter, quarters_until, trend
from booking.rules.calendar_periods import Period, period_of
from booking.rules.engagement.narrowing import FEWEST_PEOPLE
from booking.rules.intervals import Compared, Share, compare
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import Block, Table, said_share, short

_FEW = f"fewer than {FEWEST_PEOPLE}"
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A trend of counts."""

    code: str
    title: str
    metric: str
    of: Callable[[Quarter], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """A trend of shares: what it is a share of, and whether it comes from answers and could be otherwise by chance."""

    code: str
    title: str
    metric: str
    of: Callable[[Quarter], Share]
    nobody: str
    is_asked: bool = False


TRENDS: tuple[_Number | _Share, ...] = (
    _Number(code="families", title="Families reached", metric="M06", of=lambda quarter: quarter.families),
    _Number(code="new", title="New families", metric="M08", of=lambda quarter: quarter.new_families),
    _Number(code="attendances", title="Attendances", metric="M05", of=lambda quarter: quarter.attendances),
    _Share(
        code="rate", title="Attendance rate", metric="M15", of=lambda quarter: quarter.came, nobody="nobody was due"
    ),
    _Share(
        code="unmet",
        title="Waited and found nothing",
        metric="M24",
        of=lambda quarter: quarter.unmet,
        nobody="nobody waited",
    ),
    _Share(
        code="promises",
        title="What was asked for was there",
        metric="M29",
        of=lambda quarter: quarter.promises,
        nobody="of no request anybody said how it was",
    ),
    _Share(
        code="confident",
        title="Confident after",
        metric="M37",
        of=lambda quarter: quarter.confident,
        nobody="nobody answered",
        is_asked=True,
    ),
)


def blocks(asked: Asked, area: Locality) -> list[Block]:
    """Draw each trend, up to the quarter in which the period ends or today lies."""
    periods = quarters_of(asked)
    day = max(asked.day, periods[-1].end)
    only = replace(asked.only, district=area.on(day).code_of(asked.only.district) or "")
    quarters = trend(periods, locality=area, only=only, on=day)
    return [_number(each, quarters) if isinstance(each, _Number) else _share(each, quarters) for each in TRENDS]


def quarters_of(asked: Asked) -> list[Period]:
    """Give the nine quarters that are shown."""
    return quarters_until(period_of(min(asked.period.end, clock.today())))


def _number(each: _Number, quarters: Sequence[Quarter]) -> Block:
    points = _years_once([_number_point(quarter, each.of(quarter)) for quarter in quarters])
    last, before, year_ago = (quarters[-1 - back] for back in (0, 1, 4))
    message = capital(
        f"{_say(last, each.of)} in {_name(last)}, {_say(before, each.of)} in the quarter before, "
        f"{_say(year_ago, each.of)} a year earlier."
    )
    lines = [(quarter.period.label, _say(quarter, each.of)) for quarter in quarters]
    return Block(
        code=each.code,
        title=each.title,
        metrics=(each.metric,),
        message=message,
        columns=columns(points),
        table=Table(head=("Quarter", each.title), lines=lines),
    )


def _share(each: _Share, quarters: Sequence[Quarter]) -> Block:
    points = _years_once([_share_point(quarter, each.of(quarter), is_asked=each.is_asked) for quarter in quarters])
    last, before = quarters[-1], quarters[-2]
    message = capital(f"{_say_share(last, each)} in {_name(last)}, {_say_share(before, each)} in the quarter before.")
    is_told = not (last.is_small or before.is_small) and each.of(last).whole and each.of(before).whole
    if each.is_asked and is_told:
        message += f" {_compared(each.of(last), each.of(before))}"
    head = ("Quarter", each.title, *(("19 times in 20 between",) if each.is_asked else ()))
    return Block(
        code=each.code,
        title=each.title,
        metrics=(each.metric,),
        message=message,
        columns=columns(points, most=_WHOLE),
        table=Table(head=head, lines=[_line(quarter, each) for quarter in quarters]),
    )


def _line(quarter: Quarter, each: _Share) -> tuple[str, ...]:
    words = (quarter.period.label, _FEW if quarter.is_small else said_share(each.of(quarter)))
    if not each.is_asked:
        return words
    between = None if quarter.is_small else each.of(quarter).interval
    return (*words, f"{between[0]}% and {between[1]}%" if between else "z")


def _number_point(quarter: Quarter, number: int) -> Point:
    is_small = quarter.is_small
    return Point(
        **_labels(quarter), said="<5" if is_small else f"{number:,}", value=None if is_small else Decimal(number)
    )


def _share_point(quarter: Quarter, share: Share, *, is_asked: bool) -> Point:
    if quarter.is_small or share.percent is None:
        return Point(**_labels(quarter), said="<5" if quarter.is_small else "–", value=None)
    between = share.interval if is_asked else None
    return Point(**_labels(quarter), said=short(share.percent), value=share.percent, between=between)


def _years_once(points: Sequence[Point]) -> list[Point]:
    """Name a year under its first quarter alone: nine of them do not stand beside each other on a phone."""
    before = ["", *(point.label_below for point in points)]
    return [
        replace(point, label_below="") if point.label_below == earlier else point
        for point, earlier in zip(points, before, strict=False)
    ]


def _labels(quarter: Quarter) -> dict[str, Any]:
    return {"label": quarter.period.code[-2:], "label_below": quarter.period.code[2:7]}


def _say(quarter: Quarter, of: Callable[[Quarter], int]) -> str:
    return _FEW if quarter.is_small else f"{of(quarter):,}"


def _say_share(quarter: Quarter, each: _Share) -> str:
    if quarter.is_small:
        return _FEW
    return said_share(each.of(quarter)) if each.of(quarter).whole else each.nobody


def _name(quarter: Quarter) -> str:
    so_far = " so far" if clock.today() in quarter.period else ""
    return f"{quarter.period.label}{so_far}"


def _compared(now: Share, before: Share) -> str:
    return {
        Compared.MORE: "That is more than before.",
        Compared.LESS: "That is less than before.",
        Compared.TOO_FEW: "Too few answers to compare.",
    }[compare(now, before)]
