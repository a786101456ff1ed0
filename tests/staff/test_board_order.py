"""The database sorts, counts and picks promises as the pure rule would, whatever state and day they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, product
from random import Random

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import AuditEntry, Booking, NeedRequest
from booking.queries.promises import SETTLED, Found, Wanted, find_promises
from booking.queries.who_looked import SHOWN
from booking.rules.need_states import Task, task_due_on, task_of
from booking.rules.words import BookingStatus, ContactBy, EventStatus, NeedState, Origin, StaffRole
from tests.cast import a_venue, an_event

KENT = get_locality("kent")
EVERYTHING = Wanted(state="all")
NOWS = ("2026-06-16 09:00", "2026-05-22 22:40", "2026-12-24 12:00")
"""A usual Tuesday; nearly midnight in London's summer, before a bank holiday; Christmas Eve."""
_numbers = count(1)


def a_promise(event_id: int, *, status: BookingStatus = BookingStatus.CONFIRMED, **need: object) -> NeedRequest:
    """Make a request of a booking of its own, without a look at what may be booked."""
    number = next(_numbers)
    values = {"code": "bsl", "lead_ok": True, **need}
    booking = Booking(
        event_id=event_id,
        reference=f"{number:08d}",
        status=status,
        origin=Origin.WEB,
        contact_by=ContactBy.EMAIL,
        email=f"family{number}@example.net",
        ical_uid=f"{number}@order.example",
        needs=[NeedRequest(**values)],
    )
    db.session.add(booking)
    return booking.needs[0]


def sessions_around(now: datetime) -> list[int]:
    """Save sessions at every distance that makes a difference, and return their numbers."""
    venue_id = a_venue().id
    midnight = clock.start_of_day(clock.in_london(now).date())
    starts = [
        *(midnight + timedelta(days=days, hours=10) for days in (-20, *range(-6, 0), *range(1, 7), 12, 95)),
        *(midnight + timedelta(days=days, minutes=minutes) for days in (-3, 3) for minutes in (-30, 0, 30)),
        now - timedelta(minutes=30),
        now + timedelta(minutes=30),
    ]
    listed = [an_event(venue_id=venue_id, starts_at=start).id for start in starts]
    is_put_off = {"venue_id": venue_id, "new_date_pending": True}
    listed += [an_event(starts_at=now + timedelta(days=days), **is_put_off).id for days in (-60, 8)]
    listed.append(an_event(venue_id=venue_id, starts_at=now - timedelta(days=3), hours=96).id)
    return listed


def a_full_board(now: datetime) -> None:
    """Save a promise of every state at every session, with days all around today or none; and what is not listed."""
    rng = Random(str(now))
    today = clock.in_london(now).date()
    days = [None, *(today + timedelta(days=days) for days in range(-9, 10))]
    venue_id, events = a_venue().id, sessions_around(now)
    gone = an_event(venue_id=venue_id, starts_at=now - timedelta(days=40)).id
    draft = an_event(venue_id=venue_id, status=EventStatus.DRAFT).id
    with transaction():
        for event_id, state, told in product(events, NeedState, (None, now - timedelta(days=1))):
            code, role = rng.choice(("bsl", "loop")), rng.choice((None, StaffRole.ORGANISER))
            dates = {"due_on": rng.choice(days), "tell_by": rng.choice(days)}
            a_promise(event_id, state=state, told_at=told, code=code, owner_role=role, **dates)
        for event_id in (gone, draft):
            a_promise(event_id, due_on=today)
        a_promise(events[0], status=BookingStatus.CANCELLED, due_on=today)


@dataclass(frozen=True)
class Line:
    """What the rule says of a promise."""

    id: int
    event_id: int
    code: str
    state: NeedState
    role: StaffRole | None
    starts_at: datetime
    task: Task | None
    due_on: date | None

    @property
    def key(self) -> tuple[bool, bool, date, datetime, int]:
        return (self.task is None, self.state in SETTLED, self.due_on or date.max, self.starts_at, self.id)


def by_the_rule(now: datetime) -> list[Line]:
    """Work out the whole board in memory."""
    lines = []
    for need in db.session.scalars(select(NeedRequest)):
        event = need.booking.event
        is_recent = event.new_date_pending or event.ends_at > now - timedelta(days=28)
        if need.booking.status == BookingStatus.CANCELLED or event.status != EventStatus.PUBLISHED or not is_recent:
            continue
        task = task_of(
            need.state,
            is_told=need.told_at is not None,
            is_over=event.ends_at <= now,
            is_put_off=event.new_date_pending,
        )
        session_on = clock.in_london(event.starts_at).date()
        dates = {"due_on": need.due_on, "tell_by": need.tell_by, "session_on": session_on}
        due = task and task_due_on(task, holidays=KENT.bank_holidays, **dates)
        line = (need.id, event.id, need.code, need.state, need.owner_role, event.starts_at, task, due)
        lines.append(Line(*line))
    return sorted(lines, key=lambda line: line.key)


@pytest.fixture
def board(request: pytest.FixtureRequest, in_app: Flask, summer: time_machine.Traveller) -> list[Line]:
    """A full board at some moment, as the rule has it."""
    now = datetime.fromisoformat(f"{getattr(request, 'param', NOWS[0])}+00:00")
    summer.move_to(now, tick=False)
    a_full_board(now)
    db.session.rollback()
    return by_the_rule(now)


