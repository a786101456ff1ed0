"""What families raise at a session is written down, corrected and taken back, sealed, and by who runs the session."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking.errors import Conflict, Refusal
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import AuditEntry, Event, Issue
from booking.queries.issues import issues_at
from booking.rules.issues import LONGEST, Raised, refuse_issue
from booking.rules.words import StaffRole
from booking.services.keep_issue import raise_issue
from booking.services.sweep_old import sweep_old
from tests.cast import a_member_of_staff, an_event, come_back, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import send

KENT = get_locality("kent")
WORDS = "Nobody tells us why the bus does not come"


@pytest.fixture
def event(in_app: Flask, summer: time_machine.Traveller) -> Event:
    """A session that is over."""
    event = an_event()
    summer.move_to(event.ends_at + timedelta(hours=1))
    return event


@pytest.fixture
def organiser(event: Event, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    return client


def raised(event: Event, **more: object) -> Issue:
    with transaction():
        number = raise_issue(event.id, Raised(text=WORDS, **more), locality=KENT).id  # type: ignore[arg-type]
    return db.session.get_one(Issue, number)


class TestWritingItDown:
    def test_several_on_one_page_with_what_they_are_about(self, event: Event, organiser: FlaskClient) -> None:
        page = f"/staff/sessions/{event.id}/issues"
        for words in (WORDS, "We wait too long"):
            answer = send(organiser, page, text=words, families="4", weakness="8", theme=KENT.topics[0].code)
            assert answer.status_code == 303
        db.session.rollback()
        first, second = issues_at(event.id)
        assert (first.text, first.families, first.weakness) == (WORDS, 4, 8)
        assert second.workstream == 5, "the workstream that answers the weakness"
        html = organiser.get(page).text
        assert WORDS in html
        assert "What families raised: 2" in organiser.get(f"/staff/sessions/{event.id}").text
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "raise_issue")).all()
        assert len(actions) == 2

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"text": " "}, "Write down what families raised."),
            ({"text": "x" * (LONGEST + 1)}, "characters or fewer"),
            ({"text": WORDS, "families": "some"}, "Write a whole number"),
            ({"text": WORDS, "families": "0"}, "Write a whole number from 1"),
            ({"text": WORDS, "theme": "<b>"}, "Choose a theme from the list"),
            ({"text": WORDS, "workstream": "99"}, "Choose a workstream from the list"),
            ({"text": WORDS, "weakness": "=1+1"}, "Choose a weakness from the list"),
        ],
    )
    @pytest.mark.one_database
    def test_says_what_is_wrong_and_loses_nothing(
        self, event: Event, organiser: FlaskClient, fields: dict[str, str], sentence: str
    ) -> None:
        answer = send(organiser, f"/staff/sessions/{event.id}/issues", **fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert fields["text"].strip() in answer.text
        assert issues_at(event.id) == []

    def test_is_sealed(self, event: Event) -> None:
        raised(event)
        assert WORDS not in str(db.session.execute(text("SELECT text FROM issue")).scalar_one())

    def test_not_before_the_session(self, in_app: Flask) -> None:
        with pytest.raises(Conflict), transaction():
            raise_issue(an_event().id, Raised(text=WORDS), locality=KENT)

    @pytest.mark.one_database
    def test_blank_families_are_not_counted_and_nought_is_none(self) -> None:
        refuse_issue(Raised(text=WORDS, families=None), KENT)
        with pytest.raises(Refusal):
            refuse_issue(Raised(text=WORDS, families=0), KENT)


class TestAfterwards:
    def test_it_is_corrected(self, event: Event, organiser: FlaskClient) -> None:
        issue = raised(event, families=2)
        page = f"/staff/sessions/{event.id}/issues/{issue.id}"
        assert WORDS in organiser.get(page).text
        assert problems_of(organiser.get(page).text) == []
        assert send(organiser, page, text="The bus comes late", families="").status_code == 303
        db.session.refresh(issue)
        assert (issue.text, issue.families) == ("The bus comes late", None)

    def test_it_is_taken_back(self, event: Event, organiser: FlaskClient) -> None:
        issue = raised(event)
        page = f"/staff/sessions/{event.id}/issues/{issue.id}"
        assert send(organiser, page, to=f"{page}/take-back").status_code == 303
        db.session.rollback()
        assert issues_at(event.id) == []
        assert organiser.get(page).status_code == 404

    def test_one_of_another_session_is_not_there(self, event: Event, organiser: FlaskClient) -> None:
        issue = raised(event)
        other = an_event(starts_at=event.starts_at, ends_at=event.ends_at)
        assert organiser.get(f"/staff/sessions/{other.id}/issues/{issue.id}").status_code == 404

    def test_whoever_does_not_run_the_session_reads_none(self, event: Event, client: FlaskClient) -> None:
        raised(event)
        sign_in(client, a_member_of_staff(StaffRole.VENUE))
        come_back(client)
        assert client.get(f"/staff/sessions/{event.id}/issues").status_code == 403
        assert "What families raised" not in client.get(f"/staff/sessions/{event.id}").text

    def test_the_words_go_after_two_years(self, event: Event, summer: time_machine.Traveller) -> None:
        issue = raised(event, families=3)
        summer.move_to(event.ends_at + timedelta(days=740))
        with transaction():
            sweep_old()
        db.session.refresh(issue)
        assert (issue.text, issue.families) == (None, 3)
