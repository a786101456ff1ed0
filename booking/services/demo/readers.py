"""Who of the demonstration wants to hear about new sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.cipher import token_digest
from booking.extensions import db
from booking.formats.tokens import subscription_token
from booking.locality.kinds import Locality
from booking.models import Subscription
from booking.queries.subscriptions import hash_of
from booking.rules.consent import WORDING_VERSION
from booking.rules.news import ONLINE
from booking.rules.words import EventKind, SubscriptionStatus
from booking.services.confirm_news import note_told_of_today

BY_DISTRICT = (("dover", 7), ("thanet", 6), ("ashford", 3), (ONLINE, 5))
KINDS = ((), (), (EventKind.COFFEE,), (EventKind.WORKSHOP, EventKind.WEBINAR))
TOWN, MILES = "Maidstone", 10


def make_readers(*, now: datetime, locality: Locality) -> list[Subscription]:
    """Save some readers; they know what is there today, so that the next session published is news to them."""
    places = [district for district, number in BY_DISTRICT for _each in range(number)]
    rows = [_reader(number, now, district=district) for number, district in enumerate(places)]
    town = next(town for town in locality.towns if town.name == TOWN)
    near = _reader(len(rows), now, place=town.name, easting=town.easting, northing=town.northing, miles=MILES)
    rows.append(near)
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        row.link_digest = token_digest(subscription_token(row))
        note_told_of_today(row)
    return rows


def _reader(number: int, now: datetime, **wanted: object) -> Subscription:
    email = f"reader{number + 1}@demo.example"
    asked_at = now - timedelta(days=3 + number * 2)
    return Subscription(
        created_at=asked_at,
        status=SubscriptionStatus.ACTIVE,
        confirmed_at=asked_at + timedelta(minutes=20),
        email=email,
        email_hash=hash_of(email),
        lang="pl" if number % 9 == 8 else "en",
        kinds=[kind.value for kind in KINDS[number % len(KINDS)]],
        needs=["lift"] if number % 6 == 5 else None,
        wording_version=WORDING_VERSION,
        is_demo=True,
        **wanted,
    )
