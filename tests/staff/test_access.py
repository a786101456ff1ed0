"""Who may open which staff page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from booking.rules.words import StaffRole
from booking.web.shared import access
from tests.cast import a_member_of_staff, sign_in


def staff_rules(app: Flask) -> list[Rule]:
    """Every staff and door route."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("staff.", "door."))]


def address(app: Flask, rule: Rule) -> str:
    """The address of a route, with 999999 for every number in it: there is nothing there, but the guard comes first."""
    with app.test_request_context():
        return url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 999_999))


class TestTheTable:
    @pytest.mark.one_database
    def test_holds_every_staff_and_door_page_once(self, app: Flask) -> None:
        endpoints = {rule.endpoint for rule in staff_rules(app)}
        assert len(endpoints) > 3
        assert endpoints <= set(access.REQUIRED) | access.OPEN
        assert not set(access.REQUIRED) & access.OPEN

    @pytest.mark.one_database
    def test_holds_no_page_that_does_not_exist(self, app: Flask) -> None:
        assert set(access.REQUIRED) | access.OPEN <= {rule.endpoint for rule in staff_rules(app)}


@pytest.fixture
def _no_tokens(app: Flask) -> Iterator[None]:
    """Let forms through without their token: the guard is asked, not the form."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


class TestTheGuard:
    @pytest.mark.one_database
    @pytest.mark.usefixtures("_no_tokens")
    def test_sends_strangers_to_sign_in_and_back(self, app: Flask, client: FlaskClient) -> None:
        for rule in staff_rules(app):
            if rule.endpoint in access.OPEN:
                continue
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answer = client.open(address(app, rule), method=method, buffered=True)
            assert answer.status_code == 303, rule.endpoint
            assert answer.location.startswith("/staff/sign-in?next=/"), rule.endpoint

    @pytest.mark.one_database
    def test_refuses_a_page_that_is_not_in_the_table_even_to_an_admin(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ADMIN))
        assert client.get("/staff/").status_code == 200
        action = access.REQUIRED.pop("staff.home")
        try:
            assert client.get("/staff/").status_code == 403
        finally:
            access.REQUIRED["staff.home"] = action

    @pytest.mark.one_database
    def test_refuses_somebody_without_a_role(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff("nobody_knows_it"))  # type: ignore[arg-type]
        assert client.get("/staff/").status_code == 403

    @pytest.mark.one_database
    def test_forgets_somebody_who_is_not_active_any_more(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ADMIN, active=False))
        assert client.get("/staff/").status_code == 303


@pytest.mark.one_database
def test_guard_works_on_any_blueprint() -> None:
    blueprint = Blueprint("new", __name__)
    access.guard(blueprint)
    assert blueprint.before_request_funcs[None]
