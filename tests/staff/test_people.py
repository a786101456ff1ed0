"""An admin invites people, says what they may do, and lets them go in one step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from functools import partial

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock, jobs
from booking.errors import Refusal
from booking.extensions import db, transaction
from booking.models import AuditEntry, Duty, Event, HeldForm, Message, SignIn, Staff
from booking.rules.words import MessageKind, MessageStatus, StaffRole
from booking.services.give_roles import change_person
from booking.services.remove_person import remove_person
from tests.cast import a_booking, a_member_of_staff, an_event, come_back, sign_in
from tests.mail.relay import Relay, point_at, running
from tests.services.test_races import at_once
from tests.staff.browse import send

NEW = "/staff/people/new"
GOOD = {"name": "Dina Desk", "email": "dina@pact.example.org", "roles": ["front_desk"], "which": "some"}


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> FlaskClient:
    """An admin's browser."""
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.ADMIN, name="Ada Admin"))
    return client


@pytest.fixture
def letters(app: Flask) -> Iterator[Relay]:
    """A relay, and no app context pushed: each browser's requests are its own."""
    state = app.extensions["mail"]
    before = dict(vars(state))
    with running(Relay()) as relay:
        point_at(app, relay)
        yield relay
    vars(state).update(before)


def somebody(email: str) -> Staff:
    db.session.rollback()
    return db.session.scalars(select(Staff).where(Staff.email == email)).one()


class TestInviting:
    def test_sends_a_mail_whose_link_works_once(self, app: Flask, admin: FlaskClient, letters: Relay) -> None:
        with app.app_context():
            event_id = an_event(title="The one at the hall").id
        answer = send(admin, NEW, **GOOD, sessions=[event_id])
        assert (answer.status_code, answer.location) == (303, "/staff/people")
        assert "The invitation is on its way" in admin.get("/staff/people").text
        with app.app_context():
            assert jobs.tick().delivered.sent == 1
        [mail] = letters.mails
        assert mail["To"] == "dina@pact.example.org"
        link = re.search(r"http://localhost(/staff/set-password/\S+)", text_of(mail))
        assert link
        assert "Front desk" in text_of(mail)
        assert "Dina" not in mail["Subject"]
        browser = app.test_client()
        assert send(browser, link[1], password="plum orchard kettle").status_code == 303
        assert browser.get(link[1]).status_code == 404
        with app.app_context():
            member = somebody("dina@pact.example.org")
            assert [role.name for role in member.roles] == ["front_desk"]
            assert db.session.scalars(select(Duty.event_id).where(Duty.staff_id == member.id)).all() == [event_id]

    def test_the_link_ends_after_three_days_and_the_mail_is_not_sent_any_more(
        self, app: Flask, admin: FlaskClient
    ) -> None:
        send(admin, NEW, **GOOD)
        with app.app_context(), time_machine.travel(clock.now() + timedelta(days=3, minutes=1)):
            assert jobs.tick().delivered.sent == 0
            assert db.session.scalars(select(Message.status)).one() == MessageStatus.STALE

    @pytest.mark.one_database
    def test_the_link_stands_in_no_table(self, app: Flask, admin: FlaskClient) -> None:
        send(admin, NEW, **GOOD)
        with app.app_context():
            message = db.session.scalars(select(Message).where(Message.kind == MessageKind.STAFF_INVITED)).one()
            assert message.rendered is None
            assert "set-password" not in str(message.facts)

    def test_a_newer_link_makes_the_older_mail_untrue(self, app: Flask, admin: FlaskClient) -> None:
        send(admin, NEW, **GOOD)
        with app.app_context():
            number = somebody("dina@pact.example.org").id
        page = f"/staff/people/{number}"
        assert send(admin, page, to=f"{page}/invite").status_code == 303
        with app.app_context():
            jobs.tick()
            first, second = db.session.scalars(select(Message.status).order_by(Message.id)).all()
            assert first == MessageStatus.STALE
            assert second != MessageStatus.STALE

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"roles": []}, "Choose at least one role"),
            ({"roles": ["emperor"]}, "Choose at least one role"),
            ({"email": "not one"}, "is not an e-mail address"),
            ({"email": ""}, "Write the email address"),
            ({"name": " "}, "Write the name"),
            ({"sessions": ["-1", "x", "99999999999999"], "email": ""}, "Write the email address"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, app: Flask, admin: FlaskClient, wrong: dict[str, object], said: str
    ) -> None:
        answer = send(admin, NEW, **GOOD | wrong)
        assert answer.status_code == 422
        assert said in answer.text
        if "name" not in wrong:
            assert 'value="Dina Desk"' in answer.text
        with app.app_context():
            assert db.session.scalar(select(func.count(Staff.id))) == 1

    def test_somebody_who_is_there_is_not_invited_twice(self, app: Flask, admin: FlaskClient) -> None:
        send(admin, NEW, **GOOD)
        answer = send(admin, NEW, **GOOD | {"email": "DINA@pact.example.org"})
        assert answer.status_code == 422
        assert "is there already" in answer.text


