"""Nothing unseen: each look at a family and each change by staff is in the audit, and the audit cannot be changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, has_request_context, request
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, limiter, transaction
from booking.models import AuditEntry, Booking, Event
from booking.queries.who_looked import who_looked
from booking.rules.words import ConsentSubject, StaffRole
from booking.services.ask_needs import Need
from tests.cast import a_booking, a_mail_from, a_member_of_staff, an_event, sign_in, somebody_with_every_role
from tests.guards.crawl import crawl
from tests.guards.test_https_forms import LAST, forms_of_the_site
from tests.staff.browse import send

NAME, EMAIL, PHONE, DETAIL = "Zebedee Quill", "quill.family@example.net", "07700 900777", "A seat by the door, please"
WRITTEN = "We are a little afraid of lifts"
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
NOT_A_FAMILYS = {"sign_in", "held_form"}
"""What is kept of staff themselves to let them work; that somebody is signed in is no change to record."""
PRESSED = {"door.record": {"outcome": ["attended"]}}
"""What somebody chooses or presses; the rest is sent as it stands in the page."""
WITHOUT_AN_ENTRY = {
    "security.login": "a failed or a good sign-in; limits slow guesses down",
    "security.logout": "ends one's own sign-in",
}


@dataclass
class Written:
    """What one request wrote, and the entries it left."""

    tables: set[str] = field(default_factory=set)
    audit_touched: list[str] = field(default_factory=list)


@pytest.fixture
def written(app: Flask) -> Iterator[Written]:
    """Watch what is written while staff work."""
    seen = Written()

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = WRITES.match(statement)
        if not found or not has_request_context():
            return
        table = found[2].lower()
        if table == "audit_entry" and not found[1].upper().startswith("INSERT"):
            seen.audit_touched.append(f"{request.endpoint}: {statement[:80]}")
        seen.tables.add(table)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


@pytest.fixture
def quill(app: Flask) -> dict[str, int]:
    """One family that is everywhere: today's session, a waiting list, a mail, a call, messages."""
    with app.app_context():
        today = an_event(title="Forum of today", starts_at=clock.now() + timedelta(hours=2))
        coming = an_event(title="Forum to come", starts_at=clock.now() + timedelta(days=3))
        booking = a_booking(
            coming,
            adults=1,
            email=EMAIL,
            phone=PHONE,
            question="Why is it so far?",
            needs=(Need("bsl", DETAIL),),
            consents=(ConsentSubject.NEEDS,),
        )
        rung = a_booking(today, email=None, phone=PHONE)
        a_mail_from(booking, text=WRITTEN)
        with transaction():
            for number in (booking.id, rung.id):
                row = db.session.get_one(Booking, number)
                row.places[0].adult.name = NAME
        return {"family": booking.family_id or 0, "booking": booking.id, "today": today.id, "coming": coming.id}


def shows_the_family(answer: TestResponse, references: set[str]) -> bool:
    """Return whether anything of theirs stands in an answer, whatever kind of file it is."""
    raw = answer.get_data()
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            raw = b"".join(file.read(name) for name in file.namelist())
    shown = raw.decode(errors="replace")
    spoken = {f"{each[:3]} {each[3:]}" for each in references}
    told = {NAME, NAME.split(maxsplit=1)[0], EMAIL, PHONE, PHONE.replace(" ", ""), DETAIL, WRITTEN}
    return any(each in shown for each in told | references | spoken)


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEntry.id))) or 0


@pytest.mark.one_database
def test_each_page_that_shows_a_family_leaves_an_entry_of_that_look(app: Flask, quill: dict[str, int]) -> None:
    client = app.test_client()
    with app.app_context():
        references = set(db.session.scalars(select(Booking.reference)))
        member = somebody_with_every_role()
        number = member.id
        sign_in(client, member)
    starts = ["/staff/", "/door/", "/staff/account"]
    starts += [f"/staff/sessions/{quill['coming']}{part}" for part in ("", "/move", "/cancel", "/postpone", "/book")]
    starts += [f"/door/{quill['today']}{part}" for part in ("", "/close")]
    starts += [f"/staff/sessions/{quill['today']}/attendance-list{ending}" for ending in ("", ".csv", ".xlsx")]
    starts += ["/staff/inbox", "/staff/inbox?seen=yes", "/staff/calls", "/staff/messages"]
    shown = set()
    for visit in crawl(app, client, starts, per_endpoint=6):
        if visit.endpoint.startswith(("staff.", "door.")) and shows_the_family(visit.response, references):
            shown.add((visit.endpoint, visit.path))
    assert {"staff.home", "staff.session", "staff.inbox", "staff.calls", "staff.call", "staff.messages"} <= {
        endpoint for endpoint, _path in shown
    }
    lists = {"staff.attendance_list", "staff.attendance_list_csv", "staff.attendance_list_xlsx"}
    assert {"door.register", "door.close", *lists} <= {endpoint for endpoint, _path in shown}
    for endpoint, path in sorted(shown):
        before = entries(app)
        assert client.get(path).status_code == 200, path
        with app.app_context():
            statement = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(max(entries(app) - before, 1))
            new = [each for each in db.session.scalars(statement) if each.staff_id == number]
            assert entries(app) > before, f"{path} shows the family and nothing says who saw it"
            screens = {each.screen for each in new}
            assert any(endpoint.startswith(screen) for screen in screens), (endpoint, screens)
            looks = [look for look in who_looked([quill["family"]]) if look.screen in screens]
            assert looks, f"{path} is written down, but the family would not be told of it"


