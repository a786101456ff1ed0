"""Attendance lists: of one session in one click, of many with a reason and a link that works once."""

from __future__ import annotations

import csv
import dataclasses
import importlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, transaction
from booking.formats.attendance_input import read_attendance
from booking.jobs import tick
from booking.jobs.engine import Engine
from booking.models import AttendanceList, AuditEntry, Booking, Event
from booking.queries.installation import our_locality
from booking.queries.who_looked import who_looked
from booking.rules.words import ConsentSubject, EventKind, Outcome, StaffRole
from booking.services.add_walk_in import WalkIn, add_walk_in
from booking.services.ask_needs import Need
from booking.services.import_attendance import import_attendance
from booking.services.record_attendance import record_outcome
from tests.bench.lists import a_file
from tests.cast import a_booking, a_member_of_staff, a_venue, an_event, sign_in
from tests.staff.browse import forms_of, send

PAGE = "/staff/attendance-lists"
MARK = "For Olu O., 16 June 2026, {}; do not pass on"
USUAL = ["name", "who", "reference", "origin", "status", "outcome", "arrived", "children", "time"]


def cells(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def column(answer: TestResponse, name: str) -> list[str]:
    first, *rest = cells(answer)
    return [row[first.index(name)] for row in rest]


def a_family_at(event: Event, *names: str, email: str = "", needs: tuple[Need, ...] = ()) -> Booking:
    agreed = (ConsentSubject.NEEDS,) if needs else ()
    return a_booking(event, adults=names, children=2, email=email, needs=needs, consents=agreed)


def fetch(client: FlaskClient, link: str, kind: str = "csv") -> TestResponse:
    """Press one of the buttons."""
    return send(client, link, kind=kind)


def entries(app: Flask, action: str) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


class TestOfOneSession:
    @pytest.fixture
    def event_id(self, app: Flask) -> int:
        with app.app_context():
            event = an_event(starts_at=clock.now() + timedelta(hours=1))
            booking = a_family_at(event, "=Zoë Łask", "+Ann", email="zoe@example.net", needs=(Need("meet_me"),))
            with transaction():
                record_outcome(booking.places[0].id, Outcome.ATTENDED, by=None)
                add_walk_in(WalkIn(event_id=event.id), by=None)
            return event.id

    def test_csv_holds_everybody_and_for_whom_it_is_and_is_written_down(
        self, app: Flask, organiser: FlaskClient, event_id: int
    ) -> None:
        answer = organiser.get(f"/staff/sessions/{event_id}/attendance-list.csv")
        assert column(answer, "Name") == ["'=Zoë Łask", "'+Ann", ""]
        assert column(answer, "Outcome") == ["Came", "Not recorded", "Came"]
        assert column(answer, "Booking") == ["Has a place"] * 3
        assert column(answer, "Children") == ["2", "0", "0"]
        assert column(answer, "For") == [MARK.format("run the session")] * 3
        assert "Email" not in cells(answer)[0], "what is seldom needed is asked for"
        assert answer.headers["Cache-Control"] == "no-store"
        with app.app_context():
            name = f"attendance-{db.session.get_one(Event, event_id).slug}-2026-06-16.csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        [entry] = entries(app, "export_attendance")
        assert (entry.reason, entry.subject_id) == ("run the session", event_id)
        assert entry.facts == {"columns": USUAL, "rows": 3}

    @pytest.mark.one_database
    def test_xlsx_keeps_text_as_text_and_says_on_paper_for_whom_it_is(
        self, organiser: FlaskClient, event_id: int
    ) -> None:
        answer = organiser.get(f"/staff/sessions/{event_id}/attendance-list.xlsx")
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<t>=Zoë Łask</t>" in sheet
        assert sheet.count(MARK.format("run the session")) == 3 + 1
        assert "<oddFooter>&amp;LFor Olu O." in sheet

    @pytest.mark.one_database
    def test_other_columns_are_ticked_on_the_page(self, organiser: FlaskClient, event_id: int) -> None:
        page = organiser.get(f"/staff/sessions/{event_id}/attendance-list?columns=name&columns=email&columns=to_do")
        assert "Meet =Zoë Ł. outside" in page.text
        assert "zoe@example.net" in page.text
        assert MARK.format("run the session") in page.text
        file = organiser.get(f"/staff/sessions/{event_id}/attendance-list.csv?columns=email&columns=nonsense")
        assert cells(file)[0] == ["Email", "For"]

    @pytest.mark.one_database
    def test_the_session_page_leads_to_it_in_one_click(self, organiser: FlaskClient, event_id: int) -> None:
        page = organiser.get(f"/staff/sessions/{event_id}").text
        for ending in ("", ".csv", ".xlsx"):
            assert f'href="/staff/sessions/{event_id}/attendance-list{ending}"' in page

    @pytest.mark.one_database
    def test_the_addresses_it_had_before_lead_to_it(self, organiser: FlaskClient, event_id: int) -> None:
        for ending in ("csv", "xlsx"):
            answer = organiser.get(f"/door/{event_id}/attendance.{ending}")
            assert (answer.status_code, answer.location) == (
                301,
                f"/staff/sessions/{event_id}/attendance-list.{ending}",
            )

    def test_the_front_desk_sees_what_the_register_shows_and_no_more(
        self, app: Flask, client: FlaskClient, event_id: int
    ) -> None:
        with app.app_context():
            event = db.session.get_one(Event, event_id)
            waiting = a_family_at(event, "Wanda Waiting", email="wanda@example.net")
            from booking.rules.words import CancelledBy
            from booking.services.cancel_booking import cancel_booking

            with transaction():
                cancel_booking(waiting.id, by=CancelledBy.FAMILY)
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        path = f"/staff/sessions/{event_id}/attendance-list"
        answer = client.get(f"{path}.csv?columns=name&columns=email&columns=phone&columns=to_do&columns=origin")
        assert cells(answer)[0] == ["Name", "For"]
        assert column(answer, "Name") == ["'=Zoë Ł.", "'+Ann", ""]
        assert "zoe@example.net" not in client.get(path).text
        assert "Meet" not in client.get(path).text

    @pytest.mark.one_database
    @pytest.mark.parametrize("role", [StaffRole.INSIGHT, StaffRole.ADMIN, StaffRole.ACCESS_LEAD])
    def test_is_not_for_everybody(self, app: Flask, client: FlaskClient, event_id: int, role: StaffRole) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(role))
        for ending in ("", ".csv", ".xlsx"):
            assert client.get(f"/staff/sessions/{event_id}/attendance-list{ending}").status_code == 403


