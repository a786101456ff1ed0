"""A session as it stands in a list: every word and the address made once, so that the template only prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from booking.clock import in_london
from booking.extensions import current_lang
from booking.formats import words_for
from booking.formats.match_words import MatchLine
from booking.locality import get_locality
from booking.locality.kinds import Locality
from booking.queries.find_sessions import FoundSession
from booking.rules.words import BookingMode, Delivery
from booking.web.public.matches import lines_by_slug
from booking.web.public.search import Hit

FEW = 5


@dataclass(frozen=True, slots=True)
class Card:
    """One session in words. `state` picks the look of `places`: plenty, few, full, open or postponed."""

    href: str
    title: str
    summary: str
    kind: str
    starts_iso: str
    day: str
    hours: str
    where: str
    distance: str
    last_bus: str
    places: str
    state: str
    partly: tuple[str, ...]
    not_checked: tuple[str, ...]
    matches: tuple[MatchLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions of one day."""

    label: str
    cards: list[Card]


def cards_for(hits: Iterable[Hit], locality: Locality) -> list[Card]:
    """Prepare what was found for the template, with what each session offers a family that said what would help."""
    found = list(hits)
    address = url_for("public.session_page", slug="*")
    words, matches = _Words(), lines_by_slug(hit.session for hit in found)
    return [_card(hit, locality, address, words, matches.get(hit.session.slug, ())) for hit in found]


def by_day(cards: Iterable[Card]) -> list[Day]:
    """Group cards, which come by start, under their days."""
    return [Day(label, list(group)) for label, group in groupby(cards, key=lambda card: card.day)]


class _Words:
    """The words of one list. Many rows say the same, and saying takes longer than reading a row."""

    def __init__(self) -> None:
        self.kind = cache(words_for.wording)
        self.places = cache(_places)
        self.miles = cache(_distance)
        self.labels = cache(_labels)


def _card(hit: Hit, locality: Locality, address: str, words: _Words, matches: tuple[MatchLine, ...]) -> Card:
    session = hit.session
    starts = in_london(session.starts_at)
    places, state = words.places(session.booking_mode, session.places_left, session.new_date_pending)
    return Card(
        href=address.replace("*", session.slug),
        title=session.title,
        summary=session.summary,
        kind=words.kind(session.kind),
        starts_iso=starts.isoformat(timespec="minutes"),
        day=_day(starts.date(), current_lang()),
        hours=_hours(session.starts_at, session.ends_at, current_lang()),
        where=_where(session),
        distance="" if hit.miles is None else words.miles(hit.miles),
        last_bus=session.last_bus,
        places=places,
        state=state,
        partly=words.labels(hit.partly, locality.code),
        not_checked=words.labels(hit.not_checked, locality.code),
        matches=matches,
    )


def _places(mode: BookingMode, left: int | None, is_postponed: bool) -> tuple[str, str]:
    if is_postponed:
        return _("Put off – the new date is not known yet"), "postponed"
    if mode == BookingMode.OPEN:
        return words_for.wording(BookingMode.OPEN), "open"
    words = words_for.places_left(left)
    if left is None or left > FEW:
        return words, "plenty"
    return words, "few" if left > 0 else "full"


def _where(session: FoundSession) -> str:
    if session.delivery == Delivery.ONLINE or not session.town:
        return _("Online")
    place = ", ".join(part for part in (session.venue, session.town) if part)
    if session.is_confidential:
        place = _("%(town)s (we tell you the place when you book)", town=session.town)
    return _("%(place)s, or online", place=place) if session.delivery == Delivery.HYBRID else place


def _distance(miles: float) -> str:
    return _("%(miles)s away", miles=words_for.miles(miles))


def _labels(codes: tuple[str, ...], area: str) -> tuple[str, ...]:
    return tuple(_(get_locality(area).get_fact(code).label) for code in codes)


@lru_cache(maxsize=1024)
def _hours(starts_at: datetime, ends_at: datetime, _lang: str) -> str:
    return words_for.time_span(starts_at, ends_at)


@lru_cache(maxsize=512)
def _day(day: date, _lang: str) -> str:
    """Say a date. Babel takes longer over one than the database over the whole list."""
    return words_for.long_date(day)
