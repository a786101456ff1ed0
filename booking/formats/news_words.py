"""Say news of new sessions in words: each session in one line, and what somebody asked to be told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import force_locale
from flask_babel import gettext as _

from booking.extensions import language_of, locale_of
from booking.formats import words_for
from booking.formats.messages import Words, fill_in
from booking.formats.sender import our_sender
from booking.locality.kinds import Locality
from booking.models import Subscription
from booking.rules.news import ONLINE
from booking.rules.words import BookingMode, Delivery, EventKind, MessageKind

MOST_LINES = 20
"""Sessions that one mail names; of more it says how many and where they are."""


class Listed(Protocol):
    """What a line says of a session, as the public knows it."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def delivery(self) -> Delivery: ...
    @property
    def booking_mode(self) -> BookingMode: ...
    @property
    def venue(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def places_left(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One session in a mail."""

    title: str
    when: str
    where: str
    left: str
    link: str


def news_in_words(
    kind: MessageKind,
    subscription: Subscription,
    *,
    area: Locality,
    sessions: Sequence[tuple[Listed, float | None]] = (),
    has_enough: bool = False,
) -> Words:
    """Render a mail about news, in the language it was asked for in; each session with its miles, if they count."""
    sender = our_sender(subscription.lang)
    link = sender.news_link(subscription)
    with force_locale(locale_of(subscription.lang)):
        values: dict[str, Any] = {
            "lang": language_of(subscription.lang).html,
            "language": language_of(subscription.lang),
            "sender": sender,
            "wanted": wanted_in_words(subscription, area),
            "has_enough": has_enough,
            "lines": [
                _line(row, miles, f"{sender.pages_url}/sessions/{row.slug}") for row, miles in sessions[:MOST_LINES]
            ],
            "number": len(sessions),
            "more": max(0, len(sessions) - MOST_LINES),
            "all_link": f"{sender.pages_url}/sessions",
            "link": link,
            "stop_link": f"{link}/stop",
        }
        return fill_in(kind, subscription.lang, values)


def wanted_in_words(subscription: Subscription, area: Locality) -> list[str]:
    """Say what somebody asked to be told about, a line each: where, which kinds, what the place should have."""
    kinds = [words_for.wording(EventKind(kind)) for kind in subscription.kinds]
    lines = [_where_wanted(subscription, area), ", ".join(kinds) or _("All kinds of sessions")]
    needs = [_(need.label) for need in area.needs if need.code in (subscription.needs or ())]
    if needs:
        lines.append(_("Only where we have: %(things)s", things="; ".join(needs)))
    return lines


def _where_wanted(subscription: Subscription, area: Locality) -> str:
    if subscription.easting is not None:
        return _(
            "Within %(miles)s of %(place)s", miles=words_for.miles(subscription.miles or 0), place=subscription.place
        )
    if subscription.district == ONLINE:
        return _("Sessions you can join online")
    district = area.find_district(subscription.district) if subscription.district else None
    return district.name if district else _("Anywhere in %(area)s, and online", area=area.name)


def _line(row: Listed, miles: float | None, link: str) -> Line:
    return Line(
        title=row.title,
        when=words_for.when(row.starts_at, row.ends_at),
        where=_where(row, miles),
        left=_left(row),
        link=link,
    )


def _where(row: Listed, miles: float | None) -> str:
    """Name the place; of a confidential one only its town is known here."""
    if row.delivery == Delivery.ONLINE:
        return _("Online")
    where = ", ".join(part for part in (row.venue, row.town) if part)
    if row.delivery == Delivery.HYBRID:
        where = _("%(place)s, or online", place=where)
    return where if miles is None else f"{where} ({words_for.miles(miles)})"


def _left(row: Listed) -> str:
    if row.booking_mode == BookingMode.OPEN:
        return words_for.wording(BookingMode.OPEN)
    return words_for.places_left(row.places_left)
