"""Venues and sessions from a file: every problem by line, all or nothing, and a second time nothing."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from booking import clock
from booking.extensions import db
from booking.models import AuditEntry, Event, Message, Venue
from booking.rules.words import BookingMode, Delivery, EventKind, EventStatus, StaffRole
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in
from tests.staff.browse import forms_of, send
from tests.staff.test_idle import AWAY, PASSWORD, venue_manager

VENUES, SESSIONS = "/staff/import/venues", "/staff/import/sessions"
ROSE = "name,town,postcode,places\nRose Hall,Ashford,TN23 1PP,40\n"
COFFEE = "title,kind,date,starts,ends,venue\nCoffee and chat,coffee,14/09/2026,10am,11:30,Rose Hall\n"


def look(client: FlaskClient, page: str, content: str | bytes, name: str = "term.csv") -> TestResponse:
    """Choose a file and look what it would do."""
    body = content.encode() if isinstance(content, str) else content
    token = forms_of(client.get(page))[page]["csrf_token"][0]
    file = FileStorage(BytesIO(body), filename=name, content_type="text/csv")
    boundary, sent = encode_multipart({"csrf_token": token, "file": file})
    return client.post(page, data=sent, content_type=f'multipart/form-data; boundary="{boundary}"')


def bring_in(client: FlaskClient, page: str, content: str | bytes) -> TestResponse:
    """Look, and press the button."""
    shown = look(client, page, content)
    assert shown.status_code == 200, shown.text
    return client.post(page, data=the_file_of(shown))


def the_file_of(shown: TestResponse) -> dict[str, str]:
    start = shown.text.index('name="held"')
    fields = forms_of(shown.text[shown.text.rindex("<form", 0, start) :])
    return (
        {name: values[0] for name, values in fields[shown.request.path].items()} | {"step": "import"} | held_in(shown)
    )


def held_in(shown: TestResponse) -> dict[str, str]:
    return {"held": shown.text.split('name="held" value="', 1)[1].split('"', 1)[0]}


def sessions(app: Flask) -> list[Event]:
    with app.app_context():
        return list(db.session.scalars(select(Event).order_by(Event.starts_at, Event.id)))


def venues(app: Flask) -> list[Venue]:
    with app.app_context():
        return list(db.session.scalars(select(Venue).order_by(Venue.id)))


@pytest.fixture
def rose_hall(app: Flask) -> int:
    with app.app_context():
        return int(a_venue(name="Rose Hall", code="ROSE1", postcode="TN23 1PP").id)


class TestAFileOfVenues:
    @pytest.mark.one_database
    def test_changes_nothing_until_somebody_presses_the_button(self, app: Flask, organiser: FlaskClient) -> None:
        shown = look(organiser, VENUES, ROSE)
        assert "1 new venue" in shown.text
        assert venues(app) == []

    @pytest.mark.one_database
    def test_makes_them_then(self, app: Flask, organiser: FlaskClient) -> None:
        answer = bring_in(organiser, VENUES, ROSE)
        assert answer.status_code == 303
        assert "Imported: 1 new venue." in organiser.get("/staff/venues").text
        (venue,) = venues(app)
        assert (venue.code, venue.district, venue.capacity) == ("rose-hall-ashford", "ashford", 40)
        assert venue.lat is not None
        with app.app_context():
            actions = set(db.session.scalars(select(AuditEntry.action)))
        assert {"venue made", "venues imported"} <= actions

    def test_makes_nothing_the_second_time(self, app: Flask, organiser: FlaskClient) -> None:
        bring_in(organiser, VENUES, ROSE)
        shown = look(organiser, VENUES, ROSE)
        assert "There is nothing to do" in shown.text
        assert len(venues(app)) == 1

    def test_knows_a_venue_by_its_code(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        text = "code,name,town,postcode,fire limit\nrose1,The Rose Hall,Ashford,TN23 1PP,75\n"
        shown = look(organiser, VENUES, text)
        assert "new: name, fire limit" in shown.text
        bring_in(organiser, VENUES, text)
        (venue,) = venues(app)
        assert (venue.id, venue.name, venue.fire_limit) == (rose_hall, "The Rose Hall", 75)

    @pytest.mark.one_database
    def test_takes_nothing_away_where_a_cell_is_empty(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_venue(name="Rose Hall", postcode="TN23 1PP", directions="By the side door.", is_confidential=True)
        text = "name,town,postcode,directions,places,private\nRose Hall,Ashford,TN23 1PP,,30,no\n"
        bring_in(organiser, VENUES, text)
        (venue,) = venues(app)
        assert (venue.capacity, venue.directions, venue.is_confidential) == (30, "By the side door.", True)

    @pytest.mark.one_database
    def test_never_sends_families_another_address(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        with app.app_context():
            a_booking(an_event(venue_id=rose_hall))
            before = db.session.scalar(select(func.count(Message.id)))
        shown = look(organiser, VENUES, "code,name,town,postcode\nROSE1,Lily Hall,Ashford,TN23 1PP\n")
        assert shown.status_code == 422
        assert "1 family was told of “Rose Hall”" in shown.text
        with app.app_context():
            assert db.session.scalar(select(func.count(Message.id))) == before

    @pytest.mark.one_database
    def test_says_every_problem_with_its_line_and_column(self, app: Flask, organiser: FlaskClient) -> None:
        text = (
            "name,town,postcode,district,places,private,code\n"
            "Good Hall,Ashford,TN23 1PP,,20,,\n"
            ",Ashford,ZZ99 9ZZ,Atlantis,lots,perhaps,a b\n"
            "\n"
            "Good Hall,Ashford,TN23 1PP,,20,,\n"
        )
        shown = look(organiser, VENUES, text)
        assert shown.status_code == 422
        for said in (
            "Line 3, name</strong>: Write the name of the venue.",
            "Line 3, postcode</strong>: We do not know this postcode.",
            "Line 3, district</strong>: “Atlantis” is not a district.",
            "Line 3, places</strong>: Write a whole number",
            "Line 3, private</strong>: “perhaps” is neither yes nor no.",
            "Line 3, code</strong>: A code has letters, figures and hyphens",
            "Line 5</strong>: This is the same one as on line 2.",
            "There are 7 problems in the file.",
        ):
            assert said in shown.text, said
        assert venues(app) == []


class TestAFileOfSessions:
    @pytest.mark.one_database
    def test_makes_drafts(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        text = (
            "Title;Kind;Date;Starts;Ends;Venue;Places;Agenda;Topics;Walk-ins\r\n"
            'Coffee and chat;coffee;14 September 2026;10am;11.30;"rose hall, Ashford";16;'
            '"10 Welcome\n80 Coffee";EHC plans | travel;no\r\n'
            "Talk;Workshop;2026-09-21;13:30;3pm;ROSE1;;;;\r\n"
        )
        assert bring_in(organiser, SESSIONS, "\ufeff" + text).status_code == 303
        coffee, talk = sessions(app)
        assert (coffee.title, coffee.kind, coffee.status) == ("Coffee and chat", EventKind.COFFEE, EventStatus.DRAFT)
        assert coffee.starts_at == datetime(2026, 9, 14, 9, tzinfo=UTC)
        assert (coffee.venue_id, coffee.capacity, coffee.walk_ins_allowed) == (rose_hall, 16, False)
        assert [step["minutes"] for step in coffee.agenda] == [10, 80]
        assert coffee.topics == ["plans", "travel"]
        assert (talk.delivery, talk.booking_mode) == (Delivery.IN_PERSON, BookingMode.PLACES)
        assert (talk.capacity, talk.walk_ins_allowed, talk.reminders_off) == (None, True, [])
        assert coffee.organiser_id is not None

    def test_makes_nothing_the_second_time_even_when_one_was_moved(
        self, app: Flask, organiser: FlaskClient, rose_hall: int
    ) -> None:
        bring_in(organiser, SESSIONS, COFFEE)
        with app.app_context():
            event = db.session.scalars(select(Event)).one()
            event.title, event.starts_at = "Tea", datetime(2026, 9, 14, 8, tzinfo=UTC)
            db.session.commit()
        shown = look(organiser, SESSIONS, COFFEE)
        assert "1 session is there already" in shown.text
        assert len(sessions(app)) == 1

    @pytest.mark.one_database
    def test_knows_one_that_was_made_by_hand(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        with app.app_context():
            an_event(title="Coffee and Chat", venue_id=rose_hall, starts_at=datetime(2026, 9, 14, 9, tzinfo=UTC))
        assert "1 session is there already" in look(organiser, SESSIONS, COFFEE).text

    @pytest.mark.one_database
    def test_is_brought_in_whole_or_not_at_all(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        shown = look(organiser, SESSIONS, f"{COFFEE}Tea,Coffee,15/09/2026,10am,9am,Rose Hall\n")
        assert "Line 3, ends</strong>: The session must end after it starts." in shown.text
        assert 'name="held"' not in shown.text
        assert sessions(app) == []

    @pytest.mark.one_database
    def test_says_where_a_venue_is_taken_by_a_session_or_by_another_line(
        self, app: Flask, organiser: FlaskClient, rose_hall: int
    ) -> None:
        with app.app_context():
            an_event(title="Yoga", venue_id=rose_hall, starts_at=datetime(2026, 9, 21, 9, tzinfo=UTC))
        text = f"{COFFEE}Tea,Coffee,14/09/2026,11am,noon,Rose Hall\nTalk,Workshop,21/09/2026,10am,11am,Rose Hall\n"
        shown = look(organiser, SESSIONS, text)
        assert "Line 3, why both</strong>: The venue is taken: “Coffee and chat”" in shown.text
        assert "Line 4, why both</strong>: The venue is taken: “Yoga”" in shown.text
        lines = text.splitlines()
        meant = "\n".join(
            [f"{lines[0]},why both", f"{lines[1]},", f"{lines[2]},One hall. Agreed.", f"{lines[3]},Agreed."]
        )
        assert bring_in(organiser, SESSIONS, meant).status_code == 303
        assert len(sessions(app)) == 4

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("Tea,Disco,14/09/2026,10am,11am,Rose Hall", "Line 2, kind</strong>: “Disco” is not one of"),
            ("Tea,Workshop,31/02/2027,10am,11am,Rose Hall", "Line 2, date</strong>: This date does not exist."),
            ("Tea,Workshop,09/14/2026,10am,11am,Rose Hall", "Line 2, date</strong>: This date does not exist."),
            ("Tea,Workshop,next Tuesday,10am,11am,Rose Hall", "Line 2, date</strong>: “next Tuesday” is not a date."),
            ("Tea,Workshop,14/09/2025,10am,11am,Rose Hall", "Line 2, date</strong>: The date is in the past."),
            ("Tea,Workshop,14/09/2096,10am,11am,Rose Hall", "Line 2, date</strong>: The date is more than three"),
            ("Tea,Workshop,28/03/2027,1:30am,4am,Rose Hall", "Line 2, starts</strong>: The clocks go forward"),
            ("Tea,Workshop,14/09/2026,morning,11am,Rose Hall", "Line 2, starts</strong>: Write a time such as"),
            ("Tea,Workshop,14/09/2026,10am,11am,Rosy Hall", "Do you mean “Rose Hall”?"),
            ("Tea,Workshop,14/09/2026,10am,11am,", "Line 2, venue</strong>: Choose the venue."),
            (",Workshop,14/09/2026,10am,11am,Rose Hall", "Line 2, title</strong>: Write a title."),
            ("Tea,Workshop,14/09/2026,10am,11am,Rose Hall,9", "There are 7 values here; the first line names 6"),
            ("Tea,Workshop", "There are 2 values here; the first line names 6"),
            ('Tea,Workshop,14/09/2026,10am,11am,"Rose Hall', "cannot be read as CSV"),
            ("Tea" * 60 + ",Workshop,14/09/2026,10am,11am,Rose Hall", "Line 2, title</strong>: Please use 140"),
        ],
    )
    def test_says_in_plain_words_what_is_wrong(
        self, app: Flask, organiser: FlaskClient, rose_hall: int, row: str, said: str
    ) -> None:
        shown = look(organiser, SESSIONS, f"{COFFEE.splitlines()[0]}\n{row}\n")
        assert shown.status_code == 422
        assert said in shown.text
        assert sessions(app) == []

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("day", "moment"),
        [
            ("14/03/2027", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("14 March 2027", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("2027-03-14", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("Sunday 14th March 2027", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("14-Mar-27", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("14.3.27", datetime(2027, 3, 14, 10, tzinfo=UTC)),
            ("2027-03-29 00:00:00", datetime(2027, 3, 29, 9, tzinfo=UTC)),
        ],
    )
    def test_reads_dates_as_people_here_write_them(
        self, app: Flask, organiser: FlaskClient, rose_hall: int, day: str, moment: datetime
    ) -> None:
        row = f"Tea,Workshop,{day},10:00:00,11:00,Rose Hall"
        bring_in(organiser, SESSIONS, f"{COFFEE.splitlines()[0]}\n{row}\n")
        assert [event.starts_at for event in sessions(app)] == [moment]

    @pytest.mark.one_database
    def test_keeps_a_formula_as_the_harmless_text_it_is(
        self, app: Flask, organiser: FlaskClient, rose_hall: int
    ) -> None:
        row = "=cmd|' /C calc'!A0,Workshop,14/09/2026,10am,11am,Rose Hall"
        shown = look(organiser, SESSIONS, f"{COFFEE.splitlines()[0]}\n{row}\n")
        assert "=cmd|&#39; /C calc&#39;!A0, Monday 14 September" in shown.text
        bring_in(organiser, SESSIONS, f"{COFFEE.splitlines()[0]}\n<script>alert(1)</script>{row[row.index(',') :]}\n")
        assert "<script>alert(1)" not in organiser.get("/staff/sessions").text

    @pytest.mark.one_database
    def test_of_a_venue_that_is_put_away_is_a_problem(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        with app.app_context():
            db.session.get_one(Venue, rose_hall).archived_at = datetime(2026, 1, 1, tzinfo=UTC)
            db.session.commit()
        assert "Line 2, venue</strong>: Rose Hall is put away." in look(organiser, SESSIONS, COFFEE).text


@pytest.mark.one_database
class TestAWrongFile:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "This file is empty."),
            (b"\n\n", "The file is empty."),
            (b"PK\x03\x04 a workbook", "This is not a CSV file."),
            (b"\x89PNG\r\n\x1a\n\0\0\0", "This is not a CSV file."),
            (b"name,town\nRose Hall,Ashford\n", "Missing: postcode."),
            (b"name,town,postcode\n", "There are no rows"),
            (b"name,town,postcode,Name\nA,B,TN23,A\n", "Columns named twice: name."),
            (b"x" * 600_001, "This file is larger than 600 kB."),
            (b"name,town,postcode\n" + b"A,B,TN23\n" * 301, "There are more than 300 rows."),
            (b'name,town,postcode\n"' + b"A" * 200_000 + b'",B,TN23\n', "cannot be read as CSV"),
        ],
    )
    def test_is_told_in_a_sentence(self, app: Flask, organiser: FlaskClient, content: bytes, said: str) -> None:
        shown = look(organiser, VENUES, content)
        assert shown.status_code == 422
        assert said in shown.text
        assert venues(app) == []

    def test_too_large_for_any_form_is_refused(self, organiser: FlaskClient) -> None:
        assert look(organiser, VENUES, b"x" * 2_000_000).status_code == 413

    def test_is_asked_for_when_there_is_none(self, organiser: FlaskClient) -> None:
        assert "Choose a file." in look(organiser, VENUES, b"", name="").text

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            ("\ufeffname\ttown\tpostcode\tcolour\nCafé Zoë\tAshford\tTN23\tred\n".encode(), "Café Zoë"),
            ("Name,TOWN, Postcode \r\n\r\nCafé Zoë,Ashford,TN23\r\n".encode("cp1252"), "Café Zoë"),
            ("name;town;postcode\nCafé Zoë;Ashford;TN23\n".encode("utf-16"), "Café Zoë"),
            (b'postcode,name,town\nTN23,"The ""Old""\nBarn",Ashford\n', "The &#34;Old&#34; Barn"),
            (b"name,town,postcode\nNul\x07 Hall,Ashford,TN23,,,\n", "Nul Hall"),
        ],
    )
    def test_is_read_all_the_same_where_one_can(self, organiser: FlaskClient, content: bytes, name: str) -> None:
        shown = look(organiser, VENUES, content)
        assert shown.status_code == 200, shown.text
        assert name in shown.text


@pytest.mark.one_database
class TestTheFileBetweenTheSteps:
    def test_lies_sealed_and_for_its_owner_alone(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient
    ) -> None:
        shown = look(organiser, VENUES, ROSE)
        with app.app_context():
            raw = db.session.connection().exec_driver_sql("SELECT fields FROM held_form").scalar_one()
        assert "Rose" not in raw
        token = forms_of(colleague.get(VENUES))[VENUES]["csrf_token"][0]
        stolen = colleague.post(VENUES, data={**held_in(shown), "step": "import", "csrf_token": token})
        assert "We do not have that file any more" in stolen.text
        assert venues(app) == []

    def test_is_not_taken_for_the_other_kind(self, app: Flask, organiser: FlaskClient) -> None:
        fields = the_file_of(look(organiser, VENUES, ROSE))
        assert organiser.post(SESSIONS, data=fields).status_code == 422

    def test_is_checked_anew_before_it_is_brought_in(self, app: Flask, organiser: FlaskClient, rose_hall: int) -> None:
        fields = the_file_of(look(organiser, SESSIONS, COFFEE))
        with app.app_context():
            an_event(title="Yoga", venue_id=rose_hall, starts_at=datetime(2026, 9, 14, 9, tzinfo=UTC))
        answer = organiser.post(SESSIONS, data=fields)
        assert answer.status_code == 422
        assert "The venue is taken: “Yoga”" in answer.text

    def test_is_still_there_after_a_sign_in_that_had_ended(self, app: Flask, client: FlaskClient) -> None:
        with time_machine.travel(clock.now(), tick=True) as away:
            venue_manager(app, client)
            fields = the_file_of(look(client, VENUES, ROSE))
            away.shift(AWAY)
            answer = client.post(VENUES, data=fields)
            page = client.get(answer.location)
            back = send(client, page, to=answer.location, email="val@pact.example.org", password=PASSWORD)
            shown = client.get(back.location, follow_redirects=True)
            assert "The file you chose before is still here." in shown.text
            assert venues(app) == []
            fields = the_file_of(shown)
            again = client.post(VENUES, data=fields | {"step": "look"})
            assert "1 new venue" in again.text
            assert client.post(VENUES, data=the_file_of(again)).status_code == 303
        assert len(venues(app)) == 1


@pytest.mark.one_database
class TestTheTemplate:
    @pytest.mark.parametrize("page", [VENUES, SESSIONS])
    def test_is_a_file_that_does_nothing_but_shows_how(self, organiser: FlaskClient, page: str) -> None:
        file = organiser.get(f"{page}/template.csv")
        header, row = csv.reader(StringIO(file.get_data().decode("utf-8-sig")))
        shown = organiser.get(page).text
        assert len(header) == len(row)
        assert all(f">{name}" in shown for name in header)
        assert "There are no rows below" in look(organiser, page, file.get_data()).text

    def test_works_once_its_example_is_written_over(self, app: Flask, organiser: FlaskClient) -> None:
        for page in (VENUES, SESSIONS):
            file = organiser.get(f"{page}/template.csv").get_data().decode("utf-8-sig")
            assert bring_in(organiser, page, file.replace("Example: ", "")).status_code == 303
        assert (len(venues(app)), len(sessions(app))) == (1, 1)


@pytest.mark.one_database
class TestTheCommand:
    def test_says_what_it_would_do_and_does_it(self, app: Flask, tmp_path: Path, rose_hall: int) -> None:
        (tmp_path / "v.csv").write_text("name,town,postcode\nLily Hall,Dover,CT16 1AA\n")
        (tmp_path / "s.csv").write_text(COFFEE)
        run = app.test_cli_runner().invoke
        dry = run(args=["import-sessions", str(tmp_path / "s.csv"), "--dry-run"])
        assert "To import: 1 new" in dry.output
        assert sessions(app) == []
        for command, name in (("import-venues", "v.csv"), ("import-sessions", "s.csv")):
            done = run(args=[command, str(tmp_path / name)])
            assert (done.exit_code, "Imported: 1 new" in done.output) == (0, True)
        assert (len(venues(app)), len(sessions(app))) == (2, 1)

    def test_imports_nothing_of_a_bad_file(self, app: Flask, tmp_path: Path, rose_hall: int) -> None:
        (tmp_path / "s.csv").write_text(f"{COFFEE}Tea,Disco,14/09/2026,10am,11am,Rose Hall\n")
        done = app.test_cli_runner().invoke(args=["import-sessions", str(tmp_path / "s.csv")])
        assert done.exit_code == 1
        assert "line 3, kind: “Disco” is not one of" in done.output
        assert sessions(app) == []


@pytest.mark.one_database
class TestWhoMayNot:
    def test_does_not_import(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.VENUE))
        assert client.get(SESSIONS).status_code == 403
        assert client.get(VENUES).status_code == 200
        assert "Import sessions" not in client.get("/staff/sessions").text
