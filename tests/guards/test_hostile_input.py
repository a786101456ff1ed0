"""Nothing that can be typed into an address or sent to it makes a page fall over, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from booking.models import Staff
from tests.cast import sign_in, somebody_with_every_role
from tests.limits import forget_tries

pytestmark = pytest.mark.one_database("postgresql")
"""It refuses more than SQLite does: NUL, numbers that are too large, text that is no number."""

NUMBERS = ("0", "2147483648", "9223372036854775808", "1" * 40)
WORDS = ("%00", "a%00b", "%ff%fe", "%ed%a0%80", "'%22%3E%3Cscript%3E", "%25", "x" * 3000, "%E2%80%AE", "..%2f..%2fetc")
ASKED = ("q", "status", "period", "by", "page", "place", "district", "kind", "time", "with", "cursor", "from", "to")
ASKED += ("child", "when", "archived", "next", "lang", "profile")
FIELDS = ("csrf_token", "email", "contact", "adults", "children", "full_name", "state", "outcome", "tap", "override")
FIELDS += ("name_1", "district", "reason", "period", "profile", "step", "seen", "starts-year", "password", "code")


def addresses(rule: Rule) -> Iterator[str]:
    """Every address of a route with something bad in place of each of its arguments."""
    parts: list[list[str]] = [[]]
    for _is_dynamic, part in rule._trace:
        if part == "|":
            continue
        choices = [part]
        if _is_dynamic:
            is_number = type(rule._converters[part]).__name__ == "IntegerConverter"
            choices = list(NUMBERS if is_number else WORDS)
        parts = [[*before, choice] for before in parts for choice in choices[: 2 if len(parts) > 1 else None]]
    return ("".join(each) for each in parts)


@pytest.fixture
def admin(app: Flask) -> Iterator[Staff]:
    """An admin. Forms need no token, and what goes wrong inside becomes a page, as in real life."""
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=False)
    with app.app_context():
        member = somebody_with_every_role()
    yield member
    app.config.update(WTF_CSRF_ENABLED=True, TESTING=True)


def browser_of(app: Flask, admin: Staff) -> FlaskClient:
    """A fresh browser, signed in."""
    forget_tries()
    client = app.test_client()
    sign_in(client, admin)
    return client


def rules(app: Flask, method: str) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
    return [rule for rule in found if rule.endpoint != "security.logout"]


def test_bad_addresses_get_a_calm_answer(app: Flask, admin: Staff) -> None:
    fell = []
    for rule in rules(app, "GET"):
        browser = browser_of(app, admin)
        fell += [address for address in addresses(rule) if browser.get(address, buffered=True).status_code >= 500]
    assert fell == []


@pytest.mark.parametrize("bad", ["a%00", "%ff", "%25%5C_", "x" * 5000, "9" * 30])
def test_bad_questions_get_a_calm_answer(app: Flask, admin: Staff, bad: str) -> None:
    asked = "&".join(f"{name}={bad}" for name in ASKED)
    fell = []
    for rule in rules(app, "GET"):
        if rule.arguments:
            continue
        browser = browser_of(app, admin)
        paths = [f"{rule.rule}?{asked}", *(f"{rule.rule}?{name}={bad}" for name in ("q", "cursor", "from", "period"))]
        fell += [path for path in paths if browser.get(path, buffered=True).status_code >= 500]
    assert fell == []


@pytest.mark.parametrize("bad", ["a\0b", "\ud7ff\ufffe", "9" * 400, "\r\nBcc: x@example.org"])
def test_bad_fields_get_a_calm_answer(app: Flask, admin: Staff, bad: str) -> None:
    fell = []
    for rule in rules(app, "POST"):
        address = next(iter(addresses(rule)))
        browser = browser_of(app, admin)
        form = "application/x-www-form-urlencoded"
        answers = {
            "fields": browser.post(address, data=dict.fromkeys(FIELDS, bad), buffered=True),
            "json": browser.post(address, json={"email": bad}, buffered=True),
            "bytes": browser.post(address, data=b"\xff\x00=%ff&&&=", content_type=form, buffered=True),
        }
        fell += [f"{rule.endpoint} {name}" for name, answer in answers.items() if answer.status_code >= 500]
    assert fell == []


def test_the_admin_of_these_tests_is_signed_in(app: Flask, admin: Staff) -> None:
    assert browser_of(app, admin).get("/staff/").status_code == 200
