"""How many families book a session of the demonstration, which ones, when, and whether they come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from booking.clock import in_london, london_time
from booking.locality.kinds import Locality
from booking.rules.words import BookingMode, Delivery, EventKind, FamilyCancelReason, Origin, Outcome
from booking.services.demo.chance import pick
from booking.services.demo.people import Household
from booking.services.demo.plan import PlannedSession, history_start
from booking.services.demo.story import Story

ORIGINS = {Origin.WEB: 68, Origin.PHONE: 14, Origin.STAFF: 4, Origin.TRUSTED_PERSON: 2}
WALK_INS = 12
"""Of a hundred bookings twelve are walk-ins; the others came as `ORIGINS` says."""

LATE, EARLY = 0.05, 0.05
DID_NOT_COME, NOT_RECORDED = 0.12, 0.02

WHY_NOT = {
    FamilyCancelReason.CHILD_UNWELL: 30,
    FamilyCancelReason.SCHOOL_CALLED: 16,
    FamilyCancelReason.TRANSPORT: 10,
    FamilyCancelReason.CHILDCARE: 16,
    FamilyCancelReason.ANXIETY: 12,
    FamilyCancelReason.FORGOT: 6,
    FamilyCancelReason.GOT_WHAT_I_NEEDED: 4,
    FamilyCancelReason.PREFER_NOT: 6,
}

_FAMILIES = {
    EventKind.FORUM: 9,
    EventKind.DROP_IN: 6,
    EventKind.COFFEE: 4,
    EventKind.WORKSHOP: 7,
    EventKind.ROADSHOW: 60,
    EventKind.FOCUS_GROUP: 6,
    EventKind.WEBINAR: 9,
    EventKind.PHONE_CLINIC: 6,
}
_STORY_FAMILIES = {
    Story.TODAY_MORNING: 14,
    Story.TODAY_EVENING: 7,
    Story.TOMORROW: 11,
    Story.ASHFORD_FORUM: 17,
    Story.ASHFORD_DROP_IN: 7,
    Story.ASHFORD_DEAF_FRIENDLY: 8,
    Story.CONFIDENTIAL: 6,
    Story.STAIRS: 9,
    Story.LAST_PLACES: 40,
    Story.BROKEN_LOOP: 12,
    Story.VENUE_CHANGE: 15,
    Story.SNOW: 18,
}
_LEAD_DAYS = 11
_OPEN_FOR = timedelta(days=61)
_NEIGHBOUR = 1.6


def how_many(rng: Random, planned: PlannedSession, *, today: date) -> int:
    """Draw how many families book: more as the years go, fewer for what is still far ahead."""
    if planned.story in _STORY_FAMILIES:
        return _STORY_FAMILIES[Story(planned.story)]
    day = in_london(planned.starts_at).date()
    start = history_start(today)
    growth = 0.65 + 0.5 * (min(day, today) - start).days / (today - start).days
    nearness = 1.0 if day <= today else max(0.25, 1 - (day - today).days / 65)
    return max(0, round(rng.gauss(_FAMILIES[planned.template.kind], 2) * growth * nearness))


def how_many_walk_ins(rng: Random, planned: PlannedSession, *, is_over: bool) -> int:
    """Draw how many families come without booking."""
    template = planned.template
    if not is_over or not template.walk_ins or template.delivery == Delivery.ONLINE:
        return 0
    if template.mode == BookingMode.OPEN:
        return max(0, round(rng.gauss(4.5, 1.6)))
    return rng.choices((0, 1, 2), weights=(72, 21, 7))[0]


def draw_families(
    rng: Random, households: Sequence[Household], planned: PlannedSession, *, number: int, locality: Locality
) -> list[Household]:
    """Draw different families: the keen and the near come more often, and none before its time."""
    day = in_london(planned.starts_at).date()
    young = planned.template.for_young_people
    there = [each for each in households if each.joined_on <= day and each.is_young_person == young]
    keys = {id(each): rng.random() ** (1 / (each.keenness * _pull(each, planned, locality))) for each in there}
    return sorted(there, key=lambda each: -keys[id(each)])[:number]


def booked_at(rng: Random, household: Household, planned: PlannedSession, *, now: datetime) -> datetime:
    """Draw when a family booked, between publication and now or the start, at a waking hour."""
    days = min(1 + rng.expovariate(1 / _LEAD_DAYS), 55.0)
    moment = planned.starts_at - timedelta(days=days)
    latest = min(now, planned.starts_at) - timedelta(hours=1)
    if moment > latest:
        moment = latest - timedelta(hours=rng.uniform(1, 24 * 14))
    hour = rng.choices(range(7, 23), weights=(2, 4, 6, 6, 5, 4, 5, 4, 3, 3, 4, 5, 8, 10, 9, 4))[0]
    at_hour = london_time(in_london(moment).date(), hour, rng.randrange(60))
    return max(min(at_hour, latest), planned.starts_at - _OPEN_FOR)


def draw_outcome(rng: Random, planned: PlannedSession) -> Outcome:
    """Draw whether a family that did not cancel came; online twice as many do not."""
    left = 1 - LATE
    stays_away = DID_NOT_COME * (2 if planned.template.delivery == Delivery.ONLINE else 1) / left
    chance = rng.random()
    if chance < stays_away:
        return Outcome.DID_NOT_COME
    return Outcome.NOT_RECORDED if chance < stays_away + NOT_RECORDED / left else Outcome.ATTENDED


def draw_cancellation(rng: Random, *, booked_at: datetime, starts_at: datetime, now: datetime) -> datetime | None:
    """Draw whether and when a family cancelled: within the last day, or earlier."""
    chance = rng.random()
    if chance < LATE:
        moment = starts_at - timedelta(hours=rng.uniform(1, 22))
    elif chance < LATE + EARLY:
        moment = booked_at + (starts_at - timedelta(hours=26) - booked_at) * rng.random()
    else:
        return None
    return moment if booked_at < moment < now else None


def draw_reason(rng: Random) -> FamilyCancelReason | None:
    """Draw why a family cannot come; a third do not say."""
    return pick(rng, WHY_NOT) if rng.random() < 0.67 else None


def _pull(household: Household, planned: PlannedSession, locality: Locality) -> float:
    if planned.template.delivery == Delivery.ONLINE:
        return 1.0
    if household.district == planned.place.district:
        return 4.0
    here, there = (locality.get_district(code).area for code in (household.district, planned.place.district))
    return _NEIGHBOUR if here is not None and here == there else 0.5
