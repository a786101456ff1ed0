"""What families raised is followed up: shown by a named editor, answered in time or seen to be late, and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Event, Issue, IssueUpdate
from booking.rules.words import IssueOutcome, StaffRole
from tests.cast import a_member_of_staff, a_venue, an_event, an_issue, come_back, sign_in
from tests.page_checks import problems_of
from tests.staff.browse import send

WORDS, REASON = "Nobody tells us why the bus is late", "There is no money for it this year."


@pytest.fixture
def event(in_app: Flask) -> Event:
    """A session that is over."""
    start = clock.now() - timedelta(days=1)
    return an_event(starts_at=start, title="Forum of yesterday")


@pytest.fixture
def editor(event: Event, client: FlaskClient) -> FlaskClient:
    """Somebody who looks at how sessions went, at their browser."""
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT, name="Edi Editor"))
    return client


def hidden(event: Event, **values: object) -> Issue:
    """Something that is written down and that nobody has found fit yet."""
    return an_issue(event, **{"published_text": None, "owner": "", **values})  # type: ignore[arg-type]


def again(issue: Issue) -> Issue:
    db.session.rollback()
    return db.session.get_one(Issue, issue.id, populate_existing=True)


def done(action: str) -> int:
    return len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all())


class TestShowingIt:
    def test_an_editor_says_what_everybody_reads_and_who_answers(self, event: Event, editor: FlaskClient) -> None:
        issue = hidden(event)
        page = f"/staff/issues/{issue.id}"
        assert "What was written down at the session" in editor.get(f"{page}/publish").text
        assert problems_of(editor.get(f"{page}/publish").text) == []
        assert send(editor, f"{page}/publish", text=WORDS, owner="kcc", is_fit="y").status_code == 303
        shown = again(issue)
        assert (shown.published_text, shown.owner) == (WORDS, "kcc")
        html = editor.get(page).text
        assert "Edi Editor" in html
        assert "Kent County Council" in html
        assert done("publish_issue") == 1

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"text": " ", "owner": "kcc", "is_fit": "y"}, "Write what everybody may read."),
            ({"text": WORDS, "owner": "", "is_fit": "y"}, "Choose who has to answer."),
            ({"text": WORDS, "owner": "kcc"}, "Read it once more"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(
        self, event: Event, editor: FlaskClient, fields: dict[str, str], sentence: str
    ) -> None:
        issue = hidden(event)
        answer = send(editor, f"/staff/issues/{issue.id}/publish", **fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert fields["text"].strip() in answer.text
        assert again(issue).published_at is None

    def test_it_is_taken_off_and_its_words_are_gone(self, event: Event, editor: FlaskClient) -> None:
        issue = an_issue(event)
        page = f"/staff/issues/{issue.id}"
        assert send(editor, page, to=f"{page}/withdraw").status_code == 303
        assert (again(issue).published_text, again(issue).published_at) == (None, None)
        assert editor.get(f"{page}/answer").status_code == 409
        assert done("withdraw_issue") == 1

    def test_what_is_shown_is_not_taken_back_as_a_slip(self, event: Event, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        issue = an_issue(event)
        page = f"/staff/sessions/{event.id}/issues/{issue.id}"
        assert send(client, page, to=f"{page}/take-back").status_code == 409
        assert again(issue).published_text


class TestSayingHowFarItIs:
    def test_updates_have_a_day_and_can_be_taken_back(self, event: Event, editor: FlaskClient) -> None:
        issue = an_issue(event)
        page = f"/staff/issues/{issue.id}"
        assert problems_of(editor.get(f"{page}/update").text) == []
        assert send(editor, f"{page}/update", text="We asked the council.").status_code == 303
        (update,) = again(issue).updates
        assert "We asked the council." in editor.get(page).text
        send(editor, page, to=f"{page}/updates/{update.id}/take-back")
        assert again(issue).updates == []

    def test_an_update_of_another_issue_is_not_there(self, event: Event, editor: FlaskClient) -> None:
        issue, other = an_issue(event, updates=("Mine",)), an_issue(event, updates=("Theirs",))
        page = f"/staff/issues/{issue.id}"
        to = f"{page}/updates/{other.updates[0].id}/take-back"
        shown = editor.get(page).text
        token = shown.split('name="csrf_token" value="')[1].split('"')[0]
        assert editor.post(to, data={"csrf_token": token}).status_code == 404
        assert len(db.session.scalars(select(IssueUpdate)).all()) == 2

    def test_not_of_what_nobody_can_see(self, event: Event, editor: FlaskClient) -> None:
        issue = hidden(event)
        assert editor.get(f"/staff/issues/{issue.id}/update").status_code == 409


class TestAnswering:
    def test_without_a_reason_only_what_is_done(self, event: Event, editor: FlaskClient) -> None:
        issue = an_issue(event)
        page = f"/staff/issues/{issue.id}/answer"
        assert problems_of(editor.get(page).text) == []
        for outcome in ("partly", "cannot_yet", "cannot"):
            answer = send(editor, page, outcome=outcome, reason=" ")
            assert answer.status_code == 422
            assert "Give the reason, in plain words." in answer.text
        assert send(editor, page, outcome="", reason=REASON).status_code == 422
        assert send(editor, page, outcome="maybe", reason=REASON).status_code == 422
        assert again(issue).outcome is None
        assert send(editor, page, outcome="cannot", reason=REASON).status_code == 303
        assert (again(issue).outcome, again(issue).reason) == (IssueOutcome.CANNOT, REASON)
        assert again(issue).answered_at == again(issue).outcome_at
        assert done("answer_issue") == 1

    def test_an_answer_that_changes_stays_with_its_day(
        self, event: Event, editor: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        issue = an_issue(event)
        page = f"/staff/issues/{issue.id}/answer"
        send(editor, page, outcome="cannot_yet", reason=REASON)
        first = again(issue).answered_at
        summer.move_to(clock.now() + timedelta(days=30))
        come_back(editor)
        send(editor, page, outcome="done", reason="The bus is on time now.")
        now = again(issue)
        assert (now.answered_at, now.outcome) == (first, IssueOutcome.DONE)
        assert now.outcome_at
        assert first
        assert (now.outcome_at - first).days == 30
        assert [(each.outcome, each.text) for each in now.updates] == [(IssueOutcome.CANNOT_YET, REASON)]

    def test_not_of_what_nobody_can_see(self, event: Event, editor: FlaskClient) -> None:
        issue = hidden(event)
        assert editor.get(f"/staff/issues/{issue.id}/answer").status_code == 409
        assert again(issue).outcome is None


class TestTheList:
    def test_shows_what_waits_the_longest_first_and_late_as_late(self, event: Event, editor: FlaskClient) -> None:
        an_issue(event, text="Raised today")
        an_issue(event, days_ago=36, text="Due soon")
        an_issue(event, days_ago=43, text="Late by a day")
        an_issue(event, text="All done", outcome=IssueOutcome.DONE)
        html = editor.get("/staff/issues").text
        assert html.index("Late by a day") < html.index("Due soon") < html.index("Raised today")
        assert "All done" not in html
        assert "Late: it was due on" in html
        assert problems_of(html) == []

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("state=late", {"Late"}),
            ("state=due_soon", {"Soon"}),
            ("state=answered", {"Answered"}),
            ("state=all", {"Late", "Soon", "Answered", "New", "Elsewhere"}),
            ("owner=icb", {"Soon"}),
            ("owner=nobody", {"New"}),
            ("theme=travel", {"Late"}),
            ("theme=none&state=due_soon", {"Soon"}),
            ("workstream=2", {"New"}),
            ("district=swale", {"Elsewhere"}),
            ("district=online", set()),
            ("state=%00&owner=%00&workstream=x&district='", {"Late", "Soon", "New", "Elsewhere"}),
        ],
    )
    def test_is_filtered(self, event: Event, editor: FlaskClient, asked: str, found: set[str]) -> None:
        an_issue(event, days_ago=50, text="Words: Late", theme="travel")
        an_issue(event, days_ago=40, text="Words: Soon", owner="icb")
        an_issue(event, text="Words: Answered", outcome=IssueOutcome.DONE)
        an_issue(event, text="Words: New", owner="", workstream=2)
        an_issue(an_event(venue_id=a_venue(district="swale").id), text="Words: Elsewhere")
        html = editor.get(f"/staff/issues?{asked}").text
        assert {word for word in ("Late", "Soon", "Answered", "New", "Elsewhere") if f"Words: {word}" in html} == found

    def test_has_pages(self, event: Event, editor: FlaskClient) -> None:
        for number in range(41):
            an_issue(event, text=f"Words {number}.", days_ago=41 - number)
        assert "Words 40." not in editor.get("/staff/issues").text
        assert "Words 40." in editor.get("/staff/issues?page=2").text
        assert "Words 40." in editor.get("/staff/issues?page=99").text

    def test_today_tells_what_is_late_and_due(self, event: Event, editor: FlaskClient) -> None:
        assert "is late" not in editor.get("/staff/").text
        an_issue(event, days_ago=43)
        hidden(event, days_ago=50)
        an_issue(event, days_ago=36)
        html = editor.get("/staff/").text
        assert "2 answers are late" in html
        assert "1 answer is due within 7 days" in html


class TestWhoMay:
    def test_who_runs_one_session_follows_its_issues_and_does_not_answer(
        self, event: Event, client: FlaskClient
    ) -> None:
        member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
        own = an_event(organiser_id=member.id)
        mine, theirs = an_issue(own, text="Words: mine"), an_issue(event, text="Words: theirs")
        sign_in(client, member)
        html = client.get("/staff/issues").text
        assert "Words: mine" in html
        assert "Words: theirs" not in html
        page = client.get(f"/staff/issues/{mine.id}")
        assert page.status_code == 200
        assert "/answer" not in page.text
        assert client.get(f"/staff/issues/{theirs.id}").status_code == 403
        for deed in ("publish", "update", "answer"):
            assert client.get(f"/staff/issues/{mine.id}/{deed}").status_code == 403

    def test_an_organiser_of_every_session_answers(self, event: Event, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        issue = an_issue(event)
        assert client.get(f"/staff/issues/{issue.id}/answer").status_code == 200

    @pytest.mark.one_database
    @pytest.mark.parametrize("role", [StaffRole.FRONT_DESK, StaffRole.VENUE, StaffRole.ADMIN, StaffRole.ACCESS_LEAD])
    def test_nobody_else_opens_the_list(self, event: Event, client: FlaskClient, role: StaffRole) -> None:
        sign_in(client, a_member_of_staff(role))
        assert client.get("/staff/issues").status_code == 403
        assert client.get(f"/staff/issues/{an_issue(event).id}").status_code == 403

    @pytest.mark.one_database
    def test_one_that_is_gone_is_not_there(self, editor: FlaskClient) -> None:
        assert editor.get("/staff/issues/99").status_code == 404
