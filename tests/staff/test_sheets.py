"""Sheets to print for a session: true, tagged, without needs, and made without asking anybody on the network."""

from __future__ import annotations

import socket
import sys
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.pdf import HERE, NotOurs, _library, find_own, make_pdf
from booking.formats.qr import qr_source
from booking.models import AuditEntry, Event, Venue
from booking.rules.words import ConsentSubject, Delivery, EventStatus, PersonKind, StaffRole
from booking.services.ask_needs import Need
from booking.services.book_places import BookingRequest, Person, book_places
from booking.web.staff.sheet_kinds import SHEETS
from tests.cast import a_member_of_staff, a_photo, a_venue, an_event, sign_in
from tests.page_checks import problems_of

pytestmark = pytest.mark.one_database
_numbers = count(1)


@pytest.fixture
def forum(app: Flask) -> int:
    """A forum in a known place with a picture; Zoë Quill and her sister have places, and a need."""
    with app.app_context():
        venue = a_venue(
            name="Rose Hall",
            directions="By the side door.",
            arrival_steps=["Go through the gate.", "Ring the bell."],
            leaving="By the same door.",
        )
        a_photo(venue)
        event = an_event(title="Forum in the hall", venue_id=venue.id, summary="Tea at ten.", greeter="Jo, in yellow")
        need = Need("bsl", detail="My own sign name")
        book(event, Person("Zoë Quill"), Person("Ida-Marguerite Quill", PersonKind.SUPPORTER), needs=(need,))
        book(event, Person(None))
        return int(event.id)


def book(event: Event, *people: Person, needs: tuple[Need, ...] = ()) -> None:
    """Book places for people with these names, at an address of their own."""
    asked = BookingRequest(
        event_id=event.id,
        adults=people,
        email=f"family{next(_numbers)}@example.net",
        needs=needs,
        consents=(ConsentSubject.NEEDS,) if needs else (),
    )
    with transaction():
        book_places(asked)


def change(app: Flask, event_id: int, **values: object) -> None:
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        for name, value in values.items():
            setattr(event, name, value)
        db.session.commit()


def page(client: FlaskClient, event_id: int, name: str) -> str:
    answer = client.get(f"/staff/sessions/{event_id}/print/{name}")
    assert answer.status_code == 200, answer.text
    return answer.text


def pdf(client: FlaskClient, event_id: int, name: str) -> PdfReader:
    base, _mark, query = name.partition("?")
    answer = client.get(f"/staff/sessions/{event_id}/print/{base}.pdf" + (f"?{query}" if query else ""))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return PdfReader(BytesIO(answer.data))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(each.extract_text().split()) for each in reader.pages)


def tags(reader: PdfReader) -> list[DictionaryObject]:
    """Return every tag of a PDF, in reading order."""
    found: list[DictionaryObject] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, ArrayObject):
            for each in node:
                walk(each)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


