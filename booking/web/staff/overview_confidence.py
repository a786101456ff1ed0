"""Confidence: what people said, each share with how many answered and between what it lies for all."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from booking.formats.charts import Line, lying
from booking.formats.figures_words import figure
from booking.locality.kinds import Locality
from booking.queries.facts.read import get_facts
from booking.rules.calendar_periods import Period, financial_year_of, previous_period
from booking.rules.engagement.catalogue import METRICS as CATALOGUE
from booking.rules.engagement.counting import count as count_measures
from booking.rules.engagement.facts import AnswerFact, PlaceFact
from booking.rules.engagement.metric import Cell
from booking.rules.engagement.narrowing import narrowed
from booking.rules.feedback import TOO_FEW
from booking.rules.figures import Row
from booking.rules.intervals import Compared, Share, compare
from booking.web.staff.overview_asked import Asked
from booking.web.staff.overview_blocks import (
    Block,
    Counted,
    Rows,
    Table,
    count_for,
    said_share,
    share_of,
)

ASKED = ("M37", "M38", "M39", "M40")
WAYS = (("M36", "Asked before and after"), ("M36r", "Asked both times after"))
METRICS = frozenset({"M35", *ASKED, *(f"{way}{part}" for way, _name in WAYS for part in ("", "b", "c", "d"))})
KINDS: frozenset[type] = frozenset({PlaceFact, AnswerFact})
_WENT = ((1, "Went up"), (2, "Stayed the same"), (3, "Went down"))
_WHOLE = Decimal(100)
FEW = f"fewer than {TOO_FEW} answers"
"""What so few people said is not shown, here as beside the session itself."""


def count(asked: Asked, area: Locality) -> Counted:
    """Read and count."""
    return count_for(asked, area, metrics=METRICS, by="K", kinds=KINDS)


def blocks(counted: Counted, asked: Asked, area: Locality) -> list[Block]:
    """Show what people said in all and by kind of session, then how confidence changed, the two ways apart."""
    rows = counted.rows
    return [
        _in_all(rows, _before(asked, area)),
        *(_by_kind(rows, metric) for metric in ("M37", "M38")),
        *(_change(rows, way, name) for way, name in WAYS),
    ]


def _in_all(rows: Rows, before: Mapping[str, Share]) -> Block:
    found = [rows.total(metric) for metric in ASKED]
    table = Table(
        head=("What was asked", "Agree", "19 times in 20 between", "Beside the period before"),
        lines=[
            (row.metric.name, _agreed(share_of(row)), _between(share_of(row)), _beside(row, before)) for row in found
        ],
    )
    answers = rows.total("M35")
    number = share_of(answers).part
    message = f"{number} answer{'' if number == 1 else 's'} for {share_of(answers).whole} adults reached. " + (
        f"{rows.total('M37').metric.name}: {_agreed(share_of(rows.total('M37')))}."
    )
    return Block(
        code="said",
        metrics=("M35", "M37", "M38", "M39", "M40"),
        title="What people said",
        message=message,
        lying=lying([_line(row.metric.name, share_of(row)) for row in found], most=_WHOLE) if number else None,
        table=table,
        is_table_open=True,
    )


def _by_kind(rows: Rows, metric: str) -> Block:
    """Set each kind of session beside all others: two that share answers cannot be compared."""
    everything = share_of(rows.total(metric))
    in_each = [(name, share_of(found[metric])) for name, found in rows.in_each("K", metric)]
    name = rows.total(metric).metric.name
    told = [(kind, _agreed(share), _between(share), _beside_others(share, everything)) for kind, share in in_each]
    more = [kind for kind, _share, _range, words in told if words == _WORDS[Compared.MORE]]
    less = [kind for kind, _share, _range, words in told if words == _WORDS[Compared.LESS]]
    message = " ".join(
        [
            *([f"More than at other sessions: {', '.join(more)}."] if more else []),
            *([f"Less than at other sessions: {', '.join(less)}."] if less else []),
        ]
    )
    if not message:
        message = "Too few answers to compare." if in_each else "Nobody answered."
    return Block(
        code=f"kind-{metric}",
        title=f"{name}, by kind of session",
        message=message,
        lying=lying([_line(kind, share) for kind, share in in_each], most=_WHOLE) if in_each else None,
        table=Table(head=("Session", "Agree", "19 times in 20 between", "Beside all others"), lines=told)
        if told
        else None,
    )


def _change(rows: Rows, way: str, name: str) -> Block:
    parts = [share_of(rows.total(f"{way}{part}")) for part in ("", "b", "c")]
    whole = parts[0].whole
    title = f"Confidence before and after: {name[0].lower()}{name[1:]}"
    if whole < TOO_FEW:
        message = f"{FEW[0].upper()}{FEW[1:]}." if whole else "Nobody answered both times."
        return Block(code=f"change-{way}", title=title, message=message)
    mean = rows.total(f"{way}d")
    message = (
        f"Of {whole} who answered both times, confidence went up for {parts[0].part}, stayed for {parts[1].part} and "
        f"went down for {parts[2].part}; on average by {figure(mean.value, mean.metric)} of five steps. "
        "The two ways of asking are never added up."
    )
    lines = [
        Line(
            label=name,
            said=f"{whole} answers",
            parts=tuple(Decimal(part.part) for part in parts),
        )
    ]
    told = [(words, said_share(part), _between(part)) for (_kind, words), part in zip(_WENT, parts, strict=True)]
    return Block(
        code=f"change-{way}",
        title=title,
        message=message,
        lying=lying(lines),
        key=_WENT,
        table=Table(head=("Confidence", "Share", "19 times in 20 between"), lines=told),
    )


def _before(asked: Asked, area: Locality) -> dict[str, Share]:
    """Give what was said in the period before; of days that somebody chose nothing is the period before."""
    if not _has_one_before(asked.period):
        return {}
    period = previous_period(asked.period)
    facts = get_facts(
        period,
        locality=area,
        with_profile=False,
        with_past=False,
        kinds=frozenset({AnswerFact}),
        on=asked.day,
    )
    shown = [metric for metric in CATALOGUE if metric.id in ASKED]
    numbers = count_measures(period, narrowed(facts, asked.only), only=shown).numbers
    return {metric.id: Share(numbers[Cell(metric.numerator)], numbers[Cell(metric.denominator)]) for metric in shown}


def _has_one_before(period: Period) -> bool:
    return period.is_quarter or period == financial_year_of(period.start)


def _line(label: str, share: Share) -> Line:
    if share.whole < TOO_FEW:
        return Line(label=label, said=FEW if share.whole else "nobody answered")
    return Line(label=label, said=said_share(share), share=share.percent, between=share.interval)


def _agreed(share: Share) -> str:
    return said_share(share) if share.whole >= TOO_FEW or not share.whole else FEW


def _between(share: Share) -> str:
    return f"{share.interval[0]}% and {share.interval[1]}%" if share.interval and share.whole >= TOO_FEW else "z"


_WORDS = {Compared.MORE: "more", Compared.LESS: "less", Compared.TOO_FEW: "too few answers to compare"}


def _beside(row: Row, before: Mapping[str, Share]) -> str:
    earlier = before.get(row.metric.id)
    if earlier is None:
        return "z"
    if min(earlier.whole, share_of(row).whole) < TOO_FEW:
        return _WORDS[Compared.TOO_FEW]
    return f"{_WORDS[compare(share_of(row), earlier)]} ({said_share(earlier)} before)"


def _beside_others(share: Share, everything: Share) -> str:
    others = Share(everything.part - share.part, everything.whole - share.whole)
    if min(share.whole, others.whole) < TOO_FEW:
        return _WORDS[Compared.TOO_FEW]
    return _WORDS[compare(share, others)]
