"""Whoever sees families signs in with a code as well, and is led to it; a code works once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import transaction
from booking.formats.invitations import invitation_token
from booking.rules.permissions import needs_second_step
from booking.rules.words import StaffRole
from booking.services.give_roles import change_person
from booking.services.invite_staff import invite_staff
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send
from tests.staff.test_every_route import rules
from tests.staff.two_steps import SET_UP, set_up_code_app

pytestmark = pytest.mark.one_database

SIGN_IN, EMAIL, PASSWORD = "/staff/sign-in", "robin@pact.example.org", "plum orchard kettle"
NO_CODE = {"tf_primary_method": None, "tf_totp_secret": None}


@pytest.fixture
def organiser_without(app: Flask, client: FlaskClient) -> FlaskClient:
    """An organiser who has a password and nothing else, signed in."""
    with app.app_context(), transaction():
        member = invite_staff(EMAIL, name="Robin Rose", role=StaffRole.ORGANISER)
        token = invitation_token(member, now=clock.now())
    send(client, f"/staff/set-password/{token}", password=PASSWORD)
    assert send(client, SIGN_IN, email=EMAIL, password=PASSWORD).status_code == 302
    return client


class TestWhoSeesFamilies:
    def test_is_led_to_set_it_up_and_then_to_the_recovery_codes(self, organiser_without: FlaskClient) -> None:
        client = organiser_without
        assert client.get("/staff/").location == SET_UP
        assert "sign in with a code as well" in client.get(SET_UP).text
        set_up_code_app(client)
        page = client.get("/staff/recovery-codes")
        assert "Make new codes" in page.text
        assert client.get("/staff/").status_code == 200

    def test_sees_no_family_before_on_any_page(self, app: Flask, organiser_without: FlaskClient) -> None:
        with app.app_context():
            number = an_event().id
        session = f"/staff/sessions/{number}"
        for path in (session, f"/door/{number}", "/staff/calls", f"{session}/attendance-list.csv"):
            assert organiser_without.get(path).location == SET_UP, path
        assert organiser_without.get("/staff/account").status_code == 200

    def test_cannot_turn_it_off_again(self, organiser_without: FlaskClient) -> None:
        set_up_code_app(organiser_without)
        page = organiser_without.get(SET_UP)
        assert "Turn it off" not in page.text
        fields = forms_of(page)[SET_UP] | {"setup": ["disable"]}
        organiser_without.post(SET_UP, data=fields)
        assert organiser_without.get("/staff/").status_code == 200

    def test_can_move_to_another_phone(self, organiser_without: FlaskClient) -> None:
        first = set_up_code_app(organiser_without)
        with time_machine.travel(clock.now() + timedelta(seconds=61)):
            second = set_up_code_app(organiser_without)
        assert first.secret != second.secret


class TestEveryRole:
    @pytest.mark.parametrize("role", list(StaffRole))
    def test_that_has_to_have_it_opens_no_page_without(
        self, app: Flask, client: FlaskClient, role: StaffRole, no_tokens: None
    ) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(role, **NO_CODE))
        opened = set()
        for rule in rules(app):
            address = rule.rule
            for name in rule.arguments:
                for kind in ("int:", ""):
                    address = address.replace(f"<{kind}{name}>", "999999")
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = client.open(address, method=method)
            if answer.status_code != 403 and answer.headers.get("Location") != SET_UP:
                opened.add(rule.endpoint)
        of_ones_own = {"staff.account", "staff.end_sign_in", "staff.end_other_sign_ins"}
        if needs_second_step([role]):
            assert opened == of_ones_own
        else:
            assert opened > of_ones_own

    def test_that_may_do_without(self) -> None:
        assert {role for role in StaffRole if not needs_second_step([role])} == {StaffRole.VENUE}

    def test_a_role_added_while_signed_in_asks_for_it_at_the_next_page(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.VENUE, **NO_CODE)
            number, email = member.id, member.email
            sign_in(client, member)
        assert client.get("/staff/").status_code == 200
        with app.app_context(), transaction():
            member = invite_staff(email, roles=[StaffRole.VENUE])
            assert member.id == number
        with app.app_context():
            with transaction():
                member = change_person(number, name="x", roles=[StaffRole.ACCESS_LEAD], all_sessions=False, sessions=[])
            sign_in(client, member)
        assert client.get("/staff/").location == SET_UP


class TestACode:
    def test_works_once_even_within_its_half_minute(self, app: Flask, organiser_without: FlaskClient) -> None:
        phone = set_up_code_app(organiser_without)
        later = clock.now() + timedelta(seconds=61)
        with time_machine.travel(later, tick=False):
            code = phone.at(later)
            first, second = app.test_client(), app.test_client()
            for browser in (first, second):
                asked = send(browser, SIGN_IN, email=EMAIL, password=PASSWORD)
                page = browser.get(asked.location)
                [form] = forms_of(page)
                send(browser, page, to=form, code=code)
            assert first.get("/staff/").status_code == 200
            assert second.get("/staff/").location.startswith(SIGN_IN)
            assert send(second, page, to=form, code=code).status_code == 200, "it says no, and asks again"

    def test_that_set_the_app_up_does_not_sign_anybody_in(self, app: Flask, organiser_without: FlaskClient) -> None:
        with time_machine.travel(clock.now(), tick=False):
            phone = set_up_code_app(organiser_without)
            browser = app.test_client()
            page = browser.get(send(browser, SIGN_IN, email=EMAIL, password=PASSWORD).location)
            [form] = forms_of(page)
            send(browser, page, to=form, code=phone.at(clock.now()))
            assert browser.get("/staff/").location.startswith(SIGN_IN)


class TestSlowedDown:
    def test_and_let_in_again_after_a_while(self, app: Flask, organiser_without: FlaskClient) -> None:
        browser = app.test_client()
        codes = [send(browser, SIGN_IN, email=EMAIL, password=f"guess {each}").status_code for each in range(10)]
        assert set(codes) == {200}
        page = browser.get(SIGN_IN)
        assert send(browser, page, to=SIGN_IN, email=EMAIL, password=PASSWORD).status_code == 429
        with time_machine.travel(clock.now() + timedelta(minutes=6)):
            answer = send(browser, SIGN_IN, email=EMAIL, password=PASSWORD)
            assert answer.status_code == 302, "nobody is locked out for good"


class TestTheDemonstration:
    def test_says_so_but_lets_one_look_round(self, app: Flask, organiser_without: FlaskClient) -> None:
        app.extensions["is_demonstration"] = True
        assert organiser_without.get("/staff/").status_code == 200
        assert "made up" in organiser_without.get("/staff/account").text


@pytest.fixture
def no_tokens(app: Flask) -> Iterator[None]:
    """Let forms through without their token: the guard is asked, not the form."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True
