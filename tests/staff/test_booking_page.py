"""One booking on one page for whoever takes the call: changed, moved, cancelled, noted, printed (J3, J11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, BookingChange, Consent, Event, Message, Note
from booking.rules.consent import SPOKEN_VERSION
from booking.rules.words import BookingMode, BookingStatus, ConsentSubject, ContactBy, EventKind, MessageKind, StaffRole
from booking.services.book_places import Need
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in, slots_for
from tests.staff.browse import forms_of, send

ASKED: dict[str, Any] = {"needs": (Need("bsl", "On my left"),), "consents": (ConsentSubject.NEEDS,)}


@pytest.fixture
def booked(app: Flask) -> int:
    """Two adults with an interpreter."""
    with app.app_context():
        return a_booking(an_event(title="First forum"), adults=2, email="ash@example.net", **ASKED).id


def fresh(number: int) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, number, populate_existing=True)


def page_of(number: int, part: str = "") -> str:
    return f"/staff/bookings/{number}{part}"


@pytest.mark.one_database
class TestThePage:
    def test_says_all_that_a_call_needs(self, organiser: FlaskClient, booked: int) -> None:
        shown = organiser.get(page_of(booked)).text
        for what in ("Adult 1, Adult 2", "ash@example.net", "First forum", "BSL", "On my left", "Has a place"):
            assert what in shown

    def test_says_of_a_session_that_is_over_that_it_is(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            number = a_booking(event).id
            with transaction():
                over = db.session.get_one(Event, event.id)
                over.starts_at, over.ends_at = (clock.now() - timedelta(days=2, hours=each) for each in (2, 0))
        head = organiser.get(page_of(number)).text.split("</h1>")[1].split("</p>")[0]
        assert "Over" in head
        assert "Has a place" not in head

    def test_names_nobody_in_its_title(self, organiser: FlaskClient, booked: int) -> None:
        title = organiser.get(page_of(booked)).text.split("<title>")[1].split("</title>")[0]
        assert "Adult" not in title
        assert "BSL" not in title

    def test_names_the_colleague_who_booked(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            page = f"/staff/sessions/{an_event().id}/book"
        call = {"script_read": "y", "contact_by": "ring_me", "phone": "01632 960321"}
        answer = send(organiser, page, **call)
        assert "Olu Organiser" in organiser.get(answer.location).text

    def test_hides_needs_from_who_does_not_act_on_them(self, app: Flask, client: FlaskClient, booked: int) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.VENUE))
        assert client.get(page_of(booked)).status_code == 403

    def test_of_a_walk_in_or_of_nothing_is_not_there(self, organiser: FlaskClient) -> None:
        assert organiser.get(page_of(999999)).status_code == 404


@pytest.mark.one_database
class TestWhatIsReadOut:
    def test_has_to_be_read_before_anything_is_kept(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            page = f"/staff/sessions/{an_event().id}/book"
        answer = send(organiser, page, contact_by="ring_me", phone="01632 960321")
        assert answer.status_code == 422
        assert "Read out the sentences in the box, then tick that you did." in answer.text
        assert forms_of(answer)[page]["phone"] == ["01632 960321"]

    def test_is_kept_with_its_wording_and_how_it_was_asked(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            page = f"/staff/sessions/{an_event().id}/book"
        call = {"script_read": "y", "contact_by": "ring_me", "phone": "01632 960321"}
        send(organiser, page, **call, needs=["bsl"], consent_needs="y")
        with app.app_context():
            consent = db.session.scalars(select(Consent)).one()
            assert (consent.channel, consent.wording_version) == ("phone", SPOKEN_VERSION)
            entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "booked by phone")).one()
            assert entry.facts == {"read_out": SPOKEN_VERSION}

    def test_words_without_a_tick_are_a_request_of_their_own(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            page = f"/staff/sessions/{an_event().id}/book"
        call = {"script_read": "y", "contact_by": "ring_me", "phone": "01632 960321"}
        send(organiser, page, **call, need_detail="A seat by the door", consent_needs="y")
        with app.app_context():
            [need] = db.session.scalars(select(Booking)).one().needs
            assert (need.code, need.detail) == ("something_else", "A seat by the door")


class TestAChange:
    def test_of_all_at_once(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        changes = {
            "adults": 3,
            "names": "Cleo Ash",
            "email": "new@example.net",
            "needs": ["loop"],
            "consent_needs": "y",
        }
        assert send(organiser, page_of(booked, "/change"), **changes).status_code == 303
        with app.app_context():
            row = fresh(booked)
            names = [place.adult.name for place in row.places if place.adult]
            assert (row.email, names) == ("new@example.net", ["Adult 1", "Adult 2", "Cleo Ash"])
            open_now = {need.code for need in row.needs if need.state != "no_longer_needed"}
            assert open_now == {"loop"}
            actors = set(db.session.scalars(select(BookingChange.actor).where(BookingChange.booking_id == booked)))
            assert any(actor.startswith("staff:") for actor in actors)

    def test_of_nothing_changes_nothing(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        with app.app_context():
            before = len(db.session.scalars(select(BookingChange)).all())
        answer = send(organiser, page_of(booked, "/change"))
        assert "Nothing was different" in organiser.get(answer.location).text
        with app.app_context():
            assert len(db.session.scalars(select(BookingChange)).all()) == before

    @pytest.mark.one_database
    def test_that_does_not_fit_changes_nothing_and_keeps_what_was_typed(
        self, app: Flask, organiser: FlaskClient
    ) -> None:
        with app.app_context():
            number = a_booking(an_event(capacity=1), email="small@example.net").id
        page = page_of(number, "/change")
        answer = send(organiser, page, adults=4, email="typed@example.net")
        assert answer.status_code == 422
        assert forms_of(answer)[page]["email"] == ["typed@example.net"]
        with app.app_context():
            assert (fresh(number).email, len(fresh(number).places)) == ("small@example.net", 1)

    @pytest.mark.one_database
    def test_of_what_is_asked_for_needs_their_yes(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        answer = send(organiser, page_of(booked, "/change"), needs=["bsl", "loop"])
        assert answer.status_code == 422
        assert "Tick the box to let us use this" in answer.text

    @pytest.mark.one_database
    def test_of_the_time(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=3)
            first, second, _third = slots_for(event)
            number, wanted = a_booking(event, slot_id=first.id).id, second.id
        assert send(organiser, page_of(number, "/change"), slot_id=wanted).status_code == 303
        with app.app_context():
            assert fresh(number).slot_id == wanted


class TestAnotherSession:
    @pytest.mark.one_database
    def test_has_the_same_people_and_the_old_place_is_free(
        self, app: Flask, organiser: FlaskClient, booked: int
    ) -> None:
        with app.app_context():
            other, old = an_event(title="Second forum").id, fresh(booked).event_id
            family = fresh(booked).family_id
        answer = send(organiser, page_of(booked, "/move"), event=other, keeps_needs="y")
        assert answer.status_code == 303
        with app.app_context():
            moved = fresh(int(answer.location.rsplit("/", 1)[1]))
            assert (moved.event_id, moved.family_id, moved.status) == (other, family, BookingStatus.CONFIRMED)
            assert [place.adult.name for place in moved.places if place.adult] == ["Adult 1", "Adult 2"]
            assert [(need.code, need.detail) for need in moved.needs] == [("bsl", "On my left")]
            assert fresh(booked).status == BookingStatus.CANCELLED
            assert db.session.get_one(Event, old).places_taken == 0
            kinds = {(row.booking_id, row.kind) for row in db.session.scalars(select(Message))}
            assert {(moved.id, MessageKind.CONFIRMED), (booked, MessageKind.CANCELLED_BY_FAMILY)} <= kinds

    @pytest.mark.one_database
    def test_gets_no_needs_without_their_yes(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        with app.app_context():
            other = an_event().id
        answer = send(organiser, page_of(booked, "/move"), event=other)
        with app.app_context():
            assert fresh(int(answer.location.rsplit("/", 1)[1])).needs == []

    @pytest.mark.one_database
    def test_that_is_full_leaves_all_as_it_was(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        with app.app_context():
            other = an_event(capacity=1).id
        answer = send(organiser, page_of(booked, "/move"), event=other)
        assert answer.status_code == 422
        with app.app_context():
            assert fresh(booked).status == BookingStatus.CONFIRMED
            assert len(db.session.scalars(select(Booking)).all()) == 1

    @pytest.mark.one_database
    def test_with_times_asks_which(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        with app.app_context():
            event = an_event(kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=3)
            other, slot = event.id, slots_for(event)[1].id
        page = page_of(booked, "/move")
        asked = send(organiser, page, event=other)
        assert (asked.status_code, "Choose a time." in asked.text) == (422, True)
        answer = send(organiser, asked, to=page, slot_id=slot)
        assert answer.status_code == 303
        with app.app_context():
            assert fresh(int(answer.location.rsplit("/", 1)[1])).slot_id == slot

    @pytest.mark.parametrize("slot", ["9" * 5000, "999999", "²", "x"])
    def test_takes_no_time_that_it_does_not_offer(
        self, app: Flask, organiser: FlaskClient, booked: int, slot: str
    ) -> None:
        with app.app_context():
            event = an_event(kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=3)
            other = event.id
            slots_for(event)
        page = page_of(booked, "/move")
        asked = send(organiser, page, event=other)
        answer = send(organiser, asked, to=page, slot_id=slot)
        assert (answer.status_code, "Choose a time." in answer.text) == (422, True)

    @pytest.mark.one_database
    @pytest.mark.parametrize("event", ["", "999999", "x"])
    def test_that_is_none_is_refused(self, app: Flask, organiser: FlaskClient, booked: int, event: str) -> None:
        with app.app_context():
            an_event()
        assert send(organiser, page_of(booked, "/move"), event=event).status_code == 422


@pytest.mark.one_database
class TestTheyCannotCome:
    def test_gives_the_place_back_and_asks_no_reason(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        assert send(organiser, page_of(booked, "/cancel")).status_code == 303
        with app.app_context():
            assert fresh(booked).status == BookingStatus.CANCELLED
        shown = organiser.get(page_of(booked)).text
        assert page_of(booked, "/change") not in shown

    def test_after_it_began_says_so(self, app: Flask, organiser: FlaskClient, booked: int) -> None:
        with app.app_context(), transaction():
            db.session.get_one(Event, fresh(booked).event_id).starts_at = clock.now() - timedelta(minutes=5)
        answer = send(organiser, page_of(booked, "/cancel"))
        assert answer.status_code == 422
        with app.app_context():
            assert fresh(booked).status == BookingStatus.CONFIRMED


@pytest.mark.one_database
class TestANote:
    def test_is_there_for_the_next_call_and_in_no_record_of_deeds(
        self, app: Flask, organiser: FlaskClient, colleague: FlaskClient, booked: int
    ) -> None:
        send(organiser, page_of(booked), to=page_of(booked, "/notes"), text="Ring after six")
        shown = colleague.get(page_of(booked)).text
        assert "Ring after six" in shown
        assert "Olu Organiser" in shown
        with app.app_context():
            assert db.session.scalars(select(Note.text)).one() == "Ring after six"
            assert not [row for row in db.session.scalars(select(AuditEntry)) if "six" in str(row.facts)]

    def test_of_nothing_is_refused(self, organiser: FlaskClient, booked: int) -> None:
        answer = send(organiser, page_of(booked), to=page_of(booked, "/notes"), text="  ")
        assert answer.status_code == 422
        assert "Write the note." in answer.text


@pytest.mark.one_database
def test_the_letter_says_what_the_familys_own_page_says(app: Flask, organiser: FlaskClient, booked: int) -> None:
    with app.app_context():
        reference = fresh(booked).reference
    shown = organiser.get(page_of(booked, "/letter")).text
    for what in ("First forum", f"{reference[:3]} {reference[3:]}", "Adult 1", "We do not keep it."):
        assert what in shown


class TestTwoRecords:
    @pytest.fixture
    def other(self, app: Flask) -> int:
        with app.app_context():
            return a_booking(an_event(), email="second@example.net").id

    def test_are_compared_joined_and_taken_apart(
        self, app: Flask, organiser: FlaskClient, booked: int, other: int
    ) -> None:
        with app.app_context():
            reference, family = fresh(other).reference, fresh(booked).family_id
        page = page_of(booked, "/same-family")
        check = send(organiser, page, reference=reference)
        assert "second@example.net" in check.text
        assert "ash@example.net" in check.text
        with app.app_context():
            assert fresh(other).family_id != family, "nothing happens before the second button"
        assert send(organiser, check, to=page).status_code == 303
        with app.app_context():
            assert fresh(other).family_id == family
        shown = organiser.get(page_of(booked))
        [undo] = [action for action in forms_of(shown) if action.endswith("/undo")]
        assert send(organiser, shown, to=undo).status_code == 303
        with app.app_context():
            assert fresh(other).family_id != family

    @pytest.mark.one_database
    @pytest.mark.parametrize("typed", ["", "ABCDEF"])
    def test_need_a_reference_that_is_there(self, organiser: FlaskClient, booked: int, typed: str) -> None:
        assert send(organiser, page_of(booked, "/same-family"), reference=typed).status_code == 422

    @pytest.mark.one_database
    def test_are_nothing_for_who_sees_some_sessions_alone(self, app: Flask, client: FlaskClient, booked: int) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            with transaction():
                db.session.get_one(Event, fresh(booked).event_id).organiser_id = member.id
            sign_in(client, member)
        assert client.get(page_of(booked)).status_code == 200
        assert client.get(page_of(booked, "/same-family")).status_code == 403
        assert "One family, one record" not in client.get(page_of(booked)).text

    def test_with_one_number_are_asked_about_until_somebody_answers(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            a_booking(an_event(), email=None, phone="07700 900111", contact_by=ContactBy.PHONE)
            a_booking(an_event(), email="known@example.net")
            both = {"email": "known@example.net", "phone": "07700 900111"}
            number = a_booking(an_event(), **both).id
        shown = organiser.get(page_of(number))
        assert "Is it the same family?" in shown.text
        assert send(organiser, shown, to=page_of(number, "/two-families")).status_code == 303
        with app.app_context():
            assert fresh(number).family is not None
            assert not fresh(number).family.merge_question
