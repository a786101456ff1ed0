"""Signing in, out and with two steps; the one-time link."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.invitations import invitation_token
from booking.models import AuditEntry, Staff
from booking.rules.words import StaffRole
from booking.services.invite_staff import invite_staff
from tests.staff.browse import forms_of, send

pytestmark = pytest.mark.one_database

SIGN_IN = "/staff/sign-in"
PASSWORD = "plum orchard kettle"
EMAIL = "robin@pact.example.org"


def invite(app: Flask, email: str = EMAIL, role: StaffRole | None = StaffRole.VENUE) -> str:
    with app.app_context(), transaction():
        member = invite_staff(email, name="Robin Rose", role=role)
        return f"/staff/set-password/{invitation_token(member, now=clock.now())}"


@pytest.fixture
def member(app: Flask, client: FlaskClient) -> str:
    """Somebody who has set a password; the address."""
    assert send(client, invite(app), password=PASSWORD).status_code == 303
    return EMAIL


class TestTheOneTimeLink:
    def test_sets_the_password_once(self, app: Flask, client: FlaskClient) -> None:
        link = invite(app)
        answer = send(client, link, password=PASSWORD)
        assert answer.status_code == 303
        assert answer.location == SIGN_IN
        assert client.get(link).status_code == 404
        assert send(client, SIGN_IN, email=EMAIL, password=PASSWORD).location.endswith("/staff/")

    def test_does_nothing_on_get(self, app: Flask, client: FlaskClient) -> None:
        link = invite(app)
        assert client.get(link).status_code == 200
        assert client.get(link).status_code == 200
        with app.app_context():
            assert db.session.scalars(select(Staff.password)).one() is None

    def test_is_void_after_three_days(self, app: Flask, client: FlaskClient) -> None:
        link = invite(app)
        with time_machine.travel(clock.now() + timedelta(days=3, minutes=1)):
            assert client.get(link).status_code == 404

    def test_is_void_when_a_newer_one_was_made(self, app: Flask, client: FlaskClient) -> None:
        old, new = invite(app), invite(app, role=None)
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200

    @pytest.mark.parametrize(
        "token", ["", "x", "1-2-3", "99999999999999999999-1-a", "1-99999999999999999999-a", "é-1-a"]
    )
    def test_shows_a_calm_page_for_a_spoiled_one(self, app: Flask, client: FlaskClient, token: str) -> None:
        invite(app)
        assert client.get(f"/staff/set-password/{token}").status_code == 404

    @pytest.mark.parametrize("password", ["", "short", "ninechars"])
    def test_refuses_a_weak_password(self, app: Flask, client: FlaskClient, password: str) -> None:
        assert send(client, invite(app), password=password).status_code == 422

    def test_signs_out_who_was_signed_in(self, app: Flask, client: FlaskClient, member: str) -> None:
        send(client, SIGN_IN, email=member, password=PASSWORD)
        assert client.get("/staff/").status_code == 200
        invite(app, role=None)
        assert client.get("/staff/").status_code == 303

    def test_is_written_down(self, app: Flask, client: FlaskClient) -> None:
        send(client, invite(app), password=PASSWORD)
        with app.app_context():
            actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert list(actions) == ["staff invited", "password set by link"]


class TestSigningIn:
    def test_says_the_same_for_a_wrong_password_and_a_stranger(self, client: FlaskClient, member: str) -> None:
        pages = [
            send(client, SIGN_IN, email=address, password="not the password").get_data(as_text=True)
            for address in (member, "nobody@pact.example.org")
        ]
        said = [re.findall(r"The email or the password is not right", page) for page in pages]
        assert said[0]
        assert said[0] == said[1]
        assert client.get("/staff/").status_code == 303

    def test_nobody_gets_in_without_a_password(self, app: Flask, client: FlaskClient) -> None:
        invite(app)
        for password in ("", "None", "null"):
            send(client, SIGN_IN, email=EMAIL, password=password)
            assert client.get("/staff/").status_code == 303

    def test_goes_back_to_the_page_one_wanted(self, client: FlaskClient, member: str) -> None:
        asked = client.get("/staff/venues?q=oast")
        page = client.get(asked.location)
        answer = send(client, page, to=asked.location, email=member, password=PASSWORD)
        assert answer.location.endswith("/staff/venues?q=oast")

    @pytest.mark.parametrize(
        "bad", ["https://evil.example", "//evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example"]
    )
    def test_never_leads_elsewhere(self, client: FlaskClient, member: str, bad: str) -> None:
        page = client.get(SIGN_IN, query_string={"next": bad})
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert token
        answer = client.post(
            SIGN_IN, query_string={"next": bad}, data={"csrf_token": token[1], "email": member, "password": PASSWORD}
        )
        leads_to = answer.headers.get("Location", "/")
        assert re.match(r"/(?![/\\\\])", leads_to), leads_to

    def test_is_limited(self, client: FlaskClient, member: str) -> None:
        codes = [send(client, SIGN_IN, email=member, password=f"guess {each}").status_code for each in range(11)]
        assert codes[:10] == [200] * 10
        assert codes[10] == 429

    @pytest.mark.parametrize("accept", ["application/json", "*/*"])
    def test_is_limited_for_programs_too(self, client: FlaskClient, member: str, accept: str) -> None:
        token = forms_of(client.get(SIGN_IN))[SIGN_IN]["csrf_token"][0]
        fields = {"csrf_token": token, "email": member, "password": "guess"}
        codes = [client.post(SIGN_IN, data=fields, headers={"Accept": accept}).status_code for _ in range(11)]
        assert 429 not in codes[:10]
        assert codes[10] == 429

    def test_takes_forms_alone(self, client: FlaskClient, member: str) -> None:
        token = forms_of(client.get(SIGN_IN))[SIGN_IN]["csrf_token"][0]
        fields = {"email": member, "password": PASSWORD}
        answer = client.post(SIGN_IN, json=fields, headers={"X-CSRFToken": token, "Accept": "application/json"})
        assert answer.status_code == 415
        assert client.get("/staff/").status_code == 303

    def test_is_limited_for_one_person_wherever_the_tries_come_from(self, app: Flask, member: str) -> None:
        codes = []
        for number in range(61):
            browser = app.test_client()
            page = browser.get(SIGN_IN)
            fields = forms_of(page)[SIGN_IN] | {"email": [member.upper()], "password": ["guess"]}
            place = {"REMOTE_ADDR": f"192.0.2.{number}"}
            codes.append(browser.post(SIGN_IN, data=fields, environ_base=place).status_code)
        assert codes == [200] * 60 + [429]

    def test_keeps_nobody_after_the_browser_closes(self, client: FlaskClient, member: str) -> None:
        page = client.get(SIGN_IN)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert token
        fields = {"csrf_token": token[1], "email": member, "password": PASSWORD, "remember": "y"}
        answer = client.post(SIGN_IN, data=fields)
        assert answer.status_code == 302
        cookies = answer.headers.getlist("Set-Cookie")
        assert not any("remember" in cookie for cookie in cookies)
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" not in cookie for cookie in cookies)

    def test_works_over_https_with_the_referer_that_browsers_send(self, client: FlaskClient, member: str) -> None:
        base = "https://bookings.example.org"
        page = client.get(SIGN_IN, base_url=base)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert token
        fields = {"csrf_token": token[1], "email": member, "password": PASSWORD}
        assert client.post(SIGN_IN, data=fields, base_url=base).status_code == 400
        good = client.post(SIGN_IN, data=fields, base_url=base, headers={"Referer": base + SIGN_IN})
        assert good.status_code == 302

    def test_ends_with_sign_out(self, client: FlaskClient, member: str) -> None:
        send(client, SIGN_IN, email=member, password=PASSWORD)
        send(client, "/staff/account", to="/staff/sign-out")
        assert client.get("/staff/").status_code == 303

    def test_offers_no_registration_and_no_reset_by_mail(self, client: FlaskClient) -> None:
        for path in ("register", "reset", "confirm", "two-step/rescue", "login"):
            assert client.get(f"/staff/{path}").status_code == 404, path


class TestChangingThePassword:
    def test_takes_the_new_one(self, client: FlaskClient, member: str) -> None:
        send(client, SIGN_IN, email=member, password=PASSWORD)
        new = "another long password"
        answer = send(client, "/staff/password", password=PASSWORD, new_password=new, new_password_confirm=new)
        assert answer.status_code == 302
        send(client, "/staff/account", to="/staff/sign-out")
        assert send(client, SIGN_IN, email=member, password=new).location.endswith("/staff/")


class TestTwoSteps:
    def test_asks_for_a_code_from_then_on(self, app: Flask, client: FlaskClient, member: str) -> None:
        send(client, SIGN_IN, email=member, password=PASSWORD)
        page = send(client, "/staff/two-step")
        html = page.get_data(as_text=True)
        key = re.search(r'<strong class="house-key">([A-Z2-7 -]+)</strong>', html)
        action = re.search(r'action="(/staff/two-step/[^"]+)"', html)
        assert key
        assert action
        app_on_phone = pyotp.TOTP(re.sub(r"[^A-Z2-7]", "", key[1]))
        assert send(client, page, to=action[1], code=app_on_phone.at(clock.now())).status_code == 302

        codes = send(client, "/staff/recovery-codes").get_data(as_text=True)
        recovery = re.findall(r"<li>([0-9a-f-]{8,})</li>", codes)
        assert len(recovery) == 5
        with app.app_context():
            stored = db.session.scalars(select(Staff.mf_recovery_codes)).one()
            assert stored
            assert not set(stored) & set(recovery), "recovery codes are sealed at rest"

        send(client, "/staff/account", to="/staff/sign-out")
        asked = send(client, SIGN_IN, email=member, password=PASSWORD)
        assert "/staff/two-step/code" in asked.location
        assert client.get("/staff/").status_code == 303
        page = client.get(asked.location)
        [form] = forms_of(page)
        assert send(client, page, to=form, code="000000").status_code == 200
        assert client.get("/staff/").status_code == 303
        with time_machine.travel(clock.now() + timedelta(seconds=31)):
            send(client, page, to=form, code=app_on_phone.at(clock.now()))
            assert client.get("/staff/").status_code == 200

            send(client, "/staff/account", to="/staff/sign-out")
            send(client, SIGN_IN, email=member, password=PASSWORD)
            send(client, "/staff/two-step/recovery-code", code=recovery[0])
            assert client.get("/staff/").status_code == 200
