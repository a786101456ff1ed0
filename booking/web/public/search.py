"""Answer a search: what fits, what might fit but has not been checked, and what is nearest when nothing fits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache

from booking.locality import get_locality
from booking.locality.kinds import Locality, Point
from booking.queries.find_sessions import FoundSession, Wanted, count_sessions, find_sessions, read_answers
from booking.rules.calendar_periods import SchoolTime, is_term_time, school_time
from booking.rules.distance import miles_between
from booking.rules.months import month_of
from booking.rules.need_matches import Fit
from booking.rules.time_bands import TimeBand, time_band
from booking.rules.words import Delivery, EventKind, FactAnswer
from booking.web.public.matches import fits_by_slug
from booking.web.shared.pages import pages_of

INSTEAD = 3
FAR_AWAY = float("inf")
Locate = Callable[[str], Point | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for, checked and known. `middle` is where to begin when nothing fits in a district."""

    near: Point | None = None
    middle: Point | None = None
    district: str | None = None
    kind: EventKind | None = None
    topic: str | None = None
    band: TimeBand | None = None
    when: SchoolTime | None = None
    month: date | None = None
    online: bool = False
    facts: tuple[str, ...] = ()
    fit: bool = False

    @property
    def wanted(self) -> Wanted:
        """Give the part of it that the database decides."""
        return Wanted(district=self.district, kind=self.kind, topic=self.topic, online=self.online)

    @property
    def is_simple(self) -> bool:
        """Tell whether the database alone can answer it, page by page."""
        return not (self.near or self.asks_for_days or self.facts or self.fit)

    @property
    def asks_for_days(self) -> bool:
        """Tell whether it depends on the day or the hour of a session."""
        return bool(self.band or self.when or self.month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A session that was found, how far it is, and which of the wanted facts are only partly there or unchecked."""

    session: FoundSession
    miles: float | None = None
    partly: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """Of the facts that are wanted: which are partly at a place, and which nobody has checked."""

    partly: tuple[str, ...]
    not_checked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of hits and how many there are in all; `not_checked` and `instead` are short lists beside them."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    not_checked: tuple[Hit, ...] = ()
    instead: tuple[Hit, ...] = ()
    online_instead: tuple[Hit, ...] = ()


def answer(
    search: Search, locality: Locality, *, now: datetime, locate: Locate, page: int = 1, per_page: int = 30
) -> Answer:
    """Find what fits. With a place, the nearest comes first and what is online comes last."""
    if search.is_simple:
        rows, total = _first_rows(search.wanted, now=now, at_most=per_page)
        cut = pages_of(total, on_each=per_page, page=page)
        if cut.start:
            rows = find_sessions(search.wanted, now=now, limit=per_page, offset=cut.start)
        hits = [Hit(session=row) for row in rows]
        unchecked: list[Hit] = []
    else:
        all_hits, unchecked = sift(search, locality, now=now, locate=locate)
        total = len(all_hits)
        cut = pages_of(total, on_each=per_page, page=page)
        hits = all_hits[cut.start : cut.start + per_page]
    if total:
        beside = tuple(unchecked[:INSTEAD])
        return Answer(hits=tuple(hits), total=total, page=cut.page, pages=cut.pages, not_checked=beside)
    instead, online = instead_of(search, now=now, locate=locate)
    return Answer(
        hits=(),
        total=0,
        page=1,
        pages=1,
        not_checked=tuple(unchecked[:INSTEAD]),
        instead=instead,
        online_instead=online,
    )


def _first_rows(wanted: Wanted, *, now: datetime, at_most: int) -> tuple[list[FoundSession], int]:
    """Give the first page's rows and how many there are in all; a page that is not full has told that already."""
    rows = find_sessions(wanted, now=now, limit=at_most)
    return rows, len(rows) if len(rows) < at_most else count_sessions(wanted, now=now)


def sift(search: Search, locality: Locality, *, now: datetime, locate: Locate) -> tuple[list[Hit], list[Hit]]:
    """Find everything that fits, and everything that would if what nobody has checked is there."""
    rows = find_sessions(search.wanted, now=now)
    if search.asks_for_days:
        fits = _fits_days(search, locality)
        rows = [row for row in rows if fits(row)]
    unsure: list[FoundSession] = []
    if search.fit:
        fit = fits_by_slug(rows)
        unsure = [row for row in rows if fit[row.slug] == Fit.UNKNOWN]
        rows = [row for row in rows if fit[row.slug] == Fit.FITS]
    sure, unchecked = _with_all_facts(rows, search, locate)
    return sure, _by_distance([*unchecked, *(hit for hits in _with_all_facts(unsure, search, locate) for hit in hits)])


def _with_all_facts(rows: list[FoundSession], search: Search, locate: Locate) -> tuple[list[Hit], list[Hit]]:
    """Part what has the wanted facts from what may have them."""
    if not search.facts:
        return _by_distance(_hits(rows, search, locate)), []
    venues = {row.venue_id for row in rows if row.venue_id is not None}
    known = _known_of(venues, search.facts)
    possible = _by_distance(_hits([row for row in rows if row.venue_id in known], search, locate, known))
    return [hit for hit in possible if not hit.not_checked], [hit for hit in possible if hit.not_checked]


def _known_of(venues: Collection[int], facts: tuple[str, ...]) -> dict[int | None, _Known]:
    """Note for each place what is partly there or not checked; one where a fact is known to be missing is left out."""
    answers = read_answers(venues, facts)
    known: dict[int | None, _Known] = {}
    for venue in venues:
        here = [(code, answers.get((venue, code), FactAnswer.NOT_CHECKED)) for code in facts]
        if not any(answer == FactAnswer.NO for _code, answer in here):
            known[venue] = _Known(
                tuple(code for code, answer in here if answer == FactAnswer.PARTLY),
                tuple(code for code, answer in here if answer == FactAnswer.NOT_CHECKED),
            )
    return known


def instead_of(search: Search, *, now: datetime, locate: Locate) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Give the nearest sessions of any sort in a place (the next ones where no place is known), and online ones."""
    rows = find_sessions(Wanted(), now=now)
    in_place = [row for row in rows if row.delivery != Delivery.ONLINE]
    online = [row for row in rows if row.delivery != Delivery.IN_PERSON]
    around = replace(search, near=search.near or search.middle)
    nearest = tuple(_by_distance(_hits(in_place, around, locate))[:INSTEAD])
    shown = {hit.session.slug for hit in nearest}
    return nearest, tuple(Hit(session=row) for row in online if row.slug not in shown)[:INSTEAD]


def _hits(
    rows: Iterable[FoundSession], search: Search, locate: Locate, known: Mapping[int | None, _Known] | None = None
) -> list[Hit]:
    """Measure how far each session is, once for each place, and note what is known there of the wanted facts."""
    miles: dict[int | None, float | None] = {}
    for row in rows:
        if row.venue_id not in miles:
            miles[row.venue_id] = _miles(row, search.near, locate)
    if known is None:
        return [Hit(session=row, miles=miles[row.venue_id]) for row in rows]
    return [
        Hit(
            session=row,
            miles=miles[row.venue_id],
            partly=known[row.venue_id].partly,
            not_checked=known[row.venue_id].not_checked,
        )
        for row in rows
    ]


def _by_distance(hits: Iterable[Hit]) -> list[Hit]:
    """Sort by distance; rows come by start, and a stable sort keeps that order among equals."""
    return sorted(hits, key=lambda hit: FAR_AWAY if hit.miles is None else hit.miles)


def _miles(row: FoundSession, near: Point | None, locate: Locate) -> float | None:
    if near is None or not row.town:
        return None
    if row.easting is None or row.northing is None:
        # A confidential place is as far away as the middle of its town: its own position would give it away.
        point = locate(row.town) or locate(row.outcode)
    else:
        point = Point(row.easting, row.northing)
    return None if point is None else miles_between(near, point)


def _fits_days(search: Search, locality: Locality) -> Callable[[FoundSession], bool]:
    """Give the question whether a session is at a wanted time."""

    @cache
    def is_wanted(day: date) -> bool:
        return not search.month or month_of(day) == search.month

    def fits(row: FoundSession) -> bool:
        if not is_wanted(row.day):
            return False
        in_term, when = _school_day(locality.code, row.day)
        if search.when and when != search.when:
            return False
        return not search.band or _is_in(search.band, _band(row.starts_at, row.ends_at, in_term=in_term))

    return fits


@lru_cache(maxsize=1024)
def _school_day(area: str, day: date) -> tuple[bool, SchoolTime | None]:
    """Tell whether schools are open on a day, and whether it lies in term or in the holidays."""
    here = get_locality(area)
    return is_term_time(day, here.terms, here.bank_holidays), school_time(day, here.terms, here.bank_holidays)


_band = lru_cache(maxsize=2048)(time_band)


def _is_in(wanted: TimeBand, band: TimeBand) -> bool:
    # Between the school runs is daytime too.
    return band == wanted or (wanted == TimeBand.DAYTIME and band == TimeBand.SCHOOL_RUN_SAFE)
