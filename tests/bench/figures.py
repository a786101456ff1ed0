"""Measure figures over two years of Kent, 2,000 sessions and 60,000 places: a whole return, and the overview."""

from __future__ import annotations

import dataclasses
import os
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from flask import Flask
from sqlalchemy import insert, update

from booking import clock, create_app
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Adult, Booking, Event, Family, NeedRequest, Place
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Profile
from booking.rules.words import (
    BookingStatus,
    ContactBy,
    EventKind,
    NeedState,
    Origin,
    Outcome,
    PersonKind,
)
from booking.services.make_return import rows_for
from booking.web.staff.overview import THEMES
from config import Config
from tests.bench.staff_pages import Timed, median_of
from tests.cast import a_venue, an_event, sign_in, somebody_with_every_role
from tests.conftest import ROOT

SESSIONS, PLACES, FAMILIES = 2_000, 60_000, 4_000
LAST = "2025-26-Q4"
_FIRST_DAY = date(2024, 4, 1)
_AT_ONCE = 5_000
_RECORDED = (Outcome.ATTENDED, Outcome.DID_NOT_COME, Outcome.NOT_RECORDED)


@dataclass(frozen=True, kw_only=True)
class Made:
    """How long a return took, in seconds, how many figures it holds, and the memory of its process in MB."""

    seconds: float
    figures: int
    memory: float


def fill_two_years(app: Flask) -> None:
    """Write two years of sessions and of who came, one place a booking, straight into the tables."""
    rng = Random(2)
    districts = [district.code for district in get_locality("kent").inside_districts]
    with app.app_context():
        venues = [a_venue(easting=590_000 + 100 * n, district=districts[n % 12]).id for n in range(24)]
        sessions = [_a_session(rng, venues, number) for number in range(SESSIONS)]
        with transaction():
            db.session.execute(insert(Family), [{"key": str(uuid.uuid4())} for _ in range(FAMILIES)])
            families = list(db.session.scalars(db.select(Family.id)))
            db.session.execute(
                insert(Adult), [{"family_id": family, "kind": PersonKind.PARENT_CARER} for family in families]
            )
        adults = list(db.session.execute(db.select(Adult.family_id, Adult.id)))
        for first in range(0, PLACES, _AT_ONCE):
            with transaction():
                _book(rng, sessions, adults, districts, range(first, first + _AT_ONCE))


def _a_session(rng: Random, venues: list[int], number: int) -> tuple[int, date]:
    day = _FIRST_DAY + timedelta(days=number * 730 // SESSIONS)
    event = an_event(
        venue_id=rng.choice(venues),
        kind=rng.choice(list(EventKind)),
        starts_at=clock.london_time(day, 9 + number % 10),
        capacity=500,
    )
    with transaction():
        db.session.execute(update(Event).where(Event.id == event.id).values(register_closed_at=event.ends_at))
    return event.id, day


def _book(
    rng: Random, sessions: list[tuple[int, date]], adults: list[tuple[int, int]], districts: list[str], numbers: range
) -> None:
    bookings, places, needs = [], [], []
    for number in numbers:
        (event, day), (family, adult) = rng.choice(sessions), rng.choice(adults)
        booked_at = clock.london_time(day - timedelta(days=rng.randrange(1, 40)), 12)
        bookings.append(
            {
                "id": number + 1,
                "event_id": event,
                "family_id": family,
                "reference": f"B{number}",
                "status": BookingStatus.CONFIRMED,
                "origin": rng.choices((Origin.WEB, Origin.PHONE, Origin.WALK_IN), (7, 1, 2))[0],
                "contact_by": ContactBy.EMAIL,
                "district": rng.choice(districts),
                "profile": {"age_phase": [rng.choice(("under_5", "y7_to_11"))], "support": ["ehcp"]},
                "ical_uid": f"{number}@example.org",
                "created_at": booked_at,
                "confirmed_at": booked_at,
            }
        )
        outcome = rng.choices(_RECORDED, (80, 15, 5))[0]
        places.append({"booking_id": number + 1, "adult_id": adult, "outcome": outcome})
        if rng.random() < 0.4:
            needs.append({"booking_id": number + 1, "code": "step_free", "state": NeedState.MET, "lead_ok": True})
    for table, rows in ((Booking, bookings), (Place, places), (NeedRequest, needs)):
        db.session.execute(insert(table), rows)


def time_return(env: dict[str, str]) -> Made:
    """Count the last quarter for the public, with every breakdown, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.figures"], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    seconds, figures, memory = done.stdout.split()
    return Made(seconds=float(seconds), figures=int(figures), memory=float(memory))


def time_overview(app: Flask) -> Iterator[tuple[Timed, Timed]]:
    """Time each page of the overview, counted and kept; the first pair is a listing page, without and with a search."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, somebody_with_every_role())
    app.extensions["config"] = dataclasses.replace(app.extensions["config"], figures_kept_minutes=60)
    listing = "/staff/sessions?when=past"
    yield (
        Timed(what="past sessions", seconds=median_of(client, listing)),
        Timed(what="past sessions, searched", seconds=median_of(client, f"{listing}&q=forum")),
    )
    for theme in ("", *THEMES):
        path = f"/staff/figures/overview{f'/{theme}' if theme else ''}?period={LAST}"
        what = f"overview, {theme or 'nine quarters'}"
        yield (
            Timed(what=what, seconds=median_of(client, f"{path}&count=again", rounds=1)),
            Timed(what=what, seconds=median_of(client, path)),
        )


def _make_return() -> None:
    app = create_app(Config.from_env(os.environ))
    with app.app_context():
        began = time.perf_counter()
        rows = rows_for(parse_period(LAST), profile=Profile.PUBLIC, locality=get_locality("kent"))
        took = time.perf_counter() - began
    print(took, len(rows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _make_return()
