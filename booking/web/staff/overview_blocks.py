"""What an overview is made of: charts with their message and table, and lists; and the figures they are made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from booking.formats.charts import Columns, LyingChart
from booking.formats.figures_words import categories, category_name, figure
from booking.locality.kinds import Locality
from booking.locality.maps import DistrictMap
from booking.queries.facts.by_session import people_at
from booking.queries.facts.read import get_facts
from booking.rules.disclosure import Profile
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts, SessionFact
from booking.rules.engagement.metric import ALL
from booking.rules.engagement.narrowing import narrowed, of_one_small_session
from booking.rules.figures import Row, rows_of
from booking.rules.intervals import Share
from booking.web.staff.overview_asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its head, and lines of which the first cell names the line."""

    head: tuple[str, ...]
    lines: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapDrawing:
    """A map: by district what is written on it, and the step whose pattern it has (0: none)."""

    map: DistrictMap
    said: Mapping[str, str]
    step: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing said: a message in words, its drawing if there is one, its table, and things to note one by one.

    `key` says what each pattern of the drawing stands for. `link` leads to where more is known: the name of a page, and
    its words. `metrics` are the figures whose targets stand beside it.
    """

    code: str
    title: str
    message: str
    columns: Columns | None = None
    lying: LyingChart | None = None
    map: MapDrawing | None = None
    key: Sequence[tuple[int, str]] = ()
    table: Table | None = None
    is_table_open: bool = False
    heat: Heat | None = None
    items: Sequence[str] = ()
    link: tuple[str, str] | None = None
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatShown:
    """One cell of the heat table: what it says in two lines, and how strong it is (0 to 4)."""

    said: str
    below: str
    strength: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """The heat table: times of day across, districts down."""

    head: Sequence[str]
    lines: Sequence[tuple[str, Sequence[HeatShown]]]


_OF_THE_PAST = frozenset({"M08", "M08b"})
"""Figures that ask whether a family came before."""


class Rows:
    """The figures of a page, found by metric and breakdown; true numbers, for the screen of staff."""

    def __init__(self, rows: Sequence[Row], area: Locality) -> None:
        self._area = area
        self._by: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            self._by.setdefault((row.metric.id, row.breakdown), []).append(row)

    def total(self, metric: str) -> Row:
        """Give a figure in all."""
        return self._by[metric, ALL][0]

    def by(self, breakdown: str, metric: str) -> list[Row]:
        """Give a figure in each category, in order."""
        return self._by.get((metric, breakdown), [])

    def in_each(self, breakdown: str, *metrics: str) -> list[tuple[str, dict[str, Row]]]:
        """Give the named categories in which any of some figures is more than nothing, with these figures."""
        found: dict[str, dict[str, Row]] = {}
        for metric in metrics:
            for row in self.by(breakdown, metric):
                found.setdefault(row.category, {})[metric] = row
        return [
            (category_name(breakdown, category, self._area), rows)
            for category, rows in found.items()
            if any(number_of(row) for row in rows.values())
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The facts of a page and what was counted from them."""

    facts: Facts
    rows: Rows

    @property
    def is_small(self) -> bool:
        """Whether all that was held is one session, with fewer than five people."""
        return bool(self.of_one_small_session(lambda _session: "all"))

    def of_one_small_session(self, category: Callable[[SessionFact], str]) -> frozenset[str]:
        """Find the categories in which one session, with fewer than five people, is all that was held."""
        return of_one_small_session(self.facts.sessions, category, people_at)


def count_for(asked: Asked, area: Locality, *, metrics: Collection[str], by: str, kinds: AbstractSet[type]) -> Counted:
    """Read and count what a page shows, and nothing else."""
    read = get_facts(
        asked.period,
        locality=area,
        with_profile=False,
        with_past=bool(_OF_THE_PAST & set(metrics)),
        kinds=kinds,
        on=asked.day,
    )
    facts = narrowed(read, asked.only)
    shown = [metric for metric in METRICS if metric.id in metrics]
    counted = count(asked.period, facts, breakdowns=set(by), only=shown)
    rows = rows_of(
        asked.period,
        counted,
        profile=Profile.INTERNAL,
        breakdowns=set(by),
        categories=categories(area),
        metrics=shown,
    )
    return Counted(facts=facts, rows=Rows(rows, area))


def number_of(row: Row) -> int:
    """Give how many people, families or things a figure rests on."""
    return int(row.n.value or 0)


def share_of(row: Row) -> Share:
    """Give the parts of a share."""
    above = row.numerator.value if row.numerator else None
    below = row.denominator.value if row.denominator else None
    return Share(int(above or 0), int(below or 0))


def said(row: Row) -> str:
    """Say a figure, with what it is made of."""
    words = figure(row.value, row.metric)
    if row.value.value is None:
        return words
    if row.metric.unit == "%":
        return said_share(share_of(row))
    return words


def said_share(share: Share) -> str:
    """Say a share with its parts: the percentage alone would hide how many it is."""
    return f"{share.percent}%, {share.part} of {share.whole}" if share.percent is not None else "z"


def short(percent: Decimal | None) -> str:
    """Say a percentage as it stands on a chart: whole."""
    return f"{percent:.0f}%" if percent is not None else "–"
