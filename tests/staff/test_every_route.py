"""Every staff and door route, opened by each role, answers as `rules/permissions.py` says: no more, no less.

What is expected is worked out here from the words of the table, not by the code that the guard runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from booking import clock
from booking.extensions import db, limiter, transaction
from booking.models import Duty, Event, Feedback, Issue, Message, NeedRequest, Series, Staff
from booking.rules.permissions import ALLOWED, Action, Reach
from booking.rules.words import ConsentSubject, FeedbackOrigin, StaffRole
from booking.services.ask_needs import Need
from booking.web.shared import access
from tests.cast import a_booking, a_mail_from, a_member_of_staff, an_event, sign_in
from tests.staff.browse import send

MEANS_A_SESSION = (
    "event_id",
    "series_id",
    "booking_id",
    "need_id",
    "message_id",
    "inbound_id",
    "issue_id",
    "feedback_id",
)
WHEN = {"today": timedelta(hours=1), "next week": timedelta(days=7)}


@dataclass
class Target:
    """A session with one of everything that an address can mean."""

    is_own: bool
    is_today: bool
    numbers: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def _no_tokens(app: Flask) -> Iterator[None]:
    """Let forms through without their token: the guard is asked, not the form."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def a_target(member: Staff | None, *, starts_at: datetime, is_today: bool) -> Target:
    with transaction():
        series = Series(slug=f"series-{member is None}-{is_today}", title="A course")
        db.session.add(series)
        db.session.flush()
        number = series.id
    event = an_event(starts_at=clock.now() + timedelta(days=7), series_id=number)
    booking = a_booking(event, needs=(Need("bsl"),), consents=(ConsentSubject.NEEDS,))
    mail = a_mail_from(booking)
    with transaction():
        row = db.session.get_one(Event, event.id)
        row.starts_at, row.ends_at = starts_at, starts_at + timedelta(hours=2)
        issue = Issue(event_id=event.id, text="Letters are hard to follow.", raised_at=starts_at)
        db.session.add(issue)
        db.session.flush()
        said = Feedback(event_id=event.id, origin=FeedbackOrigin.QR, change="More chairs.", answered_at=starts_at)
        db.session.add(said)
        db.session.flush()
        raised, wrote = issue.id, said.id
        if member is not None:
            db.session.add(Duty(staff_id=member.id, event_id=event.id))
    need = db.session.query(NeedRequest.id).filter_by(booking_id=booking.id).scalar()
    message = db.session.query(Message.id).filter_by(booking_id=booking.id).limit(1).scalar()
    numbers = {"event_id": event.id, "series_id": number, "booking_id": booking.id, "need_id": need}
    return Target(
        is_own=member is not None,
        is_today=is_today,
        numbers=numbers | {"message_id": message, "inbound_id": mail.id, "issue_id": raised, "feedback_id": wrote},
    )


ABOUT_A_PLACE = {"staff.hire": "asks itself whether it is their day at that place; tests/staff/test_hire.py"}


def rules(app: Flask) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("staff.", "door."))]
    return [rule for rule in found if rule.endpoint not in {*access.OPEN, *ABOUT_A_PLACE}]


def expected(role: StaffRole, endpoint: str, rule: Rule, target: Target, *, all_sessions: bool) -> bool:
    """Say in the plainest way whether this role may open this."""
    reach = ALLOWED[role].get(access.REQUIRED[endpoint])
    if reach is None:
        return False
    if reach == Reach.ALL:
        return True
    is_about_a_session = any(name in rule.arguments for name in MEANS_A_SESSION)
    if not all_sessions and endpoint in access.EVERYWHERE:
        return False
    if not is_about_a_session:
        return True
    is_own = all_sessions or target.is_own
    return is_own if reach == Reach.OWN else is_own and target.is_today