class TestChangingRoles:
    def test_acts_at_the_next_page_of_somebody_signed_in(self, app: Flask, admin: FlaskClient) -> None:
        browser = app.test_client()
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, StaffRole.INSIGHT)
            number = member.id
            sign_in(browser, member)
        assert browser.get("/staff/calls").status_code == 200
        assert send(admin, f"/staff/people/{number}", roles=["insight"]).status_code == 303
        assert browser.get("/staff/calls").status_code == 403
        assert browser.get("/staff/figures").status_code == 200

    def test_duties_are_kept_where_nothing_about_them_changes(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            member, event = a_member_of_staff(StaffRole.FRONT_DESK, all_sessions=False), an_event()
            number, event_id = member.id, event.id
            with transaction():
                db.session.add(Duty(staff_id=number, event_id=event_id))
        page = admin.get(f"/staff/people/{number}")
        assert re.search(rf'value="{event_id}"[^>]*checked', page.text)
        # The tests' browser reads ticks as the page has them.
        assert send(admin, page, name="Another Name").status_code == 303
        with app.app_context():
            assert db.session.scalars(select(Duty.event_id)).all() == [event_id]

    def test_the_last_admin_stays_one(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            number = db.session.scalars(select(Staff.id)).one()
        answer = send(admin, f"/staff/people/{number}", roles=["insight"])
        assert answer.status_code == 422
        assert "There must be an admin" in answer.text
        with app.app_context():
            a_member_of_staff(StaffRole.ADMIN)
        assert send(admin, f"/staff/people/{number}", roles=["insight"]).location == "/staff/account"
        assert admin.get("/staff/people").status_code == 403


class TestRemoving:
    def test_signs_them_out_at_once_and_hands_their_work_on(self, app: Flask, admin: FlaskClient) -> None:
        browser = app.test_client()
        with app.app_context():
            leaver, heir = a_member_of_staff(name="Lea Leaver"), a_member_of_staff(name="Hal Heir", all_sessions=False)
            theirs, desk = an_event(title="To hand on", organiser_id=leaver.id), an_event()
            with transaction():
                db.session.add(Duty(staff_id=leaver.id, event_id=desk.id))
            sign_in(browser, leaver)
            ids = leaver.id, heir.id, theirs.id, desk.id
        assert browser.get("/staff/").status_code == 200
        page = f"/staff/people/{ids[0]}/remove"
        assert "To hand on" in admin.get(page).text
        refused = send(admin, page)
        assert refused.status_code == 422
        assert "Choose who takes over" in refused.text
        assert browser.get("/staff/").status_code == 200
        assert send(admin, page, hand_on_to=ids[1]).status_code == 303
        assert browser.get("/staff/").status_code == 303
        with app.app_context():
            assert db.session.get_one(Event, ids[2]).organiser_id == ids[1]
            assert db.session.scalars(select(Duty.event_id).where(Duty.staff_id == ids[1])).all() == [ids[3]]
            assert db.session.scalar(select(func.count(SignIn.id)).where(SignIn.staff_id == ids[0])) == 0
            gone = db.session.get_one(Staff, ids[0])
            assert (gone.active, gone.roles, gone.password, gone.name) == (False, [], None, "Lea Leaver")
        assert "Lea Leaver" not in admin.get("/staff/people").text.replace("Lea Leaver is removed", "")
        assert admin.get(page).status_code == 404

    def test_history_keeps_their_name(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            leaver = a_member_of_staff(name="Lea Leaver")
            with transaction():
                db.session.add(AuditEntry(at=clock.now(), staff_id=leaver.id, action="view"))
            number = leaver.id
        assert send(admin, f"/staff/people/{number}/remove").status_code == 303
        with app.app_context():
            assert db.session.scalar(select(Staff.name).where(Staff.id == number)) == "Lea Leaver"
            assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.staff_id == number)) == 1

    def test_the_last_admin_stays(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            number = db.session.scalars(select(Staff.id)).one()
        answer = send(admin, f"/staff/people/{number}/remove")
        assert answer.status_code == 422
        assert "There must be an admin" in answer.text
        assert admin.get("/staff/people").status_code == 200

    @pytest.mark.one_database
    def test_one_of_two_admins_may_remove_themself(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            number = db.session.scalars(select(Staff.id)).one()
            a_member_of_staff(StaffRole.ADMIN)
        assert send(admin, f"/staff/people/{number}/remove").status_code == 303
        assert admin.get("/staff/people").status_code == 303

    def test_two_admins_at_once_cannot_both_go(self, app: Flask) -> None:
        with app.app_context():
            ids = [a_member_of_staff(StaffRole.ADMIN).id for _each in range(2)]
        results = at_once(app, [partial(remove_person, number, hand_on_to=None) for number in ids])
        assert sum(isinstance(result, Refusal) for result in results) == 1

    def test_a_form_held_for_them_is_gone(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            leaver = a_member_of_staff()
            with transaction():
                db.session.add(
                    HeldForm(staff_id=leaver.id, token_digest="x", path="/staff/", fields={}, expires_at=clock.now())
                )
            number = leaver.id
        send(admin, f"/staff/people/{number}/remove")
        with app.app_context():
            assert db.session.scalar(select(func.count(HeldForm.id))) == 0

    def test_who_left_can_be_invited_again(self, app: Flask, admin: FlaskClient) -> None:
        with app.app_context():
            leaver = a_member_of_staff(email="dina@pact.example.org", name="Old Name")
            number = leaver.id
        send(admin, f"/staff/people/{number}/remove")
        assert send(admin, NEW, **GOOD).status_code == 303
        with app.app_context():
            assert (somebody("dina@pact.example.org").id, somebody("dina@pact.example.org").active) == (number, True)


def test_every_change_is_in_the_audit(app: Flask, admin: FlaskClient) -> None:
    send(admin, NEW, **GOOD)
    with app.app_context():
        number = somebody("dina@pact.example.org").id
    send(admin, f"/staff/people/{number}", roles=["insight"])
    send(admin, f"/staff/people/{number}/remove")
    with app.app_context():
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action != "view").order_by(AuditEntry.id)
        ).all()
        assert [each.action for each in entries] == ["staff invited", "roles changed", "staff removed"]
        assert all(each.staff_id and each.subject_id == number for each in entries)
        assert entries[1].facts["was"] == ["front_desk"]
        assert entries[1].facts["now"] == ["insight"]


@pytest.mark.one_database
def test_a_front_desk_volunteer_has_one_session_on_its_day(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        member = a_member_of_staff(StaffRole.FRONT_DESK, all_sessions=False)
        mine = an_event(title="My desk", starts_at=clock.now() + timedelta(hours=2))
        other = an_event(title="Another desk", starts_at=clock.now() + timedelta(hours=2))
        with transaction():
            db.session.add(Duty(staff_id=member.id, event_id=mine.id))
        a_booking(mine)
        ids = mine.id, other.id, mine.ends_at
        sign_in(client, member)
    html = client.get("/door/").text
    assert "My desk" in html
    assert "Another desk" not in html
    assert client.get(f"/door/{ids[0]}").status_code == 200
    assert client.get(f"/door/{ids[1]}").status_code == 403
    with time_machine.travel(ids[2] + timedelta(hours=12, minutes=1)):
        come_back(client)
        page = client.get(f"/door/{ids[0]}")
        assert page.status_code == 409
        assert "The day of this session is over" in page.text


@pytest.mark.one_database
def test_change_person_refuses_to_leave_nobody_anything(in_app: Flask) -> None:
    member = a_member_of_staff(StaffRole.INSIGHT)
    with pytest.raises(Refusal, match="Choose a role"), transaction():
        change_person(member.id, name="x", roles=[], all_sessions=False, sessions=[])


def text_of(mail: EmailMessage) -> str:
    """Return the plain part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