@pytest.mark.one_database
def test_each_form_of_staff_that_changes_something_leaves_an_entry(
    app: Flask, world: list[str], written: Written
) -> None:
    client = app.test_client()
    with app.app_context():
        coming = an_event(title="Forum with a promise")
        a_booking(coming, needs=(Need("bsl"),), consents=(ConsentSubject.NEEDS,))
        sign_in(client, somebody_with_every_role())
    forms = forms_of_the_site(app, client, ["/staff/", "/door/", "/staff/account"])
    rank = {endpoint: place for place, endpoint in enumerate(LAST, start=1)}
    changed, silent = set(), set()
    for endpoint, (_page, action, fields) in sorted(forms.items(), key=lambda each: rank.get(each[0], 0)):
        if not endpoint.startswith(("staff.", "door.", "security.")):
            continue
        limiter.reset()
        before = entries(app)
        written.tables.clear()
        client.post(action, data=fields | PRESSED.get(endpoint, {}))
        tables = written.tables - {"audit_entry"} - NOT_A_FAMILYS
        if tables and endpoint not in WITHOUT_AN_ENTRY:
            changed.add(endpoint)
            if entries(app) == before:
                silent.add((endpoint, *sorted(tables)))
    assert {"door.record", "door.walk_in", "staff.change_need", "security.mf_recovery_codes"} <= changed
    assert not silent, "these change something, and nothing says who did it"
    assert written.audit_touched == [], "the audit is only ever added to"


def test_an_entry_cannot_be_changed_or_taken_away(in_app: Flask) -> None:
    with transaction():
        db.session.add(AuditEntry(at=clock.now(), action="view"))
    entry = db.session.scalars(select(AuditEntry)).one()
    with pytest.raises(RuntimeError), transaction():
        db.session.scalars(select(AuditEntry)).one().action = "nothing"
    with pytest.raises(RuntimeError), transaction():
        db.session.delete(db.session.scalars(select(AuditEntry)).one())
    db.session.rollback()
    db.session.refresh(entry)
    assert entry.action == "view"


class TestWhoLookedAtThisFamily:
    @pytest.fixture
    def privacy_lead(self, app: Flask, client: FlaskClient) -> FlaskClient:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.PRIVACY_LEAD, name="Pia Privacy"))
        return client

    @pytest.fixture
    def seen(self, app: Flask, quill: dict[str, int]) -> dict[str, int]:
        """Olu looked at the session, the list of calls and the inbox; Dot at another session."""
        with app.app_context():
            other = an_event(title="Another family's session")
            a_booking(other, email="other@example.net")
            browser, elsewhere = app.test_client(), app.test_client()
            sign_in(browser, a_member_of_staff(name="Olu Organiser"))
            sign_in(elsewhere, a_member_of_staff(name="Dot Other"))
            number = other.id
        for path in (f"/staff/sessions/{quill['coming']}", "/staff/calls", "/staff/inbox"):
            assert browser.get(path).status_code == 200
        assert elsewhere.get(f"/staff/sessions/{number}").status_code == 200
        return quill

    @pytest.mark.parametrize("by", ["reference", "email", "phone"])
    def test_is_found_by_what_a_family_can_say(
        self, app: Flask, privacy_lead: FlaskClient, seen: dict[str, int], by: str
    ) -> None:
        with app.app_context():
            booking = db.session.get_one(Booking, seen["booking"])
            said = {"reference": booking.reference.lower(), "email": EMAIL.upper(), "phone": "+44 7700 900777"}[by]
        page = send(privacy_lead, "/staff/who-looked", said=said)
        assert page.status_code == 200
        assert "Olu Organiser" in page.text
        assert "Dot Other" not in page.text
        for what in ("The session and its families", "People to ring", "Inbox"):
            assert what in page.text
        assert "Zebedee" not in page.text, "the page tells who looked, not whom"
        assert said not in page.request.url

    def test_asking_is_written_down_and_a_stranger_is_not_found(
        self, app: Flask, privacy_lead: FlaskClient, seen: dict[str, int]
    ) -> None:
        page = send(privacy_lead, "/staff/who-looked", said="nobody@example.net")
        assert page.status_code == 422
        assert "No family is known by this" in page.text
        send(privacy_lead, "/staff/who-looked", said=EMAIL)
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "who looked")).one()
            assert (entry.subject_type, entry.subject_id) == ("family", seen["family"])

    def test_a_look_at_the_session_before_they_booked_is_none_at_them(self, app: Flask) -> None:
        browser = app.test_client()
        with app.app_context():
            coming = an_event()
            number = coming.id
            sign_in(browser, a_member_of_staff(name="Olu Organiser"))
        browser.get(f"/staff/sessions/{number}")
        with app.app_context():
            booking = a_booking(db.session.get_one(Event, number))
            assert who_looked([booking.family_id or 0]) == []
        browser.get(f"/staff/sessions/{number}")
        with app.app_context():
            assert len(who_looked([booking.family_id or 0])) == 1

    def test_is_for_the_privacy_lead_alone(self, app: Flask, client: FlaskClient) -> None:
        for role in set(StaffRole) - {StaffRole.PRIVACY_LEAD}:
            with app.app_context():
                sign_in(client, a_member_of_staff(role))
            assert client.get("/staff/who-looked").status_code == 403, role
