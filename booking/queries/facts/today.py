"""What can only be counted today: people who want news, how old facts about places are; and pupils, by their source."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, or_, select

from booking import clock
from booking.extensions import db
from booking.locality.kinds import Locality
from booking.models import Subscription, Venue, VenueFact
from booking.queries.facts.places_in import district_in
from booking.rules.access_needs import year_before
from booking.rules.engagement.facts import AtTheTime
from booking.rules.words import FactAnswer, SubscriptionStatus


def at_the_time(area: Locality) -> AtTheTime:
    """Count what is so at this moment."""
    return AtTheTime(
        subscribers=_subscribers(area),
        place_facts=_place_facts(area),
        place_facts_old=_place_facts(area, only_old=True),
    )


def _subscribers(area: Locality) -> dict[str, int]:
    """Count people, not wishes: one address that follows two districts is one person, where it asked first."""
    rows = db.session.execute(
        select(Subscription.email_hash, Subscription.district)
        .where(Subscription.status == SubscriptionStatus.ACTIVE)
        .order_by(Subscription.id.desc())
    )
    by_person = {email_hash: district_in(area, district) for email_hash, district in rows}
    return dict(Counter(by_person.values()))


def _place_facts(area: Locality, *, only_old: bool = False) -> dict[str, int]:
    statement = (
        select(Venue.district, func.count())
        .join(VenueFact, VenueFact.venue_id == Venue.id)
        .where(Venue.archived_at.is_(None), VenueFact.answer != FactAnswer.NOT_CHECKED)
        .group_by(Venue.district)
    )
    if only_old:
        year_ago = year_before(clock.today())
        statement = statement.where(or_(VenueFact.checked_on.is_(None), VenueFact.checked_on < year_ago))
    found: Counter[str] = Counter()
    for district, number in db.session.execute(statement):
        found[district_in(area, district)] += number
    return dict(found)