class TestEverySheet:
    @pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
    def test_is_a_sound_page_and_a_tagged_pdf(self, organiser: FlaskClient, forum: int, name: str) -> None:
        html = page(organiser, forum, name)
        assert problems_of(html, nonce=html.split('nonce="')[1].split('"')[0]) == []
        reader = pdf(organiser, forum, name)
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own)
        assert root["/Lang"] == "en-GB"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        assert reader.metadata is not None
        assert reader.metadata.title
        found = tags(reader)
        assert [tag["/S"] for tag in found].count("/H1") == 1
        assert all(tag.get("/Alt") for tag in found if tag["/S"] == "/Figure")
        assert all(abs(max(each.mediabox[2:]) - 841.89) < 1 for each in reader.pages)

    @pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
    def test_shows_no_need_and_but_for_two_no_family(self, organiser: FlaskClient, forum: int, name: str) -> None:
        shown = page(organiser, forum, name) + text_of(pdf(organiser, forum, name))
        assert "sign name" not in shown
        assert "BSL" not in shown
        assert "Quill" not in shown
        assert ("Zoë" in shown) == (name in ("register", "badges"))

    def test_is_on_the_list_that_the_session_leads_to(self, organiser: FlaskClient, forum: int) -> None:
        assert f"/staff/sessions/{forum}/print" in organiser.get(f"/staff/sessions/{forum}").text
        shown = organiser.get(f"/staff/sessions/{forum}/print").text
        for sheet in SHEETS:
            assert f"/print/{sheet.name}" in shown
            assert f"/print/{sheet.name}.pdf" in shown
        assert f"/staff/sessions/{forum}/share" in shown

    def test_that_is_none_is_not_found(self, organiser: FlaskClient, forum: int) -> None:
        assert organiser.get(f"/staff/sessions/{forum}/print/passport").status_code == 404
        assert organiser.get(f"/staff/sessions/{forum}/print/passport.pdf").status_code == 404
        assert organiser.get("/staff/sessions/999999/print/poster").status_code == 404

    def test_that_would_lie_about_a_draft_or_about_a_place_is_not_there(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        change(app, forum, status=EventStatus.DRAFT)
        assert organiser.get(f"/staff/sessions/{forum}/print/poster").status_code == 409
        assert organiser.get(f"/staff/sessions/{forum}/share").status_code == 409
        assert "/print/poster" not in organiser.get(f"/staff/sessions/{forum}/print").text
        with app.app_context():
            online = an_event(delivery=Delivery.ONLINE).id
        assert organiser.get(f"/staff/sessions/{online}/print/story.pdf").status_code == 409
        assert organiser.get(f"/staff/sessions/{online}/print/poster").status_code == 200


class TestTheDoorSign:
    @pytest.mark.parametrize(
        ("arrow", "words"),
        [("left", "Arrow to the left"), ("right", "Arrow to the right"), ("ahead", "Arrow straight on")],
    )
    def test_points_where_one_says(self, organiser: FlaskClient, forum: int, arrow: str, words: str) -> None:
        html = page(organiser, forum, f"door-sign?arrow={arrow}")
        assert f'alt="{words}"' in html
        assert f"door-sign.pdf?arrow={arrow}" in html
        alts = [tag["/Alt"] for tag in tags(pdf(organiser, forum, f"door-sign?arrow={arrow}")) if "/Alt" in tag]
        assert alts == [words]

    def test_stays_on_one_sheet_even_with_the_longest_title(
        self, app: Flask, organiser: FlaskClient, forum: int
    ) -> None:
        change(app, forum, title=("Accessible communication and transport " * 4)[:140], room="The long garden room")
        reader = pdf(organiser, forum, "door-sign?arrow=left")
        assert len(reader.pages) == 1
        assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height

    def test_with_no_known_arrow_has_none(self, organiser: FlaskClient, forum: int) -> None:
        assert "signs/" not in page(organiser, forum, "door-sign?arrow=../../config")


def test_the_guide_for_the_door_is_one_page(organiser: FlaskClient, forum: int) -> None:
    reader = pdf(organiser, forum, "door-guide")
    assert len(reader.pages) == 1
    assert "Choose a PIN of six numbers or more" in text_of(reader)


class TestBadges:
    def test_hold_first_names_and_nothing_else(self, organiser: FlaskClient, forum: int) -> None:
        reader = pdf(organiser, forum, "badges")
        shown = text_of(reader)
        assert "Zoë" in shown
        assert "Ida-Marguerite" in shown
        assert "Quill" not in shown
        assert shown.count("Hello, I am") == 10
        assert len(reader.pages) == 1

    def test_fill_as_many_sheets_as_there_are_names(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        change(app, forum, capacity=40)
        with app.app_context():
            event = db.session.get_one(Event, forum)
            for _each in range(3):
                book(event, *(Person("Amara Osei") for _person in range(4)))
        assert len(pdf(organiser, forum, "badges").pages) == 2

    def test_can_be_blank_and_then_nobody_was_looked_at(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        assert "Zoë" not in text_of(pdf(organiser, forum, "badges?blank=yes"))
        with app.app_context():
            assert "staff.badges" not in set(db.session.scalars(select(AuditEntry.screen)))


class TestTheRegisterOnPaper:
    def test_has_a_row_for_each_adult(self, organiser: FlaskClient, forum: int) -> None:
        shown = text_of(pdf(organiser, forum, "register"))
        assert "Zoë Q." in shown
        assert "Adult 1" in shown

    @pytest.mark.parametrize("name", ["register", "register.pdf", "badges", "badges.pdf"])
    def test_and_the_badges_leave_an_entry_of_the_look(
        self, app: Flask, organiser: FlaskClient, forum: int, name: str
    ) -> None:
        organiser.get(f"/staff/sessions/{forum}/print/{name}")
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "view")).one()
            assert entry.screen == {"r": "staff.register_sheet", "b": "staff.badges"}[name[0]]
            assert (entry.subject_type, entry.subject_id) == ("event", forum)
            assert len(entry.facts["bookings_shown"]) == 2

    @pytest.mark.parametrize("name", ["register", "register.pdf", "badges", "badges.pdf"])
    def test_and_the_badges_are_for_the_door_alone(
        self, app: Flask, client: FlaskClient, forum: int, name: str
    ) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.VENUE))
        assert client.get(f"/staff/sessions/{forum}/print/{name}").status_code == 403
        assert client.get(f"/staff/sessions/{forum}/print/poster").status_code == 200
        assert "/print/register" not in client.get(f"/staff/sessions/{forum}/print").text

    def test_is_shut_to_the_front_desk_on_other_days(self, app: Flask, client: FlaskClient, forum: int) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
            today = an_event(starts_at=clock.now() + timedelta(hours=1)).id
        assert client.get(f"/staff/sessions/{forum}/print/register").status_code == 409
        assert client.get(f"/staff/sessions/{today}/print/register").status_code == 200


