"""Twenty minutes alone end a sign-in, and lose nothing that was typed; somebody sees and ends their own sign-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from booking import clock
from booking.extensions import db, transaction
from booking.formats.invitations import invitation_token
from booking.models import Event, HeldForm, NeedRequest, SignIn, Staff, Venue
from booking.rules.browsers import browser_in_words
from booking.rules.words import ConsentSubject, NeedState, StaffRole
from booking.services.ask_needs import Need
from booking.services.give_roles import change_person
from booking.services.invite_staff import invite_staff
from booking.services.remove_person import remove_person
from booking.services.sweep_drafts import sweep_drafts
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in, somebody_with_every_role
from tests.staff.browse import forms_of, send

pytestmark = pytest.mark.one_database

SIGN_IN, PASSWORD = "/staff/sign-in", "plum orchard kettle"
AWAY = timedelta(minutes=21)


@pytest.fixture
def away(app: Flask) -> Iterator[time_machine.Traveller]:
    """The clock, to be moved on."""
    with time_machine.travel(clock.now(), tick=True) as traveller:
        yield traveller


def venue_manager(app: Flask, client: FlaskClient, email: str = "val@pact.example.org") -> str:
    """Let somebody sign in with a password, as they do in life; they see no families, so it takes no code."""
    with app.app_context(), transaction():
        member = invite_staff(email, name="Val Venue", role=StaffRole.VENUE)
        token = invitation_token(member, now=clock.now())
    send(client, f"/staff/set-password/{token}", password=PASSWORD)
    send(client, SIGN_IN, email=email, password=PASSWORD)
    assert client.get("/staff/").status_code == 200
    return email


class TestLeftAlone:
    def test_ends_after_twenty_minutes_and_not_before(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        venue_manager(app, client)
        away.shift(timedelta(minutes=19))
        assert client.get("/staff/").status_code == 200
        away.shift(timedelta(minutes=19))
        assert client.get("/staff/venues").status_code == 200, "each page begins the twenty minutes anew"
        away.shift(AWAY)
        answer = client.get("/staff/venues?q=oast")
        assert answer.status_code == 303
        page = client.get(answer.location)
        assert "You were away for more than 20 minutes" in page.text
        back = send(client, page, to=answer.location, email="val@pact.example.org", password=PASSWORD)
        assert back.location.endswith("/staff/venues?q=oast")
        assert client.get("/staff/venues").status_code == 200

    def test_an_old_cookie_opens_nothing(self, app: Flask, client: FlaskClient, away: time_machine.Traveller) -> None:
        venue_manager(app, client)
        kept = client.get_cookie("session")
        assert kept
        send(client, "/staff/account", to="/staff/sign-out")
        thief = app.test_client()
        thief.set_cookie("session", kept.value)
        assert thief.get("/staff/").status_code == 303

    def test_flask_securitys_own_pages_are_shut_too(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        venue_manager(app, client)
        away.shift(AWAY)
        for path in ("/staff/password", "/staff/recovery-codes"):
            assert client.get(path).status_code in (302, 303), path


class TestAFormThatComesTooLate:
    def test_comes_back_filled_in_and_is_not_carried_out_before_one_presses_again(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        email = venue_manager(app, client)
        page = client.get("/staff/venues/new")
        away.shift(AWAY)
        typed = {"name": "Hop Kiln Hall", "directions": "Past the mill,\nthen left. “Ring”", "town": "Ashford"}
        asked = send(client, page, to="/staff/venues/new", **typed)
        assert asked.status_code == 303
        sign_in_page = client.get(asked.location)
        back = send(client, sign_in_page, to=asked.location, email=email, password=PASSWORD)
        shown = client.get(back.location, follow_redirects=True)
        assert shown.request.path == "/staff/venues/new"
        fields = forms_of(shown)["/staff/venues/new"]
        assert fields["name"] == ["Hop Kiln Hall"]
        assert fields["directions"][0].splitlines()[-2:] == ["Past the mill,", "then left. “Ring”"]
        assert "Nothing is saved yet" in shown.text
        with app.app_context():
            assert db.session.scalar(select(func.count(Venue.id))) == 0

    def test_is_sealed_and_only_its_writer_reads_it(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        venue_manager(app, client)
        page = client.get("/staff/venues/new")
        away.shift(AWAY)
        send(client, page, to="/staff/venues/new", name="Hop Kiln Hall")
        with app.app_context():
            stored = db.session.execute(text("SELECT fields FROM held_form")).scalar_one()
            assert "Hop Kiln" not in stored
        asked = send(client, page, to="/staff/venues/new", name="Hop Kiln Hall")
        token = re.search(r"typed%2F([a-z2-7]{26})|typed/([a-z2-7]{26})", asked.location)
        assert token
        other = app.test_client()
        venue_manager(app, other, email="another@pact.example.org")
        assert other.get(f"/staff/typed/{token[1] or token[2]}").status_code == 404
        assert "Hop Kiln" not in other.get(f"/staff/venues/new?typed={token[1] or token[2]}").text

    def test_that_has_no_page_of_its_own_is_asked_about(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        with app.app_context():
            event = an_event()
            booking = a_booking(event, needs=(Need("bsl"),), consents=(ConsentSubject.NEEDS,))
            need = booking.needs[0].id
            member = somebody_with_every_role()
            sign_in(client, member)
            number, event_id = member.id, event.id
        page = client.get(f"/staff/sessions/{event_id}")
        away.shift(AWAY)
        send(client, page, to=f"/staff/needs/{need}", state="planning")
        with app.app_context():
            held = db.session.scalars(select(HeldForm)).one()
            assert (held.staff_id, held.path, held.fields) == (
                number,
                f"/staff/needs/{need}",
                {"state": ["planning"], "back": ["session"]},
            )
            assert db.session.scalars(select(NeedRequest.state)).one() == NeedState.REQUESTED

    def test_asks_and_then_sends_it(self, app: Flask, client: FlaskClient, away: time_machine.Traveller) -> None:
        email = venue_manager(app, client)
        with app.app_context():
            venue_id = a_venue().id
        page = client.get(f"/staff/venues/{venue_id}")
        address = f"/staff/venues/{venue_id}/archive"
        assert address in forms_of(page)
        away.shift(AWAY)
        asked = send(client, page, to=address)
        back = send(client, client.get(asked.location), to=asked.location, email=email, password=PASSWORD)
        shown = client.get(back.location, follow_redirects=True)
        assert "Send it now?" in shown.text
        with app.app_context():
            before = db.session.scalars(select(Venue.archived_at).where(Venue.id == venue_id)).one()
        assert before is None
        assert send(client, shown, to=address).status_code == 303

    def test_keeps_no_password(self, app: Flask, client: FlaskClient, away: time_machine.Traveller) -> None:
        venue_manager(app, client)
        away.shift(AWAY)
        assert client.post("/staff/venues/new", data={"name": "x"}).status_code == 400, "a form without its token"
        with app.app_context():
            assert db.session.scalar(select(func.count(HeldForm.id))) == 0

    def test_a_stranger_leaves_nothing_behind(self, app: Flask, client: FlaskClient) -> None:
        page = client.get(SIGN_IN)
        fields = {"csrf_token": forms_of(page)[SIGN_IN]["csrf_token"][0], "name": "x"}
        assert client.post("/staff/venues/new", data=fields).location == "/staff/sign-in?next=/staff/"
        with app.app_context():
            assert db.session.scalar(select(func.count(HeldForm.id))) == 0

    def test_is_swept_after_a_day(self, app: Flask, client: FlaskClient, away: time_machine.Traveller) -> None:
        venue_manager(app, client)
        page = client.get("/staff/venues/new")
        away.shift(AWAY)
        send(client, page, to="/staff/venues/new", name="Hop Kiln Hall")
        with app.app_context():
            with transaction():
                assert sweep_drafts() == 0
            away.shift(timedelta(hours=24))
            with transaction():
                assert sweep_drafts() == 1

    def test_who_was_removed_meanwhile_gets_nothing_back(
        self, app: Flask, client: FlaskClient, away: time_machine.Traveller
    ) -> None:
        venue_manager(app, client)
        page = client.get("/staff/venues/new")
        with app.app_context():
            number = db.session.scalars(select(SignIn.staff_id)).one()
            with transaction():
                remove_person(number, hand_on_to=None)
        asked = send(client, page, to="/staff/venues/new", name="Hop Kiln Hall")
        assert asked.location == "/staff/sign-in?next=/staff/"
        with app.app_context():
            assert db.session.scalar(select(func.count(HeldForm.id))) == 0

    def test_a_session_form_comes_back_too(self, app: Flask, client: FlaskClient, away: time_machine.Traveller) -> None:
        with app.app_context():
            event = an_event()
            member = somebody_with_every_role()
            number, event_id, title = member.id, event.id, event.title
            sign_in(client, member)
        page = client.get(f"/staff/sessions/{event_id}/edit")
        away.shift(AWAY)
        asked = send(client, page, to=f"/staff/sessions/{event_id}/edit", summary="What I typed at length")
        with app.app_context():
            sign_in(client, db.session.get_one(Staff, number))
        token = re.search(r"([a-z2-7]{26})", asked.location)
        assert token
        shown = client.get(f"/staff/typed/{token[1]}", follow_redirects=True)
        assert "What I typed at length" in shown.text
        with app.app_context():
            event = db.session.get_one(Event, event_id)
            assert (event.title, event.summary) == (title, "")


class TestWhereOneIsSignedIn:
    def test_is_shown_in_a_few_words_and_ended_one_by_one(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.VENUE)
            phone = app.test_client()
            sign_in(client, member)
            sign_in(phone, member)
        page = client.get("/staff/account")
        assert page.text.count("Firefox on Windows") >= 2
        [other] = [action for action in forms_of(page) if action.endswith("/end")]
        assert send(client, page, to=other).status_code == 303
        assert phone.get("/staff/").status_code == 303
        assert client.get("/staff/").status_code == 200

    def test_all_others_end_together(self, app: Flask, client: FlaskClient) -> None:
        others = [app.test_client() for _each in range(3)]
        with app.app_context():
            member = a_member_of_staff(StaffRole.VENUE)
            for browser in (client, *others):
                sign_in(browser, member)
        assert send(client, "/staff/account", to="/staff/account/sign-ins/end-others").status_code == 303
        assert [browser.get("/staff/").status_code for browser in (client, *others)] == [200, 303, 303, 303]

    def test_nobody_ends_anothers(self, app: Flask, client: FlaskClient) -> None:
        other, own = app.test_client(), app.test_client()
        with app.app_context():
            sign_in(other, a_member_of_staff(StaffRole.VENUE))
            theirs = db.session.scalars(select(SignIn.id)).one()
            member = a_member_of_staff(StaffRole.VENUE)
            sign_in(client, member)
            sign_in(own, member)
        page = client.get("/staff/account")
        [mine] = [action for action in forms_of(page) if action.endswith("/end")]
        fields = forms_of(page)[mine]
        client.post(f"/staff/account/sign-ins/{theirs}/end", data=fields)
        assert other.get("/staff/").status_code == 200

    def test_a_real_sign_in_is_one_row_and_goes_with_sign_out(self, app: Flask, client: FlaskClient) -> None:
        venue_manager(app, client)
        with app.app_context():
            assert db.session.scalar(select(func.count(SignIn.id))) == 1
        send(client, "/staff/account", to="/staff/sign-out")
        with app.app_context():
            assert db.session.scalar(select(func.count(SignIn.id))) == 0

    def test_changed_roles_leave_one_signed_in(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.VENUE)
            sign_in(client, member)
            with transaction():
                change_person(member.id, name="x", roles=[StaffRole.INSIGHT], all_sessions=False, sessions=[])
        assert client.get("/staff/figures").status_code == 200
        assert client.get("/staff/venues/new").status_code == 403


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("", "A browser on a computer"),
        ("<script>alert(1)</script>", "A browser on a computer"),
    ],
)
def test_a_browser_is_said_in_a_few_words(said: str, words: str) -> None:
    assert browser_in_words(said) == words