@pytest.mark.one_database
@pytest.mark.usefixtures("_no_tokens")
@pytest.mark.parametrize("all_sessions", [False, True], ids=["own sessions", "every session"])
@pytest.mark.parametrize("role", list(StaffRole))
def test_answers_as_the_table_says(app: Flask, client: FlaskClient, role: StaffRole, all_sessions: bool) -> None:
    with app.app_context():
        member = a_member_of_staff(role, all_sessions=all_sessions)
        targets = [
            a_target(whose, starts_at=clock.now() + away, is_today=name == "today")
            for whose in (member, None)
            for name, away in WHEN.items()
        ]
        sign_in(client, member)
    opened = 0
    for rule in rules(app):
        for target in targets:
            limiter.reset()
            values = {name: target.numbers.get(name, 999_999) for name in rule.arguments}
            with app.test_request_context():
                address = url_for(rule.endpoint, **values)
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = client.open(address, method=method, buffered=True)
            is_let_in = answer.status_code != 403 and not shut_for_the_day(answer.get_data().decode(errors="replace"))
            should = expected(role, rule.endpoint, rule, target, all_sessions=all_sessions)
            assert is_let_in == should, (rule.endpoint, target, answer.status_code)
            assert "/staff/sign-in" not in answer.headers.get("Location", ""), rule.endpoint
            opened += should
            if rule.endpoint in {"staff.end_other_sign_ins"} or not set(rule.arguments) & set(MEANS_A_SESSION):
                break
    assert opened


def shut_for_the_day(html: str) -> bool:
    return "The register opens on" in html or "The day of this session is over" in html


@pytest.mark.one_database
@pytest.mark.parametrize("role", list(StaffRole))
def test_every_role_has_a_row_and_every_action_somebody(role: StaffRole) -> None:
    assert ALLOWED[role]
    assert {action for row in ALLOWED.values() for action in row} == set(Action)


@pytest.mark.one_database
def test_an_admin_sees_no_family(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        event = an_event()
        a_booking(event, email="seen@example.net")
        number = event.id
        sign_in(client, a_member_of_staff(StaffRole.ADMIN))
    assert "seen@example.net" not in client.get(f"/staff/sessions/{number}").text
    assert client.get(f"/door/{number}").status_code == 403


class TestAnOrganiserOfOwnSessions:
    @pytest.fixture
    def own(self, app: Flask, client: FlaskClient) -> tuple[int, int]:
        """A session of theirs and one of somebody else, a family that is to be rung at each."""
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            mine = an_event(title="Mine", organiser_id=member.id, starts_at=clock.now() + timedelta(days=1))
            other = an_event(title="Not mine", starts_at=clock.now() + timedelta(days=1))
            for event, phone, email in (
                (mine, "07700 900111", "mine@example.net"),
                (other, "07700 900222", "theirs@example.net"),
            ):
                a_booking(event, email=None, phone=phone)
                a_mail_from(a_booking(event, email=email))
            numbers = mine.id, other.id
            sign_in(client, member)
        return numbers

    @pytest.mark.parametrize("page", ["/staff/calls", "/staff/inbox", "/staff/messages", "/staff/"])
    def test_finds_none_of_the_others_families_in_a_list(
        self, client: FlaskClient, own: tuple[int, int], page: str
    ) -> None:
        html = client.get(page).text
        assert "theirs@example.net" not in html
        assert "900222" not in html
        if page != "/staff/":
            assert "mine@example.net" in html or "900111" in html

    @pytest.mark.one_database
    def test_sees_that_there_is_another_session_but_not_who_comes(
        self, client: FlaskClient, own: tuple[int, int]
    ) -> None:
        assert "mine@example.net" in client.get(f"/staff/sessions/{own[0]}").text
        page = client.get(f"/staff/sessions/{own[1]}")
        assert page.status_code == 200
        assert "theirs@example.net" not in page.text
        assert f"/staff/sessions/{own[1]}/cancel" not in page.text, "no button that would refuse"

    def test_does_not_find_anothers_family_by_phone(self, client: FlaskClient, own: tuple[int, int]) -> None:
        found = send(client, "/staff/", to="/staff/find-booking", said="mine@example.net")
        assert f"/staff/sessions/{own[0]}" in client.get(found.location).text
        nothing = send(client, "/staff/", to="/staff/find-booking", said="theirs@example.net")
        assert "Nobody has this name, phone number, email or reference." in nothing.text

    @pytest.mark.one_database
    def test_what_they_make_is_theirs(self, app: Flask, client: FlaskClient, own: tuple[int, int]) -> None:
        answer = send(client, f"/staff/sessions/{own[0]}", to=f"/staff/sessions/{own[0]}/copy")
        assert client.get(answer.location).status_code == 200
