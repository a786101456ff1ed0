"""The pages that explain."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from booking.formats.tokens import booking_token
from booking.rules.retention import Kept, of_families, retention_of
from booking.rules.words import StaffRole
from booking.web.shared.kept import how_long
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.public.family import Family
from tests.public.looking import html, page
from tests.public.reading_age import grade

PAGES = {
    "/help": "Help",
    "/worried": "Worried about a child or an adult?",
    "/privacy": "Privacy",
    "/accessibility": "Accessibility statement",
    "/cookies": "Cookies",
    "/security": "Report a security problem",
    "/you-said-we-did": "You said, we did",
}


@pytest.mark.one_database
@pytest.mark.parametrize(("address", "heading"), PAGES.items())
def test_each_page_is_sound_and_offers_help(client: FlaskClient, address: str, heading: str) -> None:
    found = html(client, address)
    assert f">{heading}</h1>" in found
    assert found.count("help@example.org") >= 1
    assert 'href="tel:01632960000"' in found


@pytest.mark.one_database
def test_the_cookie_is_called_by_its_name(client: FlaskClient) -> None:
    assert "session" in page(client, "/cookies")


@pytest.mark.one_database
def test_the_cookies_page_names_every_cookie_that_is_set_and_there_is_no_other(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        an_event(slug="forum")
        member = a_member_of_staff(StaffRole.ORGANISER)
    family = Family(client).book("forum").send()
    family.open("/what-would-help").send(needs=["bsl"])
    for address in ("/", "/help", "/find-my-booking", "/wish", "/news", "/staff/sign-in"):
        family.open(address)
    staff = app.test_client()
    sign_in(staff, member)
    staff.get("/staff/")
    for browser in (client, staff):
        assert {key[2] for key in browser._cookies} == {app.config["SESSION_COOKIE_NAME"]}
        assert all(cookie.expires is None and cookie.max_age is None for cookie in browser._cookies.values())


@pytest.mark.one_database
def test_no_page_shows_a_cookie_banner(client: FlaskClient) -> None:
    for address in PAGES:
        assert "cookie-banner" not in html(client, address)
        assert not re.search(r"accept (all )?cookies", page(client, address), re.IGNORECASE)


@pytest.mark.one_database
class TestPrivacy:
    def test_holds_every_row_of_the_retention_table(self, app: Flask, client: FlaskClient) -> None:
        found = html(client, "/privacy")
        assert found.count('<tr class="govuk-table__row">') == len(of_families()) + 1
        with app.test_request_context():
            for row in of_families():
                assert str(escape(row.what)) in found
                assert how_long(row) in unescape(found)

    @pytest.mark.parametrize(
        ("kept", "said"),
        [
            (Kept.DRAFT, "24 hours after you begin"),
            (Kept.CONTACT, "6 months after your last session"),
            (Kept.NEED_DETAIL, "30 days after the session"),
            (Kept.DIET, "7 days after the session"),
            (Kept.REMEMBERED, "Until you tell us to forget it, or 24 months after your last booking"),
            (Kept.MESSAGE, "90 days after the session"),
            (Kept.VIEWS, "12 months"),
            (Kept.CHANGES, "24 months"),
        ],
    )
    def test_says_how_long_in_plain_words(self, app: Flask, kept: Kept, said: str) -> None:
        with app.test_request_context():
            assert how_long(retention_of(kept)) == said

    def test_names_the_bases_the_rights_and_the_texts_carrier(self, client: FlaskClient) -> None:
        found = page(client, "/privacy")
        for said in ("6(1)(f)", "9(2)(a)", "see what we have about you", "have it deleted", "GOV.UK Notify"):
            assert said in found


@pytest.mark.one_database
def test_the_privacy_page_names_the_ways_to_complain(client: FlaskClient) -> None:
    found = page(client, "/privacy")
    assert "within 30 days" in found
    assert "ico.org.uk" in found


@pytest.mark.one_database
def test_the_accessibility_statement_names_the_enforcing_bodies(client: FlaskClient) -> None:
    found = page(client, "/accessibility")
    assert "Equality and Human Rights Commission" in found
    assert "Equality Advisory and Support Service" in found


@pytest.mark.one_database
@pytest.mark.parametrize(
    "heading",
    [
        "How accessible this site is",
        "Feedback and contact",
        "Enforcement procedure",
        "Technical information about this site’s accessibility",
        "Compliance status",
        "Content that is not accessible",
        "What we do to get better",
        "Preparation of this statement",
    ],
)
def test_the_accessibility_statement_has_the_parts_that_the_law_asks_for(client: FlaskClient, heading: str) -> None:
    assert re.search(rf"<h[23][^>]*>{heading}</h[23]>", html(client, "/accessibility"))


@pytest.mark.one_database
def test_help_is_in_the_same_place_on_every_page(app: Flask, client: FlaskClient) -> None:
    """WCAG 2.2, 3.2.6: after all of the page's own content, first in the footer, in the same words."""
    with app.app_context():
        an_event(slug="forum")
        link = f"/bookings/{booking_token(a_booking(an_event()))}"
    blocks = set()
    family = Family(client)
    draft = family.open("/sessions/forum/book").send(adults=1).path
    for address in (*PAGES, "/", "/sessions", "/sessions/forum", "/find-my-booking", draft, link, "/no-such-page"):
        shown = client.get(address).text
        footer = shown.split("<footer", 1)[1]
        assert footer.index("house-help") < footer.index("<nav"), address
        assert "house-help" not in shown.split("<footer", 1)[0], address
        blocks.add(footer.split("<section", 1)[1].split("</section>")[0])
    assert len(blocks) == 1
    block = blocks.pop()
    assert block.index("tel:01632960000") < block.index("mailto:help@example.org")


@pytest.mark.one_database
@pytest.mark.parametrize("token", ["abc", "x" * 400, "%3Cscript%3E"])
def test_every_feedback_link_gets_the_same_calm_page(client: FlaskClient, token: str) -> None:
    assert html(client, f"/feedback/{token}", status=404).count("<h1") == 1
    assert "Nothing is wrong on your side" in page(client, f"/feedback/{token}", status=404)


@pytest.mark.one_database
def test_security_txt_says_where_to_write_and_until_when(client: FlaskClient) -> None:
    found = client.get("/.well-known/security.txt").text
    assert "Contact: mailto:help@example.org\n" in found
    assert "Expires: 2026-12-13T00:00:00Z\n" in found
    assert "Policy: http://localhost/security\n" in found


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/help", "/worried", "/privacy", "/cookies", "/find-my-booking", "/news", "/"])
def test_a_child_of_eleven_can_read_it(client: FlaskClient, address: str) -> None:
    """A hint and no more: school years by the lengths of words and sentences. Six years of school is age 11."""
    main = client.get(address).text.split("<main", 1)[1].split("</main>")[0]
    assert grade(main) <= 6.5, grade(main)