class TestOfManySessions:
    @pytest.fixture
    def sessions(self, app: Flask) -> dict[str, int]:
        """Three sessions with a family each: two in Ashford, one of them a coffee; one in Swale; one is a draft."""
        with app.app_context():
            swale = a_venue(name="The Barn", district="swale")
            forum = an_event(title="Forum", starts_at=clock.now() - timedelta(days=7))
            coffee = an_event(title="Coffee", kind=EventKind.COFFEE, starts_at=clock.now() - timedelta(days=5))
            barn = an_event(title="Barn", venue_id=swale.id, starts_at=clock.now() + timedelta(days=2))
            families = {
                "Ada Ash": (forum, "ada@example.net", (Need("bsl"),)),
                "Cy Coffee": (coffee, "cy@example.net", ()),
                "Bea Barn": (barn, "bea@example.net", ()),
            }
            with time_machine.travel(clock.now() - timedelta(days=10)):
                for name, (event, email, needs) in families.items():
                    a_family_at(event, name, email=email, needs=needs)
            return {"forum": forum.id, "coffee": coffee.id, "barn": barn.id, "venue": swale.id}

    @staticmethod
    def ask(client: FlaskClient, **changes: object) -> TestResponse:
        days = {
            "first__day": 1, "first__month": 6, "first__year": 2026,
            "last__day": 30, "last__month": 6, "last__year": 2026,
        }  # fmt: skip
        return send(client, PAGE, **{"reason": "letters about the new term", **days, **changes})

    def ask_and_fetch(self, client: FlaskClient, kind: str = "csv", **changes: object) -> TestResponse:
        asked = self.ask(client, **changes)
        assert asked.status_code == 303, asked.text
        return fetch(client, asked.location, kind)

    def test_asking_leads_to_a_link_that_gives_the_list_once(
        self, app: Flask, organiser: FlaskClient, sessions: dict[str, int]
    ) -> None:
        asked = self.ask(organiser)
        page = organiser.get(asked.location)
        assert "3: 1 June 2026 to 30 June 2026" in page.text
        assert asked.location in forms_of(page)
        assert organiser.get(asked.location).status_code == 200, "looking uses nothing up"
        answer = fetch(organiser, asked.location, "csv")
        assert column(answer, "Name") == ["Ada Ash", "Cy Coffee", "Bea Barn"]
        assert column(answer, "Session") == ["Forum", "Coffee", "Barn"]
        assert column(answer, "For") == [MARK.format("letters about the new term")] * 3
        again = send(organiser, page, kind="csv")
        assert again.status_code == 409
        assert "This link is used up: it works once" in again.text
        assert "Ada" not in again.text
        assert "This link is used up: it works once" in organiser.get(asked.location).text
        assert len(entries(app, "export_attendance")) == 1

    @pytest.mark.parametrize(
        ("chosen", "names"),
        [
            ({"district": "swale"}, ["Bea Barn"]),
            ({"kinds": ["coffee"]}, ["Cy Coffee"]),
            ({"last__day": 10}, ["Ada Ash"]),
            ({"venue": "venue"}, ["Bea Barn"]),
            ({"district": "swale", "kinds": ["coffee"]}, []),
        ],
    )
    def test_holds_the_sessions_that_were_asked_for(
        self, organiser: FlaskClient, sessions: dict[str, int], chosen: dict[str, object], names: list[str]
    ) -> None:
        if "venue" in chosen:
            chosen = {"venue": sessions["venue"]}
        if "last__day" in chosen:
            chosen = {"last__day": 10}
        assert column(self.ask_and_fetch(organiser, **chosen), "Name") == names

    @pytest.mark.one_database
    def test_a_link_ends_after_a_day(self, app: Flask, organiser: FlaskClient, sessions: dict[str, int]) -> None:
        asked = self.ask(organiser)
        page = organiser.get(asked.location)
        with app.app_context(), transaction():
            db.session.scalars(select(AttendanceList)).one().expires_at = clock.now()
        assert "The time for this list ended" in organiser.get(asked.location).text
        assert send(organiser, page, kind="csv").status_code == 409
        assert entries(app, "export_attendance") == []

    @pytest.mark.one_database
    def test_a_link_is_for_who_asked_alone(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient, sessions: dict[str, int]
    ) -> None:
        asked = self.ask(organiser)
        assert colleague.get(asked.location).status_code == 404
        token = forms_of(colleague.get(PAGE))[PAGE]["csrf_token"]
        assert colleague.post(asked.location, data={"kind": "csv", "csrf_token": token}).status_code == 404
        nobody = app.test_client()
        assert "/staff/sign-in" in nobody.get(asked.location).location
        assert fetch(organiser, asked.location, "csv").status_code == 200, "nobody used it up"

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"reason": ""}, "Say in a few words why you need it."),
            ({"reason": "--"}, "Say in a few words why you need it."),
            ({"reason": "x" * 161}, "160 characters or fewer"),
            ({"last__year": 2025}, "The last day is before the first."),
            ({"last__year": 2028}, "Choose a year at most."),
            ({"first__day": 31}, "This date does not exist."),
            ({"columns": None}, "Tick at least one thing."),
            ({"venue": "999999"}, "Not a valid choice"),
            ({"kinds": ["nonsense"]}, "is not a valid choice"),
        ],
    )
    def test_says_what_is_wrong_and_loses_nothing(
        self, app: Flask, organiser: FlaskClient, sessions: dict[str, int], changes: dict[str, object], sentence: str
    ) -> None:
        answer = self.ask(organiser, **changes)
        assert answer.status_code == 422
        assert sentence in answer.text or sentence.rstrip(".") in answer.text
        assert 'value="2026"' in answer.text
        with app.app_context():
            assert db.session.scalar(select(func.count(AttendanceList.id))) == 0

    @pytest.mark.one_database
    def test_contact_and_needs_are_in_it_when_ticked(self, organiser: FlaskClient, sessions: dict[str, int]) -> None:
        answer = self.ask_and_fetch(organiser, columns=["name", "email", "to_do"])
        assert column(answer, "Email") == ["ada@example.net", "cy@example.net", "bea@example.net"]
        assert "Ada A." in column(answer, "What to do for them")[0]

    def test_an_organiser_of_own_sessions_lists_these_alone(
        self, app: Flask, client: FlaskClient, sessions: dict[str, int]
    ) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            number = member.id
            with transaction():
                db.session.get_one(Event, sessions["coffee"]).organiser_id = number
            sign_in(client, member)
        asked = self.ask(client)
        assert column(fetch(client, asked.location, "csv"), "Name") == ["Cy Coffee"]

    @pytest.mark.one_database
    def test_what_counts_is_what_one_may_do_when_fetching(
        self, app: Flask, client: FlaskClient, sessions: dict[str, int]
    ) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, name="Olu Organiser")
            number = member.id
            sign_in(client, member)
        asked = self.ask(client)
        with app.app_context(), transaction():
            db.session.get_one(type(member), number).all_sessions = False
        assert column(fetch(client, asked.location, "csv"), "Name") == []

    def test_a_family_on_it_can_be_told_and_no_other(
        self, app: Flask, organiser: FlaskClient, sessions: dict[str, int]
    ) -> None:
        self.ask_and_fetch(organiser, kinds=["coffee"])
        [asked] = entries(app, "ask_attendance_list")
        assert asked.reason == "letters about the new term"
        [given] = entries(app, "export_attendance")
        assert (given.facts["rows"], given.facts["sessions_shown"]) == (1, [sessions["coffee"]])
        with app.app_context():
            families = {row.event_id: row.family_id for row in db.session.scalars(select(Booking))}
            [look] = who_looked([families[sessions["coffee"]] or 0])
            assert (look.who, look.screen) == ("Olu Organiser", "staff.attendance_list_ready")
            assert who_looked([families[sessions["forum"]] or 0]) == []

    @pytest.mark.one_database
    def test_what_is_written_down_names_nobody(
        self, app: Flask, organiser: FlaskClient, sessions: dict[str, int]
    ) -> None:
        answer = self.ask_and_fetch(organiser, columns=["name", "email", "to_do"])
        assert "ada" not in answer.headers["Content-Disposition"].lower()
        with app.app_context():
            facts = str([entry.facts for entry in db.session.scalars(select(AuditEntry))]).lower()
        assert "ada" not in facts
        assert "bsl" not in facts

    @pytest.mark.one_database
    def test_is_shown_once_as_a_page_to_print(self, organiser: FlaskClient, sessions: dict[str, int]) -> None:
        page = self.ask_and_fetch(organiser, kind="page")
        assert "This page is shown once." in page.text
        assert "Bea Barn" in page.text
        assert f'<tfoot><tr><td colspan="12">{MARK.format("letters about the new term")}' in page.text

    @pytest.mark.one_database
    def test_as_xlsx(self, organiser: FlaskClient, sessions: dict[str, int]) -> None:
        answer = self.ask_and_fetch(organiser, kind="xlsx", reason="Q&A evening")
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "Cy Coffee" in sheet
        assert "&amp;LFor Olu O., 16 June 2026, Q&amp;&amp;A evening" in sheet

    @pytest.mark.one_database
    def test_an_unknown_kind_uses_nothing_up(self, organiser: FlaskClient, sessions: dict[str, int]) -> None:
        asked = self.ask(organiser)
        assert fetch(organiser, asked.location, "pdf").status_code == 400
        assert fetch(organiser, asked.location, "csv").status_code == 200

    @pytest.mark.one_database
    @pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.ORGANISER])
    def test_is_for_organisers(self, app: Flask, client: FlaskClient, role: StaffRole) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(role))
        assert client.get(PAGE).status_code == 403
        assert client.get(f"{PAGE}/abc").status_code == 403


