"""Everybody reads what families raised and what came of it, late or not, and never who was there."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import transaction
from booking.formats.said_file import COLUMNS
from booking.models import Event
from booking.rules.words import Delivery, IssueOutcome, Outcome
from booking.services.close_register import close_register
from tests.cast import a_booking, a_venue, an_event, an_issue
from tests.page_checks import problems_of

BOARD = "/you-said-we-did"
WORDS = "Nobody tells us why the bus is late"


def held(families: int, *, traveller: time_machine.Traveller, **values: object) -> Event:
    """A session to which so many families came, and which is over."""
    event = an_event(title="Forum of the weavers", **values)  # type: ignore[arg-type]
    bookings = [a_booking(event) for _each in range(families)]
    places = [place.id for booking in bookings for place in booking.places]
    if traveller and clock.now() < event.ends_at:
        traveller.move_to(event.ends_at + timedelta(minutes=5))
    with transaction():
        close_register(event.id, dict.fromkeys(places, Outcome.ATTENDED), by=None)
    return event


@pytest.fixture
def event(in_app: Flask) -> Event:
    """A session to which nobody is known to have come."""
    return an_event(starts_at=clock.now() - timedelta(days=1), title="Forum of the weavers")


class TestTheBoard:
    def test_says_that_nothing_is_published_and_shows_nothing_that_is_not(
        self, event: Event, client: FlaskClient
    ) -> None:
        issue = an_issue(event, published_text=None)
        html = client.get(BOARD).text
        assert "Nothing is published here yet." in html
        assert "What was written down" not in html
        assert client.get(f"{BOARD}/{issue.id}").status_code == 404

    def test_shows_words_owner_and_due_month_and_never_what_was_written_down(
        self, event: Event, client: FlaskClient
    ) -> None:
        issue = an_issue(event, text=f"{WORDS} <b>", theme="travel", workstream=2, updates=("We asked.",))
        html = client.get(BOARD).text
        assert f"{WORDS} &lt;b&gt;" in html
        assert "What was written down" not in html
        for said in (
            "Kent County Council",
            "Getting to school",
            "Ashford",
            "Workstream 2",
            "We asked.",
            "in July 2026",
        ):
            assert said in html, said
        assert f'id="issue-{issue.id}"' in html
        assert problems_of(html) == []

    def test_an_answer_comes_with_its_reason(self, event: Event, client: FlaskClient) -> None:
        an_issue(event, outcome=IssueOutcome.CANNOT, reason="There is no money for it this year.")
        html = client.get(BOARD).text
        assert "The answer: Not possible" in html
        assert "There is no money for it this year." in html
        assert "We are late" not in html

    def test_what_is_late_is_said_plainly_and_first(self, event: Event, client: FlaskClient) -> None:
        an_issue(event, text="Not late")
        an_issue(event, text="Very late", days_ago=43)
        html = client.get(BOARD).text
        assert html.index("Very late") < html.index("Not late")
        assert "The answer was due in June 2026. We are late." in html
        assert "1 answer is late" in html

    def test_speaks_polish_and_marks_english_words(self, event: Event, client: FlaskClient) -> None:
        an_issue(event, text=WORDS, days_ago=43)
        html = client.get(f"/pl{BOARD}").text
        assert "Wy mówicie, my działamy" in html
        assert "Spóźniamy się." in html
        assert f'dir="ltr">{WORDS}' in html
        assert problems_of(html) == []

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("state=late", {"Late"}),
            ("state=open", {"Late", "Online", "Travel"}),
            ("state=answered", {"Answered"}),
            ("district=online", {"Online"}),
            ("district=ashford&state=open", {"Late"}),
            ("theme=travel", {"Travel"}),
            ("theme=none&district=ashford", {"Late", "Answered"}),
            ("theme=%00&district=nowhere&state=zz", {"Late", "Answered", "Online", "Travel"}),
        ],
    )
    def test_is_filtered_by_links(self, event: Event, client: FlaskClient, asked: str, found: set[str]) -> None:
        online = an_event(delivery=Delivery.ONLINE)
        swale = an_event(venue_id=a_venue(district="swale").id)
        an_issue(event, text="Words: Late", days_ago=50)
        an_issue(event, text="Words: Answered", outcome=IssueOutcome.DONE)
        an_issue(online, text="Words: Online")
        an_issue(swale, text="Words: Travel", theme="travel")
        html = client.get(f"{BOARD}?{asked}").text
        assert {word for word in ("Late", "Answered", "Online", "Travel") if f"Words: {word}" in html} == found

    def test_a_link_finds_an_issue_on_whatever_page_it_stands(self, event: Event, client: FlaskClient) -> None:
        issues = [an_issue(event, days_ago=30 - number) for number in range(21)]
        assert client.get(f"{BOARD}/{issues[0].id}").location == f"{BOARD}#issue-{issues[0].id}"
        last = client.get(f"{BOARD}/{issues[20].id}").location
        assert last == f"{BOARD}?page=2#issue-{issues[20].id}"
        assert f'id="issue-{issues[20].id}"' in client.get(f"{BOARD}?page=2").text


class TestFewFamilies:
    def test_a_session_is_named_from_five_families_on(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        event = held(5, traveller=summer)
        issue = an_issue(event)
        html = client.get(BOARD).text
        assert "Forum of the weavers" in html
        due = clock.today() + timedelta(days=42)
        assert f"We will answer by {due.day} {due:%B %Y}." in html
        session = client.get(f"/sessions/{event.slug}").text
        assert f"{BOARD}/{issue.id}" in session

    def test_of_four_only_district_and_month_are_said(
        self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        event = held(4, traveller=summer)
        an_issue(event)
        html = client.get(BOARD).text
        for secret in ("Forum of the weavers", event.slug, f"{clock.today() + timedelta(days=42):%-d %B}"):
            assert secret not in html
        assert f"{clock.today():%B %Y}" in html
        assert "Ashford" in html
        assert BOARD + "/" not in client.get(f"/sessions/{event.slug}").text
        assert "weavers" not in client.get(f"{BOARD}.csv").text

    @pytest.mark.one_database
    def test_how_many_raised_it_is_said_from_ten_on(self, event: Event, client: FlaskClient) -> None:
        an_issue(event, families=9)
        assert "9 families" not in client.get(BOARD).text
        an_issue(event, families=10)
        assert "10 families said this" in client.get(BOARD).text


class TestTheFile:
    def test_holds_every_published_issue_safe_against_formulas(self, event: Event, client: FlaskClient) -> None:
        an_issue(
            event,
            text="=1+1",
            theme="travel",
            workstream=2,
            days_ago=43,
            updates=("@ask", "Again"),
            outcome=IssueOutcome.CANNOT_YET,
            reason="+44 is not a reason",
        )
        an_issue(event, published_text=None)
        answer = client.get(f"{BOARD}.csv")
        assert answer.mimetype == "text/csv"
        header, row = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
        assert tuple(header) == COLUMNS
        told = dict(zip(header, row, strict=True))
        assert told["text"] == "'=1+1"
        assert told["reason"] == "'+44 is not a reason"
        assert (told["raised_on"], told["due_on"], told["answered_on"]) == ("2026-05", "2026-06", "2026-06-16")
        assert (told["district"], told["state"], told["outcome"]) == ("ashford", "answered", "cannot_yet")
        assert told["updates"] == "2026-06-16: @ask\n2026-06-16: Again"

    @pytest.mark.one_database
    def test_is_filtered_like_the_page(self, event: Event, client: FlaskClient) -> None:
        an_issue(event, text="Words: open")
        an_issue(event, text="Words: done", outcome=IssueOutcome.DONE)
        told = client.get(f"{BOARD}.csv?state=answered").text
        assert "Words: done" in told
        assert "Words: open" not in told
