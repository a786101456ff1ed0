"""Which upcoming sessions are news for somebody: found as the search finds them, by place, kind and needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality, Need, Point
from booking.models import Event, Subscription
from booking.queries.find_sessions import FoundSession, Wanted, find_sessions
from booking.queries.installation import our_locality, our_postcodes
from booking.queries.need_facts import read_known_facts
from booking.rules.access_needs import may_be_told
from booking.rules.distance import miles_between
from booking.rules.need_matches import Fit, Gathering, fit_of, match_all
from booking.rules.news import ONLINE
from booking.rules.words import Delivery, EventStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """A published session that has not begun, as the public knows it."""

    id: int
    published_at: datetime | None
    row: FoundSession


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A session that fits what somebody asked for, and how far it is from the spot they named, if they named one."""

    session: Upcoming
    miles: float | None = None


def upcoming_sessions() -> list[Upcoming]:
    """Return the sessions that one could still be told about, by start."""
    now = clock.now()
    statement = select(Event.slug, Event.id, Event.first_published_at).where(
        Event.status == EventStatus.PUBLISHED, Event.starts_at > now, Event.new_date_pending.is_(False)
    )
    known = {row.slug: row for row in db.session.execute(statement)}
    return [
        Upcoming(id=known[row.slug].id, published_at=known[row.slug].first_published_at, row=row)
        for row in find_sessions(Wanted(), now=now)
        if row.slug in known
    ]


def news_for(subscriptions: Sequence[Subscription], sessions: Sequence[Upcoming]) -> list[News]:
    """Return the sessions that fit any of these subscriptions, by start, each once."""
    found: dict[int, News] = {}
    for subscription in subscriptions:
        for news in _news_of(subscription, sessions):
            if news.session.id not in found or found[news.session.id].miles is None:
                found[news.session.id] = news
    return sorted(found.values(), key=lambda each: (each.session.row.starts_at, each.session.id))


def _news_of(subscription: Subscription, sessions: Sequence[Upcoming]) -> list[News]:
    area = our_locality()
    near = _spot(subscription)
    of_kind = [each for each in sessions if not subscription.kinds or each.row.kind.value in subscription.kinds]
    there = [news for each in of_kind if (news := _there(each, subscription, near, area))]
    codes = {str(code) for code in subscription.needs or ()}
    needs = tuple(need for need in area.needs if need.code in codes)
    if not needs:
        return there
    fitting = _fitting([news.session.row for news in there], needs, area)
    return [news for news in there if news.session.row.slug in fitting]


def _spot(subscription: Subscription) -> Point | None:
    if subscription.easting is None or subscription.northing is None:
        return None
    return Point(subscription.easting, subscription.northing)


def _there(session: Upcoming, subscription: Subscription, near: Point | None, area: Locality) -> News | None:
    """Return the session if it is where they asked for."""
    row = session.row
    if near is not None:
        miles = _miles(row, near)
        is_near = miles is not None and miles <= (subscription.miles or 0)
        return News(session=session, miles=miles) if is_near else None
    if subscription.district == ONLINE:
        return News(session=session) if row.delivery != Delivery.IN_PERSON else None
    if subscription.district and area.code_of(row.district) != area.code_of(subscription.district):
        return None
    return News(session=session)


def _miles(row: FoundSession, near: Point) -> float | None:
    """Measure to the place; to a confidential one from the middle of its town: its own spot would give it away."""
    if not row.town:
        return None
    if row.easting is not None and row.northing is not None:
        return miles_between(near, Point(row.easting, row.northing))
    middle = our_postcodes().find_place(row.town) or our_postcodes().find_place(row.outcode)
    return None if middle is None else miles_between(near, middle)


def _fitting(rows: Iterable[FoundSession], needs: Sequence[Need], area: Locality) -> set[str]:
    """Return the slugs of the sessions that refuse none of these needs and leave none unchecked."""
    rows, today = list(rows), clock.today()
    codes = {code for need in needs for code in need.facts}
    known = read_known_facts((row.venue_id for row in rows if row.venue_id), codes)
    fitting = set()
    for row in rows:
        facts = may_be_told(known.get(row.venue_id or 0, {}), area, is_confidential=row.is_confidential)
        gathering = Gathering(delivery=row.delivery, day=row.day, facts=facts)
        if fit_of(match_all(needs, gathering, today=today, holidays=area.bank_holidays)) == Fit.FITS:
            fitting.add(row.slug)
    return fitting