def found(wanted: Wanted, *, start: int = 0, limit: int = 10_000) -> Found:
    return find_promises(wanted, locality=KENT, start=start, limit=limit)


def ids(lines: Sequence[Line]) -> list[int]:
    return [line.id for line in lines]


@pytest.mark.parametrize("board", NOWS, indirect=True)
def test_every_line_has_the_step_the_day_and_the_place_that_the_rule_gives(board: list[Line]) -> None:
    today = clock.today()
    here = [(row.id, row.task, row.due_on, row.is_late) for row in found(EVERYTHING).rows]
    assert len(here) > 400
    assert {line.task for line in board} == {None, *Task}, "there is something of everything"
    assert here == [
        (line.id, line.task, line.due_on, line.due_on is not None and line.due_on < today) for line in board
    ]


@pytest.mark.parametrize("board", NOWS, indirect=True)
def test_the_counts_are_those_of_the_rule(board: list[Line]) -> None:
    today = clock.today()
    to_do = [line for line in board if line.task]
    late = [line for line in to_do if line.due_on and line.due_on < today]
    at_risk = [line for line in to_do if line.due_on and line.due_on <= today + timedelta(days=2)]
    assert (found(Wanted()).total, found(Wanted()).late) == (len(to_do), len(late))
    risky = found(Wanted(is_at_risk=True), limit=10)
    assert (risky.total, risky.late) == (len(at_risk), len(late))
    assert [row.id for row in risky.rows] == ids(at_risk)[:10] == ids(to_do)[:10]


def test_each_part_holds_the_lines_it_should(board: list[Line]) -> None:
    one, other = board[0].event_id, board[-1].event_id
    parts = [(Wanted(state=state), [line for line in board if line.state == state]) for state in NeedState]
    parts += [
        (replace(EVERYTHING, event_id=one), [line for line in board if line.event_id == one]),
        (replace(EVERYTHING, among=frozenset()), []),
        (replace(EVERYTHING, among=frozenset({one, other})), [x for x in board if x.event_id in (one, other)]),
        (replace(EVERYTHING, kind="loop"), [line for line in board if line.code == "loop"]),
        (replace(EVERYTHING, kind="nothing"), []),
        (replace(EVERYTHING, owner="nobody"), [line for line in board if line.role is None]),
        (replace(EVERYTHING, owner="role:organiser"), [line for line in board if line.role]),
        *((replace(EVERYTHING, owner=owner), []) for owner in ("staff:7", "staff:x", "role:x", f"staff:{10**30}", "x")),
    ]
    for wanted, lines in parts:
        part = found(wanted)
        assert [row.id for row in part.rows] == ids(lines), wanted
        assert part.total == len(lines), wanted


def test_pages_hold_every_line_once_and_who_goes_too_far_sees_the_last(board: list[Line]) -> None:
    pages = [found(EVERYTHING, start=start, limit=100) for start in range(0, len(board), 100)]
    assert [row.id for page in pages for row in page.rows] == ids(board)
    assert {(page.total, page.late) for page in pages} == {(pages[0].total, pages[0].late)}
    assert found(EVERYTHING, start=100_000, limit=100).rows == pages[-1].rows


class TestOnThePages:
    def many(self, app: Flask, *, number: int) -> None:
        with app.app_context():
            event_id = an_event().id
            with transaction():
                for _ in range(number):
                    a_promise(event_id, due_on=clock.today())

    def shown(self, page: str) -> list[str]:
        return re.findall(r'href="/staff/promises/(\d+)"', page)

    def test_the_board_has_pages_that_keep_what_is_looked_for(self, app: Flask, organiser: FlaskClient) -> None:
        self.many(app, number=61)
        first = organiser.get("/staff/promises?owner=nobody").text
        assert "61 promises" in first
        assert len(self.shown(first)) == 60
        assert 'rel="next" href="/staff/promises?owner=nobody&amp;page=2"' in first
        last = organiser.get("/staff/promises?owner=nobody&page=2").text
        assert len(self.shown(last)) == 1
        assert "<title>Promises, page 2 of 2" in last
        assert self.shown(organiser.get("/staff/promises?owner=nobody&page=9").text) == self.shown(last)

    def test_only_what_is_shown_is_opened(self, app: Flask, organiser: FlaskClient) -> None:
        self.many(app, number=61)
        with app.app_context(), transaction():
            last = db.session.scalars(select(NeedRequest.id).order_by(NeedRequest.id.desc()).limit(1)).one()
            db.session.execute(
                text("UPDATE need_request SET code = 'nobody can open this' WHERE id = :id"), {"id": last}
            )
        for path in ("/staff/promises", "/staff/"):
            assert organiser.get(path).status_code == 200

    def test_today_says_how_many_are_at_risk_and_notes_a_look_at_those_it_shows(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        self.many(app, number=12)
        page = organiser.get("/staff/").text
        assert "Promises at risk (12)" in page
        assert len(self.shown(page)) == 10
        with app.app_context():
            looked = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "staff.home")).one()
            assert len(looked.facts[SHOWN]) == 10

    @pytest.mark.parametrize("query", [f"session={10**20}", f"page={10**20}", "page=-1", f"owner=staff:{10**20}"])
    def test_takes_nonsense_in_the_address(self, organiser: FlaskClient, query: str) -> None:
        assert organiser.get(f"/staff/promises?{query}").status_code == 200