class TestThePoster:
    def test_leads_to_the_page_of_the_session(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        with app.app_context():
            link = f"{app.extensions['config'].public_url}/sessions/{db.session.get_one(Event, forum).slug}"
        assert qr_source(link) in page(organiser, forum, "poster")
        assert link.partition("://")[2] in text_of(pdf(organiser, forum, "poster")).replace("- ", "-")

    @pytest.mark.parametrize("name", ["poster", "moved"])
    def test_does_not_tell_a_place_that_is_kept_private(
        self, app: Flask, organiser: FlaskClient, forum: int, name: str
    ) -> None:
        with app.app_context():
            db.session.scalars(select(Venue)).one().is_confidential = True
            db.session.commit()
        shown = page(organiser, forum, name) + text_of(pdf(organiser, forum, name))
        assert "Rose Hall" not in shown
        assert "TN23" not in shown
        assert "Rose Hall" not in organiser.get(f"/staff/sessions/{forum}/share").text

    def test_says_when_it_is_cancelled(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        change(app, forum, status=EventStatus.CANCELLED)
        assert "This session is cancelled" in page(organiser, forum, "moved")
        assert "Cancelled: Forum in the hall" in organiser.get(f"/staff/sessions/{forum}/share").text

    def test_takes_what_is_typed_as_text(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        change(app, forum, title='<img src="https://example.org/x.png">', summary="<script>alert(1)</script>")
        shown = text_of(pdf(organiser, forum, "poster"))
        assert "<script>alert(1)</script>" in shown


class TestTheStory:
    def test_shows_the_pictures_and_each_step(self, organiser: FlaskClient, forum: int) -> None:
        reader = pdf(organiser, forum, "story")
        shown = text_of(reader)
        assert "The front door. It is yellow." in shown
        assert "Ring the bell." in shown
        assert any(each.images for each in reader.pages)
        assert "/Figure" in [tag["/S"] for tag in tags(reader)]

    def test_has_pictures_of_its_own_place_alone(self, app: Flask, organiser: FlaskClient, forum: int) -> None:
        with app.app_context():
            other = a_photo(a_venue(), seed=5).digest
        assert organiser.get(f"/staff/sessions/{forum}/print/photos/{other}.jpg").status_code == 404
        src = page(organiser, forum, "story").split("/print/photos/")[1].split('"')[0]
        assert organiser.get(f"/staff/sessions/{forum}/print/photos/{src}").status_code == 200


class TestTheWordsToShare:
    def test_stand_with_their_picture_and_its_alternative_text(self, organiser: FlaskClient, forum: int) -> None:
        shown = organiser.get(f"/staff/sessions/{forum}/share").text
        assert "Forum in the hall\n" in shown
        assert "/sessions/forum-" in shown
        assert shown.count("The front door. It is yellow.") == 2


class TestMakingAPdf:
    @pytest.fixture
    def no_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object, **_more: object) -> None:
            raise AssertionError("The network was asked.")

        monkeypatch.setattr(socket, "create_connection", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)

    @pytest.mark.parametrize(
        "address",
        [
            "https://example.org/x.png",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "ftp://example.org/x",
            f"{HERE}/static/../config.py",
            f"{HERE}/static/%2e%2e/config.py",
            f"{HERE}/static//etc/passwd",
            f"{HERE}/staff/account",
            f"{HERE}/static/css",
        ],
    )
    @pytest.mark.usefixtures("no_network")
    def test_fetches_nothing_but_our_own_files(self, app: Flask, address: str) -> None:
        static = Path(app.static_folder or "")
        with pytest.raises(NotOurs):
            find_own(address, static=static, pictures={})
        html = (
            f'<html lang="en"><head><title>T</title><link rel="stylesheet" href="{address}"></head>'
            f'<body><h1>T</h1><img alt="x" src="{address}"></body></html>'
        )
        made = make_pdf(html, css=f"h1 {{ background: url('{address}') }}", static=static, pictures={})
        assert made.startswith(b"%PDF")
        assert b"root:" not in made

    def test_is_not_offered_where_it_cannot_be_done_and_the_page_prints_all_the_same(
        self, organiser: FlaskClient, forum: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        _library.cache_clear()
        try:
            shown = organiser.get(f"/staff/sessions/{forum}/print").text
            assert ".pdf" not in shown
            assert "This server makes no PDFs" in shown
            assert "Open as PDF" not in page(organiser, forum, "poster")
            refused = organiser.get(f"/staff/sessions/{forum}/print/poster.pdf")
            assert (refused.status_code, "Print the page instead." in refused.text) == (503, True)
        finally:
            _library.cache_clear()

    def test_holds_nothing_of_the_database_meanwhile(
        self, organiser: FlaskClient, forum: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held: list[bool] = []
        write = weasyprint.HTML.write_pdf

        def watch(*args: Any, **more: Any) -> Any:
            held.append(db.session().in_transaction())
            return write(*args, **more)

        monkeypatch.setattr(weasyprint.HTML, "write_pdf", watch)
        for name in ("story", "badges", "register", "poster"):
            pdf(organiser, forum, name)
        assert held == [False] * 4
