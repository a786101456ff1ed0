"""The booking pages: in order, out of order, twice, and with everything that people and programs type."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, Consent, Draft, Event, NeedRequest
from booking.rules.words import BookingMode, BookingStatus, ConsentSubject, ContactBy, EventKind, EventStatus
from tests.cast import a_booking, an_event, slots_for
from tests.public.family import Family


@pytest.fixture
def forum(app: Flask) -> Iterator[Event]:
    """A forum; its app context stays open so that tests can ask the database."""
    with app.app_context():
        yield an_event(slug="forum")


def the_booking() -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking)).one()


def the_draft() -> Draft:
    db.session.rollback()
    return db.session.scalars(select(Draft)).one()


def how_many(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestTheWholeWay:
    @pytest.mark.one_database
    def test_every_answer_reaches_the_booking(self, family: Family, forum: Event) -> None:
        family.open("/sessions/forum/book").send(adults=2, children=1)
        family.send(
            full_name="Zoë O’Brien",
            other_names="Łukasz",
            contact_by="phone",
            email="zoe@example.net",
            phone="(01632) 960 123",
            outcode="tn23 1aa",
        )
        family.send(age_phase=["under_5"], support="ehcp", need_area="learning", consent_profile="y")
        family.send(any_needs="yes", needs=["bsl", "loop"], need_detail="Facing me", consent_needs="y")
        family.send(question="When do waiting times fall?")
        assert family.path.endswith("/check")
        for words in ("Zoë O’Brien", "Łukasz", "TN23", "Ashford", "Hearing loop", "Facing me", "When do waiting"):
            assert words in family.text
        family.send()
        booking = the_booking()
        assert booking.status == BookingStatus.CONFIRMED
        assert [place.adult.name for place in booking.places if place.adult] == ["Zoë O’Brien", "Łukasz"]
        assert (booking.children, booking.contact_by) == (1, ContactBy.PHONE)
        assert (booking.outcode, booking.district) == ("TN23", "ashford")
        assert booking.profile == {"age_phase": ["under_5"], "support": ["ehcp"], "need_area": ["learning"]}
        assert {(need.code, need.detail) for need in booking.needs} == {("bsl", "Facing me"), ("loop", "Facing me")}
        assert booking.question == "When do waiting times fall?"
        assert family.path.startswith("/bookings/")
        assert f"{booking.reference[:3]} {booking.reference[3:]}" in family.text
        assert "Your reference is" in family.text

    @pytest.mark.one_database
    def test_only_what_is_needed_is_required(self, family: Family, forum: Event) -> None:
        family.book("forum").send()
        booking = the_booking()
        assert (booking.status, len(booking.places), booking.district) == (BookingStatus.CONFIRMED, 1, "unknown")

    @pytest.mark.one_database
    def test_a_family_without_email_rings(self, family: Family, forum: Event) -> None:
        family.book("forum", contact_by="ring_me", email="", phone="07700 900982").send()
        assert the_booking().contact_by == ContactBy.RING_ME
        assert "calendar" in family.text

    def test_the_typed_answers_are_forgotten_once_they_are_a_booking(self, family: Family, forum: Event) -> None:
        family.book("forum").send()
        assert the_draft().answers == {}

    @pytest.mark.one_database
    def test_the_question_is_for_forums_only(self, family: Family, forum: Event) -> None:
        an_event(slug="coffee", kind=EventKind.COFFEE)
        family.open("/sessions/coffee/book").send()
        draft = family.path.split("/")[2]
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        assert family.open(f"/book/{draft}/questions").path == f"/book/{draft}/check"
        assert "panel" not in family.text


@pytest.mark.one_database
class TestSiblings:
    def test_another_child_adds_to_the_set(self, family: Family, forum: Event) -> None:
        family.open("/sessions/forum/book").send()
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        family.send(age_phase="under_5", consent_profile="y", action="another")
        assert "child 2" in family.text
        family.send(age_phase="16_to_18", support="ehcp", consent_profile="y")
        family.send().send().send()
        assert the_booking().profile == {"age_phase": ["16_to_18", "under_5"], "support": ["ehcp"]}

    def test_answers_need_the_tick(self, family: Family, forum: Event) -> None:
        family.open("/sessions/forum/book").send()
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        family.send(age_phase="under_5")
        assert family.status == 422
        assert "Error: " in family.text
        assert 'value="under_5" checked' in family.text


@pytest.mark.one_database
class TestNeeds:
    def at_needs(self, family: Family) -> Family:
        family.open("/sessions/forum/book").send()
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        return family.send()

    def test_the_twelve_come_first_and_the_others_are_one_step_away(self, family: Family, forum: Event) -> None:
        self.at_needs(family)
        assert family.text.count('name="needs"') == 12
        family.send(needs=["bsl"], need_detail="Please", action="more")
        assert family.path.endswith("/needs/more")
        assert "Regular breaks" in family.text
        family.send(needs=["breaks"])
        assert 'value="bsl" checked' in family.text
        assert 'value="breaks" checked' in family.text
        assert "Please" in family.text
        family.send(consent_needs="y").send().send()
        assert {need.code for need in the_booking().needs} == {"bsl", "breaks"}

    def test_a_need_needs_consent_and_nothing_typed_is_lost(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(any_needs="yes", needs=["bsl"], need_detail="On my left")
        assert family.status == 422
        assert "On my left" in family.text
        assert 'value="bsl" checked' in family.text
        assert 'href="#consent_needs"' in family.text

    def test_to_be_rung_needs_no_tick(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(any_needs="talk").send().send()
        assert [need.code for need in the_booking().needs] == ["talk_to_me"]

    def test_no_means_no(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(any_needs="no", needs=["bsl"]).send().send()
        assert the_booking().needs == []

    def test_ticks_sent_alone_are_not_swallowed_by_an_earlier_no(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(any_needs="no")
        family.open(family.path.rsplit("/", 1)[0] + "/needs")
        family.send(any_needs=[], needs=["bsl"], consent_needs="y")
        while not family.path.startswith("/bookings/"):
            family.send()
        assert [need.code for need in the_booking().needs] == ["bsl"]

    def test_words_without_a_tick_are_kept(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(need_detail="A red chair", consent_needs="y").send().send()
        assert [(need.code, need.detail) for need in the_booking().needs] == [("something_else", "A red chair")]

    def test_what_is_not_on_the_list_is_left_out(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(any_needs="yes", needs=["bsl", "moon"], consent_needs="y").send().send()
        assert [need.code for need in the_booking().needs] == ["bsl"]

    def test_remembering_is_asked_for(self, family: Family, forum: Event) -> None:
        self.at_needs(family).send(needs=["bsl"], consent_needs="y", remember_needs="y").send().send()
        booking = the_booking()
        assert booking.family is not None
        assert [need.code for need in booking.family.remembered] == ["bsl"]


@pytest.mark.one_database
class TestWhereTheyLive:
    def to_contact(self, family: Family, **contact: object) -> Family:
        family.open("/sessions/forum/book").send()
        return family.send({"full_name": "Sam", "email": "sam@example.net", "contact_by": "email"} | contact)

    def test_a_full_postcode_is_cut_at_once(self, family: Family, forum: Event) -> None:
        self.to_contact(family, outcode="TN23 1AA")
        answers = the_draft().answers
        assert answers["contact"]["outcode"] == "TN23"
        assert "1AA" not in str(answers)

    def test_an_outcode_in_several_districts_asks_once(self, family: Family, forum: Event) -> None:
        self.to_contact(family, outcode="TN15")
        assert family.path.endswith("/district")
        assert "Sevenoaks" in family.text
        assert "Not sure" in family.text
        assert "Thanet" not in family.text
        family.send(district="sevenoaks")
        assert family.path.endswith("/children")
        family.send().send().send().send()
        assert the_booking().district == "sevenoaks"

    def test_the_district_may_come_with_the_contact(self, family: Family, forum: Event) -> None:
        self.to_contact(family, outcode="TN15", district="sevenoaks")
        assert family.path.endswith("/children")

    @pytest.mark.parametrize(("outcode", "district"), [("ME7", "medway"), ("SW1A", "outside"), ("", "unknown")])
    def test_families_from_elsewhere_are_welcome_and_counted(
        self, family: Family, forum: Event, outcode: str, district: str
    ) -> None:
        self.to_contact(family, outcode=outcode)
        if family.path.endswith("/district"):
            family.send(district=district)
        family.send().send().send().send()
        assert the_booking().district == district

    def test_what_is_no_postcode_is_said(self, family: Family, forum: Event) -> None:
        self.to_contact(family, outcode="near the sea")
        assert family.status == 422
        assert "near the sea" in family.text


class TestWrongAnswers:
    @pytest.mark.one_database
    @pytest.mark.parametrize("adults", ["0", "7", "two", "-1", "1.5", "١", "9" * 5000])
    def test_adults_are_one_to_six(self, family: Family, forum: Event, adults: str) -> None:
        family.open("/sessions/forum/book").send(adults=adults)
        assert family.status == 422
        assert "a number from 1 to 6" in family.text
        assert adults in family.text
        assert how_many(Draft) == 0

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("contact", "sentence"),
        [
            ({"full_name": ""}, "Tell us your name"),
            ({"email": ""}, "Enter your email address"),
            ({"email": "sam at example"}, "Enter an email address like"),
            ({"email": "bookings@pact.example.org"}, "our own address"),
            ({"contact_by": "ring_me"}, "Enter a phone number"),
            ({"phone": "12"}, "Enter a phone number like"),
            ({"full_name": "x" * 10_000}, "120 characters or fewer"),
        ],
    )
    def test_each_says_how_to_mend_it(
        self, family: Family, forum: Event, contact: dict[str, object], sentence: str
    ) -> None:
        family.open("/sessions/forum/book").send()
        family.send({"full_name": "Sam", "email": "sam@example.net", "contact_by": "email"} | contact)
        assert family.status == 422
        assert sentence in family.text
        assert "<title>Error: " in family.text

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>",
            "Robert'); DROP TABLE booking;--",
            "\u202eevil\u202c",
            "👩‍👧 Ünï Łukasz",
            "a\x00b",
            "{{ 7*7 }}",
        ],
    )
    def test_hostile_names_are_just_names(self, family: Family, forum: Event, name: str) -> None:
        family.book("forum", full_name=name)
        family.send()
        assert family.status == 200
        assert "<script>alert" not in family.text
        booking = the_booking()
        assert booking.places[0].adult is not None
        assert booking.places[0].adult.name == name.replace("\x00", "")

    def test_a_filled_trap_is_refused_kindly_and_nothing_is_lost(self, family: Family, forum: Event) -> None:
        family.book("forum").send(website="https://spam.example")
        assert family.status == 422
        assert how_many(Booking) == 0
        family.send(website="")
        assert how_many(Booking) == 1


@pytest.mark.one_database
class TestOutOfOrder:
    def draft(self, family: Family) -> str:
        family.open("/sessions/forum/book").send()
        return family.path.split("/")[2]

    def test_a_page_too_early_leads_to_what_is_missing(self, family: Family, forum: Event) -> None:
        draft = self.draft(family)
        for page in ("children", "needs", "questions", "check", "district"):
            assert family.open(f"/book/{draft}/{page}").path == f"/book/{draft}/contact"

    def test_check_sent_without_a_contact_books_nothing(self, family: Family, forum: Event) -> None:
        draft = self.draft(family)
        token = family.csrf
        response = family.post(f"/book/{draft}/check", data={"csrf_token": token})
        assert response.status_code == 303
        assert response.headers["Location"].endswith(f"/book/{draft}/contact")
        assert how_many(Booking) == 0

    def test_what_was_typed_on_a_later_page_is_kept(self, family: Family, forum: Event) -> None:
        draft = self.draft(family)
        token = family.csrf
        family.post(f"/book/{draft}/questions", data={"csrf_token": token, "question": "Why?"})
        family.open(f"/book/{draft}/contact").send(full_name="Sam", email="sam@example.net", contact_by="email")
        assert "Why?" in family.open(f"/book/{draft}/check").text

    def test_change_goes_back_to_check(self, family: Family, forum: Event) -> None:
        family.book("forum")
        check = family.path
        family.open(check.replace("check", "contact") + "?to=check").send(full_name="Alex")
        assert family.path == check
        assert "Alex" in family.text

    def test_skipped_pages_can_be_answered_from_check(self, family: Family, forum: Event) -> None:
        draft = self.draft(family)
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        family.open(f"/book/{draft}/check")
        assert "Not answered" in family.text
        assert f"/book/{draft}/needs?to=check" in family.text

    def test_another_browser_with_the_link_sees_nothing(self, app: Flask, family: Family, forum: Event) -> None:
        family.book("forum", full_name="Secret Name")
        stranger = Family(app.test_client()).open(family.path)
        assert stranger.status == 404
        assert "Secret Name" not in stranger.text

    def test_after_24_hours_the_answers_are_gone(
        self, family: Family, forum: Event, summer: time_machine.Traveller
    ) -> None:
        draft = self.draft(family)
        summer.shift(timedelta(hours=25))
        assert family.open(f"/book/{draft}/contact").status == 404

    def test_clear_my_answers_stands_on_every_page_and_clears(self, family: Family, forum: Event) -> None:
        draft = self.draft(family)
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        for page in ("who", "contact", "children", "needs", "needs/more", "questions", "check"):
            assert "Clear my answers" in family.open(f"/book/{draft}/{page}").text
        family.send(to="/clear")
        assert "cleared" in family.text
        assert how_many(Draft) == 0
        assert family.open(f"/book/{draft}/check").status == 404


class TestTwice:
    def test_sent_again_shows_the_same_booking(self, family: Family, forum: Event) -> None:
        family.book("forum")
        check, token = family.path, family.csrf
        family.send()
        done = family.path
        again = family.post(check, data={"csrf_token": token})
        assert (again.status_code, again.headers["Location"]) == (303, done)
        assert family.open(check).path == done
        assert how_many(Booking) == 1

    def test_a_double_click_is_one_booking(self, app: Flask, family: Family, forum: Event) -> None:
        family.book("forum")
        token = family.csrf
        cookie = family.client.get_cookie("session")
        assert cookie is not None
        places: list[str] = []
        gate = threading.Barrier(2)

        def click() -> None:
            client = app.test_client()
            client.set_cookie("session", cookie.value)
            gate.wait()
            places.append(client.post(family.path, data={"csrf_token": token}).headers["Location"])

        threads = [threading.Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(places)) == 1
        assert how_many(Booking) == 1


class TestMeanwhile:
    def test_the_last_place_went_and_the_list_is_one_press_away(self, family: Family, forum: Event) -> None:
        full = an_event(slug="last", capacity=1)
        family.book("last", full_name="Sam Carer")
        a_booking(full)
        family.send()
        assert family.status == 409
        assert "waiting list" in family.text
        assert "Sam Carer" in family.text
        family.send()
        assert "You are number 1 on the list" in family.text
        assert "first family we have enough places for" in family.text

    def test_a_full_session_says_so_on_the_first_page(self, family: Family, forum: Event) -> None:
        a_booking(an_event(slug="full", capacity=1))
        assert "You can join the waiting list" in family.open("/sessions/full/book").text
        family.book("full").send()
        assert "You are number 1 on the list" in family.text

    def test_a_family_too_large_is_told_how_many_are_left(self, family: Family, forum: Event) -> None:
        an_event(slug="small", capacity=2)
        family.book("small", adults=3)
        assert "only 2 places left" in family.text
        assert "change how many adults" in family.text

    def test_a_time_just_gone_leads_to_the_others(self, family: Family, forum: Event) -> None:
        event = an_event(slug="times", booking_mode=BookingMode.SLOTS)
        first, second = slots_for(event, times=2)
        family.open("/sessions/times/book").send(slot=first.id)
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        while not family.path.endswith("/check"):
            family.send()
        a_booking(event, slot_id=first.id)
        family.send()
        assert family.status == 409
        assert "just gone" in family.text
        family.open(family.path.replace("check", "who") + "?to=check").send(slot=second.id).send()
        db.session.rollback()
        ours = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
        assert ours is not None
        assert (ours.status, ours.slot_id) == (BookingStatus.CONFIRMED, second.id)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"status": EventStatus.CANCELLED}, "has been cancelled"),
            ({"new_date_pending": True}, "put off"),
            ({"starts_at": None}, "already begun"),
        ],
    )
    def test_the_session_closed(self, family: Family, forum: Event, change: dict[str, object], sentence: str) -> None:
        other = an_event(title="Something else to go to")
        family.book("forum")
        if "starts_at" in change:
            change = {"starts_at": clock.now() - timedelta(minutes=5)}
        with transaction():
            event = db.session.get_one(Event, forum.id)
            for name, value in change.items():
                setattr(event, name, value)
        family.send()
        assert family.status == 409
        assert sentence in family.text
        assert other.title in family.text
        assert how_many(Booking) == 0


@pytest.mark.one_database
class TestClosedFromTheStart:
    def test_an_open_session_needs_no_booking(self, family: Family, forum: Event) -> None:
        an_event(slug="open", booking_mode=BookingMode.OPEN)
        family.open("/sessions/open/book")
        assert family.status == 200
        assert "Just turn up" in family.text

    def test_unknown_and_unpublished_sessions_look_the_same(self, family: Family, forum: Event) -> None:
        an_event(slug="draft", status=EventStatus.DRAFT)
        assert family.open("/sessions/draft/book").status == 404
        unpublished = family.text
        assert family.open("/sessions/nothing/book").status == 404
        assert "We cannot find that session" in unpublished
        assert "We cannot find that session" in family.text


@pytest.mark.one_database
class TestManners:
    def test_the_pages_are_not_kept_and_not_found_by_search(self, family: Family, forum: Event) -> None:
        family.book("forum")
        assert family.page is not None
        assert family.page.headers["Cache-Control"] == "no-store"
        assert "noindex" in family.page.headers["X-Robots-Tag"]

    def test_what_was_typed_is_sealed(self, family: Family, forum: Event) -> None:
        family.book("forum", full_name="Secret Name", email="secret@example.net")
        with db.engine.connect() as connection:
            assert "ecret" not in str(connection.exec_driver_sql("SELECT * FROM draft").all())

    def test_too_many_sends_are_asked_to_wait_and_lose_nothing(self, family: Family, forum: Event) -> None:
        family.book("forum", full_name="Sam Carer")
        check = family.path
        for _ in range(60):
            family.send(website="x")
        assert family.status == 422
        family.send()
        assert family.status == 429
        assert "kept" in family.text
        assert "Sam Carer" in family.open(check).text

    def test_consent_is_written_down(self, family: Family, forum: Event) -> None:
        family.open("/sessions/forum/book").send()
        family.send(full_name="Sam", email="sam@example.net", contact_by="email")
        family.send(age_phase="under_5", consent_profile="y").send(needs="bsl", consent_needs="y").send().send()
        assert how_many(NeedRequest) == 1
        rows = db.session.scalars(select(Consent)).all()
        assert {row.subject for row in rows} == {ConsentSubject.NEEDS, ConsentSubject.PROFILE}

    def test_over_https_the_forms_go_through(self, family: Family, forum: Event) -> None:
        base = "https://localhost"
        page = family.get("/sessions/forum/book", base_url=base).get_data(as_text=True)
        sent = family.post(
            "/sessions/forum/book",
            base_url=base,
            data={"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0], "adults": "1"},
            headers={"Referer": f"{base}/sessions/forum/book"},
        )
        assert sent.status_code == 303
