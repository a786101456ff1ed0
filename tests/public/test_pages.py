"""The pages that explain."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.public.looking import html, page

PAGES = {
    "/help": "Help",
    "/privacy": "Privacy",
    "/accessibility": "Accessibility statement",
    "/cookies": "Cookies",
    "/security": "Report a security problem",
    "/you-said-we-did": "You said, we did",
}


@pytest.mark.parametrize(("address", "heading"), PAGES.items())
def test_each_page_is_sound_and_offers_help(client: FlaskClient, address: str, heading: str) -> None:
    found = html(client, address)
    assert f">{heading}</h1>" in found
    assert found.count("help@example.org") >= 1
    assert 'href="tel:01632960000"' in found


def test_the_cookie_is_called_by_its_name(client: FlaskClient) -> None:
    assert "session" in page(client, "/cookies")


def test_the_privacy_page_names_the_ways_to_complain(client: FlaskClient) -> None:
    found = page(client, "/privacy")
    assert "within 30 days" in found
    assert "ico.org.uk" in found


def test_the_accessibility_statement_names_the_enforcing_bodies(client: FlaskClient) -> None:
    found = page(client, "/accessibility")
    assert "Equality and Human Rights Commission" in found
    assert "Equality Advisory and Support Service" in found


@pytest.mark.parametrize("token", ["abc", "x" * 400, "%3Cscript%3E"])
def test_every_feedback_link_gets_the_same_calm_page(client: FlaskClient, token: str) -> None:
    assert html(client, f"/feedback/{token}", status=404).count("<h1") == 1
    assert "Nothing is wrong on your side" in page(client, f"/feedback/{token}", status=404)


def test_security_txt_says_where_to_write_and_until_when(client: FlaskClient) -> None:
    found = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:help@example.org\n" in found
    assert "Expires: 2026-12-13T00:00:00Z\n" in found
    assert "Policy: http://localhost/security\n" in found
