"""Turn a planned session into the rows of a session and its times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from booking.clock import in_london
from booking.models import Event, Slot, Venue
from booking.rules.words import CoProduction, Delivery, EventCancelReason, EventStatus, Participation
from booking.services.demo.plan import PlannedSession
from booking.services.demo.story import Story

PUBLISHED_BEFORE = timedelta(days=62)
HOST = "Kent PACT"
GREETERS = (
    "Jo, a parent from Kent PACT, in a purple scarf",
    "Sam from Kent PACT, with a purple badge",
    "A volunteer from Kent PACT, with a purple badge",
)
_CANCELLED_BEFORE = timedelta(hours=16)


def make_event(
    rng: Random, planned: PlannedSession, *, venues: Mapping[str, Venue], now: datetime, domain: str
) -> Event:
    """Build one session as it stands now, with its times but without bookings."""
    template = planned.template
    published_at = min(planned.starts_at - PUBLISHED_BEFORE, now - timedelta(days=1))
    is_draft = planned.story == Story.DRAFT
    event = Event(
        slug=_slug(planned),
        title=planned.title,
        summary=template.summary,
        description=template.description,
        kind=template.kind,
        delivery=template.delivery,
        booking_mode=template.mode,
        walk_ins_allowed=template.walk_ins,
        status=EventStatus.DRAFT if is_draft else EventStatus.PUBLISHED,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        venue=venues[planned.place.code],
        capacity=template.capacity,
        places_taken=0,
        host=HOST,
        greeter="" if template.delivery == Delivery.ONLINE else GREETERS[planned.starts_at.day % len(GREETERS)],
        people=list(template.people),
        agenda=[{"minutes": minutes, "what": what} for minutes, what in template.agenda],
        participation=template.participation,
        co_production=_ticks(template.participation, is_over=planned.ends_at < now),
        workstreams=list(template.workstreams),
        topics=list(template.topics),
        busiest=template.busiest,
        feed_uid=f"{_token(rng)}@{domain}",
        first_published_at=None if is_draft else published_at,
        changed_at=published_at,
        created_at=published_at,
        slots=_slots(planned),
    )
    if template.delivery != Delivery.IN_PERSON:
        event.join_url = f"https://video.example.org/{_token(rng)}"
        event.dial_in = f"01632 960{rng.randrange(900, 1000)}, code {rng.randrange(100000, 999999)}"
    if planned.story == Story.SNOW:
        event.status = EventStatus.CANCELLED
        event.cancel_reason = EventCancelReason.WEATHER
        event.cancelled_at = event.changed_at = planned.starts_at - _CANCELLED_BEFORE
        event.feed_sequence = 1
    if planned.story == Story.VENUE_CHANGE:
        event.changed_at = planned.starts_at - timedelta(days=9)
        event.feed_sequence = 1
    return event


def _slots(planned: PlannedSession) -> list[Slot]:
    template = planned.template
    if not template.slots:
        return []
    length = timedelta(minutes=template.slot_minutes)
    return [
        Slot(
            role=role,
            starts_at=planned.starts_at + length * n,
            ends_at=planned.starts_at + length * (n + 1),
            capacity=desks,
            places_taken=0,
        )
        for n in range(template.minutes // template.slot_minutes)
        for role, desks in template.slots
    ]


def _ticks(level: Participation, *, is_over: bool) -> list[str]:
    """Return what is true of a session of ours; families are told what came of it afterwards."""
    if level != Participation.CO_PRODUCE:
        return []
    return [each.value for each in CoProduction if is_over or each != CoProduction.FED_BACK]


def _slug(planned: PlannedSession) -> str:
    """Return words that people can read aloud: what, where, and the day with its hour, which makes it unique."""
    local = in_london(planned.starts_at)
    words = unicodedata.normalize("NFKD", planned.title.partition(":")[0].replace("'", "")).encode("ascii", "ignore")
    title = re.sub(r"[^a-z0-9]+", "-", words.decode().lower()).strip("-")[:40].strip("-")
    town = planned.place.town.lower().replace(" ", "-")
    return f"{title}-{town}-{local:%Y-%m-%d}-{local:%H%M}"[:80]


def _token(rng: Random) -> str:
    return f"{rng.getrandbits(80):020x}"