class TestHowFarItIs:
    """The page of a list that is fetched: while it is made, when it was sent, and when it broke off."""

    ROWS = 1_300

    @pytest.fixture
    def link(self, app: Flask, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> str:
        """A list of many rows that was asked for."""
        monkeypatch.setattr(importlib.import_module("booking.web.staff.list_progress"), "SAY_EVERY", 0)
        with app.app_context():
            area = our_locality()
            reading = read_attendance(a_file(self.ROWS), locality=area, now=clock.now())
            with transaction():
                assert import_attendance(reading, locality=area).places == self.ROWS
        days = {
            "first__day": 1, "first__month": 4, "first__year": 2024,
            "last__day": 31, "last__month": 3, "last__year": 2025,
        }  # fmt: skip
        return str(send(organiser, PAGE, reason="letters about the new term", **days).location)

    def begun(self, client: FlaskClient, link: str) -> TestResponse:
        """Press the button, and take no more than what comes at once."""
        fields = {name: values[0] for name, values in forms_of(client.get(link))[link].items()}
        return client.post(link, data=fields | {"kind": "csv"}, buffered=False)

    @staticmethod
    def meanwhile(get: Callable[[], TestResponse]) -> TestResponse:
        """Look while a file is on its way, in a thread of its own: the file's has its request open."""
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(get).result()

    @staticmethod
    def rows_of(app: Flask) -> int:
        with app.app_context():
            return int(
                db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "export_attendance")).one()[
                    "rows"
                ]
            )

    def test_is_said_while_it_is_made_and_when_it_was_sent(self, app: Flask, organiser: FlaskClient, link: str) -> None:
        before = organiser.get(link).text
        assert "See how far it is (opens in a new tab)" in before
        file = self.begun(organiser, link)
        total = self.rows_of(app)
        assert total > 1_000
        pieces = iter(file.response)
        got = [next(pieces)]
        page = self.meanwhile(lambda: organiser.get(link)).text
        assert "Your list is being made" in page
        assert f"0 of {total:,} rows are made." in page
        got += [next(pieces) for _ in range(4)]
        page = self.meanwhile(lambda: organiser.get(link)).text
        assert re.search(rf"(\d,)?\d+ of {total:,} rows are made\.", page)
        assert f'max="{total}" value="' in page
        assert f" 0 of {total:,}" not in page
        got += list(pieces)
        file.close()
        page = organiser.get(link).text
        assert "Your list was sent" in page
        assert f"Done: {total:,} rows made and sent." in page
        assert "<progress" not in page
        assert b"".join(got).count(b"\r\n") == total + 1

    def test_that_broke_off_says_so_and_how_to_ask_again(self, app: Flask, organiser: FlaskClient, link: str) -> None:
        file = self.begun(organiser, link)
        pieces = iter(file.response)
        for _ in range(4):
            next(pieces)
        file.close()
        page = organiser.get(link)
        assert "Your list broke off" in page.text
        assert re.search(rf"It broke off after \d+ of {self.rows_of(app):,} rows\.", page.text)
        assert "This link is used up: it works once" in page.text
        assert "<form" not in page.text.partition("<main")[2]
        again = re.search(r'href="(/staff/attendance-lists\?again=\d+)"', page.text)
        assert again
        form = forms_of(organiser.get(again[1]))[PAGE]
        assert (form["first-day"], form["last-year"], form["reason"]) == (
            ["1"],
            ["2025"],
            ["letters about the new term"],
        )
        with app.app_context():
            assert (
                db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "export_attendance"))
                == 1
            )

    @pytest.mark.one_database
    def test_of_which_only_the_beginning_was_taken_has_broken_off(self, organiser: FlaskClient, link: str) -> None:
        self.begun(organiser, link).close()
        assert "It broke off after 200 of" in organiser.get(link).text

    @pytest.mark.one_database
    def test_that_failed_has_broken_off(
        self, organiser: FlaskClient, link: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_arguments: object, **_named: object) -> None:
            raise OSError("no space left")

        monkeypatch.setattr(importlib.import_module("booking.web.staff.attendance_lists"), "send_xlsx", broken)
        organiser.application.config["PROPAGATE_EXCEPTIONS"] = False
        try:
            assert fetch(organiser, link, "xlsx").status_code == 500
        finally:
            organiser.application.config["PROPAGATE_EXCEPTIONS"] = None
        assert "Your list broke off" in organiser.get(link).text

    @pytest.mark.one_database
    def test_of_whose_program_was_killed_it_is_said_since_when_nothing_moves(
        self, organiser: FlaskClient, link: str, summer: time_machine.Traveller
    ) -> None:
        file = self.begun(organiser, link)
        pieces = iter(file.response)
        next(pieces)
        summer.shift(timedelta(minutes=2))
        page = self.meanwhile(lambda: organiser.get(link)).text
        assert "Nothing has moved since 10am: it has" in page
        assert "it has most likely broken off" in page
        assert "ask for the same list again" in page
        file.close()

    @pytest.mark.one_database
    def test_a_second_press_gets_the_page_and_not_the_list(self, organiser: FlaskClient, link: str) -> None:
        other_tab = organiser.get(link)
        file = self.begun(organiser, link)
        pieces = iter(file.response)
        next(pieces)
        token = forms_of(other_tab)[link]["csrf_token"][0]
        again = self.meanwhile(lambda: organiser.post(link, data={"csrf_token": token, "kind": "xlsx"}))
        assert again.status_code == 409
        assert "Your list is being made" in again.text
        assert "This link is used up: it works once" in again.text
        list(pieces)
        file.close()
        assert "Your list was sent" in organiser.get(link).text

    @pytest.mark.one_database
    def test_a_jobs_database_that_is_away_stops_no_list(
        self, app: Flask, organiser: FlaskClient, link: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        config, before = app.extensions["config"], app.extensions["jobs"]
        app.extensions["config"] = dataclasses.replace(config, jobs_url="sqlite:////no/such/folder/jobs.db")
        app.extensions["jobs"] = Engine(app)
        try:
            assert len(cells(fetch(organiser, link))) == self.rows_of(app) + 1
            assert "This link is used up: it works once" in organiser.get(link).text
        finally:
            app.extensions["config"], app.extensions["jobs"] = config, before
        assert "could not be noted" in caplog.text

    @pytest.mark.one_database
    def test_what_is_noted_are_numbers_that_are_forgotten_after_a_day(
        self, app: Flask, organiser: FlaskClient, link: str, summer: time_machine.Traveller
    ) -> None:
        fetch(organiser, link).close()
        storage = app.extensions["jobs"]._built().storage
        notes = {name: json.loads(note) for name, note in storage.result_items().items() if name.startswith("how far")}
        ((name, note),) = notes.items()
        assert re.fullmatch(r"how far attendance list \d+", name)
        total = self.rows_of(app)
        assert note[:3] == ["sent", total, total]
        with app.app_context():
            tick()
            assert storage.has_data_for_key(name)
            summer.shift(timedelta(hours=24, minutes=1))
            tick()
        assert not storage.has_data_for_key(name)

    @pytest.mark.one_database
    def test_only_ones_own_list_is_asked_for_again(
        self, organiser: FlaskClient, colleague: FlaskClient, app: Flask, link: str
    ) -> None:
        with app.app_context():
            number = db.session.scalars(select(AttendanceList.id)).one()
        assert 'value="letters about the new term"' in organiser.get(f"{PAGE}?again={number}").text
        assert 'value="letters about the new term"' not in colleague.get(f"{PAGE}?again={number}").text
