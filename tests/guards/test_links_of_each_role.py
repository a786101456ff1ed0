"""Whatever somebody's pages link to they may open: no link of staff ends at a locked door."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import Duty, Event, Staff
from booking.rules.permissions import HAS_SESSIONS
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.guards.crawl import crawl

EVERYBODY = [(role, True) for role in StaffRole] + [(role, False) for role in HAS_SESSIONS]


@pytest.mark.one_database
@pytest.mark.parametrize(("role", "all_sessions"), EVERYBODY)
def test_no_link_leads_where_its_reader_may_not_go(
    app: Flask, world: list[str], role: StaffRole, *, all_sessions: bool
) -> None:
    client = app.test_client()
    with app.app_context():
        member = a_member_of_staff(role, all_sessions=all_sessions)
        sign_in(client, member)
        if not all_sessions:
            _give_two_sessions(member)
    visits = [visit for visit in crawl(app, client, ["/staff/"]) if visit.path.startswith(("/staff/", "/door/"))]
    assert [visit.path for visit in visits if visit.response.status_code >= 400] == []
    assert len(visits) > 15


def _give_two_sessions(member: Staff) -> None:
    with transaction():
        for title in ("Forum of today", "Forum of the walk"):
            event = db.session.scalars(select(Event).where(Event.title == title)).one()
            db.session.add(Duty(event_id=event.id, staff_id=member.id))
