"""Every form works over HTTPS with the Referer that our own policy lets browsers send, and not for anybody else.

Tests over plain HTTP on loopback never see this: there Flask-WTF does not look at the Referer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.locality import get_locality
from booking.rules.words import ConsentSubject
from booking.services.ask_needs import Need
from tests.cast import a_booking, an_event, sign_in, somebody_with_every_role
from tests.conftest import make_config
from tests.guards.crawl import crawl
from tests.limits import forget_tries
from tests.staff.browse import Fields, forms_of

pytestmark = pytest.mark.one_database

SITE = "https://localhost"
TOO_OLD = b"Please try that again"
"""What the page says that refuses a form for want of its token or its Referer."""
NOT_MET = {
    "public.accept_my_offer": "only while a place is offered",
    "public.pass_my_offer": "only while a place is offered",
    "public.see_my_change": "only after the session has changed; tests/journeys/test_j16_seen_the_change.py",
    "public.my_was_there": "only after the session, for who asked for something; tests/public/test_was_there.py",
    "public.wait_for_my_more": "only after more adults were refused",
    "public.start_afresh": "only in a booking that begins from the last one",
    "feeds.text_receipts": "no form: GOV.UK Notify calls it, with a token of its own; tests/mail/test_receipts.py",
    "door.remove_walk_in": "only after somebody was let in",
    "door.came_anyway": "only on the day, for a family that waits or had cancelled",
    "door.counts": "only once the register is closed; tests/door/test_closing.py",
    "door.answer_held": "only when something of a phone waits for a person; tests/door/test_phone_pages.py",
    "door.shut_out": "only after a phone was given a link; tests/door/test_phone_pages.py",
    "phone.enrol": "no form: a phone at the door calls it with the secret of its link; tests/door/test_phone_pages.py",
    "phone.pack": "no form: a phone at the door calls it with a secret of its own",
    "phone.taps": "no form: a phone at the door calls it with a secret of its own",
    "security.mf_recovery": "in the middle of signing in with two steps",
    "security.mf_recovery_codes": "with two steps set up",
    "security.tf_select": "in the middle of signing in with two steps",
    "security.two_factor_rescue": "never offered",
    "security.two_factor_setup_validate": "after choosing an app",
    "security.two_factor_token_validation": "in the middle of signing in with two steps",
    "security.verify": "when signing in was long ago",
    "staff.send_message_again": "only once a message has left; tests/staff/test_message_page.py",
    "staff.edit_issue": "only after something was raised; tests/staff/test_issues.py",
    "staff.remove_issue": "only after something was raised; tests/staff/test_issues.py",
    "staff.what_we_heard": "only once a session is over; tests/staff/test_what_we_heard.py",
    "staff.fetch_attendance_list": "only once a list is asked for; tests/staff/test_attendance_lists.py",
    "staff.do_attendance_import": "only once a file was looked at; tests/staff/test_import_attendance.py",
    "staff.freeze_return": "only once a quarter is over for ten working days; tests/figures/test_return_pages.py",
    "staff.return_bundle": "only once a quarter is frozen; tests/figures/test_return_pages.py",
    "staff.quote": "only once a family wrote something that may be quoted; tests/staff/test_quotes.py",
    "staff.remove_quote": "only once a quote is shown; tests/staff/test_quotes.py",
    "staff.publish_issue": "only after something was raised; tests/staff/test_issue_board.py",
    "staff.withdraw_issue": "only once an issue is published; tests/staff/test_issue_board.py",
    "staff.update_issue": "only once an issue is published; tests/staff/test_issue_board.py",
    "staff.take_back_update": "only once an issue has an update; tests/staff/test_issue_board.py",
    "staff.answer_issue": "only once an issue is published; tests/staff/test_issue_board.py",
    "staff.end_sign_in": "only when one is signed in elsewhere, too; tests/staff/test_idle.py",
    "staff.end_other_sign_ins": "only when one is signed in elsewhere, too; tests/staff/test_idle.py",
    "staff.part_families": "only after two records were joined; tests/staff/test_booking_page.py",
    "staff.answer_two_families": "only where two records share a contact; tests/staff/test_booking_page.py",
    "staff.family_file": "only once a family was found; tests/staff/test_family_held.py",
    "staff.forget_family": "only once a family was found; tests/staff/test_erasing.py",
    "staff.set_password": "with a one-time link; tests/staff/test_sign_in.py",
}
"""Forms that this world does not show. They have the same token in them and pass the same check."""
ONE_TAP = ("public.stop_my_news",)
"""What a mail program may do with the secret of the link alone, as RFC 8058 wants it; it tells nothing."""
LAST = ("public.stop_my_own_calendar", "public.change_my_news", "public.drop_my_news", "public.stop_my_news")
LAST += (
    "staff.move_booking",
    "staff.cancel_booking",
    "staff.cancel_session",
    "staff.remove_slot",
    "staff.remove_photo",
)
LAST += ("public.change_my_contact", "public.book_check", "public.book_clear", "security.logout")


@pytest.fixture
def https(app: Flask) -> Iterator[Flask]:
    """The app as it runs behind TLS: every request of a test client is one over HTTPS."""
    config, before = app.extensions["config"], dict(app.config)
    there = dataclasses.replace(config, public_url=SITE)
    app.extensions["config"] = there
    app.config.update(there.for_flask() | {"TESTING": True})
    yield app
    app.extensions["config"] = config
    app.config.update({name: before[name] for name in there.for_flask()} | {"TESTING": True})


def forms_of_the_site(app: Flask, client: FlaskClient, starts: Iterable[str]) -> dict[str, tuple[str, str, Fields]]:
    """One form for each endpoint that takes one: the page it stands on, its address, what stands in it."""
    adapter = app.url_map.bind("localhost")
    found: dict[str, tuple[str, str, Fields]] = {}
    for visit in crawl(app, client, starts, per_endpoint=9):
        if visit.is_page and visit.response.status_code == 200:
            for action, fields in forms_of(visit.response).items():
                endpoint, _values = adapter.match(urlsplit(action).path, method="POST")
                found.setdefault(endpoint, (visit.path, action, fields))
    return found


def post(client: FlaskClient, action: str, fields: Fields, **headers: str) -> TestResponse:
    forget_tries()
    return client.post(action, data=fields, headers=headers, buffered=True)


def check(client: FlaskClient, forms: dict[str, tuple[str, str, Fields]]) -> None:
    """Send each form as strangers would, then as our own page does; what ends something comes last."""
    rank = {endpoint: place for place, endpoint in enumerate(LAST, start=1)}
    for endpoint, (page, action, fields) in sorted(forms.items(), key=lambda each: rank.get(each[0], 0)):
        without_token = {name: value for name, value in fields.items() if name != "csrf_token"}
        refused = (
            post(client, action, without_token, Referer=SITE + page),
            post(client, action, fields | {"csrf_token": ["x"]}, Referer=SITE + page),
            post(client, action, fields),
            post(client, action, fields, Referer="https://elsewhere.example/"),
            post(client, action, fields, Referer="http://localhost/"),
        )
        if endpoint not in ONE_TAP:
            assert all(answer.status_code == 400 and TOO_OLD in answer.data for answer in refused), endpoint
        ours = post(client, action, fields, Referer=SITE + page)
        assert TOO_OLD not in ours.data, endpoint
        assert ours.status_code in (200, 302, 303, 400, 409, 422), f"{endpoint}: {ours.status_code}"


def test_every_form_works_over_https_for_us_alone(https: Flask, world: list[str]) -> None:
    family, staff = https.test_client(), https.test_client()
    with https.app_context():
        event = an_event(title="Forum to book")
        slug, need = event.slug, get_locality("kent").most_asked[0].code
        a_booking(event, needs=(Need(need),), consents=(ConsentSubject.NEEDS,))
        sign_in(staff, somebody_with_every_role())
    draft = _begin(family, slug)
    steps = ("who", "contact", "children", "needs", "needs/more", "needs/details", "questions", "check", "district")
    helped = f"{_begin(family, slug, booking_for=['family'])}/helper"
    drafts = [*(f"{draft}/{step}" for step in steps), helped]
    public = forms_of_the_site(https, family, [*world, *drafts, "/staff/sign-in"])
    behind = forms_of_the_site(https, staff, ["/staff/", "/door/", "/staff/account"])
    check(family, public)
    check(staff, behind)
    with_post = {rule.endpoint for rule in https.url_map.iter_rules() if "POST" in (rule.methods or ())}
    missing = with_post - set(public) - set(behind) - set(NOT_MET)
    assert not missing, sorted(missing)


def test_pages_send_the_referer_that_forms_need(https: Flask, client: FlaskClient) -> None:
    answer = client.get("/find-my-booking")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_cookie_is_strict(https: Flask, client: FlaskClient) -> None:
    [cookie] = client.get("/find-my-booking").headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")}
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in parts)


def test_no_address_we_give_follows_the_host_that_was_asked_for(https: Flask, client: FlaskClient) -> None:
    for path in (
        "/",
        "/help",
        "/sessions?place=TN23+1AB",
        "/staff",
        "/staff/",
        "/calendar.ics",
        "/feed.atom",
        "/embed",
        "/x",
    ):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert b"evil.example" not in answer.data, path
        assert "evil.example" not in str(answer.headers), path


@pytest.mark.parametrize(
    "path", ["/staff/sign-in", "/staff/password", "/staff/", "/bookings/x", "/staff/set-password/x"]
)
def test_what_is_personal_is_kept_by_no_cache(https: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_plain_http_needs_no_secure_cookie(app: Flask, tmp_path: object) -> None:
    plain = make_config("sqlite://", app.extensions["config"].instance_path).for_flask()
    assert (plain["SESSION_COOKIE_SECURE"], plain["SESSION_COOKIE_NAME"]) == (False, "session")


def _begin(client: FlaskClient, slug: str, **answers: list[str]) -> str:
    """Answer every page of a booking, up to the last, and return where its pages are."""
    place = f"/sessions/{slug}/book"
    for _page in range(8):
        [(action, fields)] = [each for each in forms_of(client.get(place)).items() if not each[0].endswith("/clear")]
        if place.endswith("/check"):
            return place.rsplit("/", 1)[0]
        fields |= {"any_needs": ["yes"], "needs": ["bsl"], "consent_needs": ["y"]} if place.endswith("/needs") else {}
        fields |= {"full_name": ["Sam"], "contact_by": ["email"], "email": ["sam@example.net"]} | answers
        fields |= {"helper_name": ["Jo"], "helper_kind": ["senco"], "helper_permission": ["y"]}
        answer = post(client, action, fields, Referer=SITE + place)
        assert answer.status_code == 303, (place, answer.status_code)
        place = answer.location
    raise AssertionError(place)
