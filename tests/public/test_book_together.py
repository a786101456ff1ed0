"""Who comes together: adults, supporters and interpreters, a young person, two times in a row; and bad input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import Booking, Draft, Event
from booking.rules.words import BookingMode, BookingStatus, CancelledBy, EventKind, Origin, PersonKind
from booking.services.cancel_booking import cancel_booking
from tests.cast import a_booking, an_event, slots_for
from tests.public.family import Family


@pytest.fixture
def coffee(app: Flask) -> Iterator[Event]:
    with app.app_context():
        yield an_event(slug="coffee", kind=EventKind.COFFEE, capacity=3)


def read(statement: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(statement)


def the_booking() -> Booking:
    return read(select(Booking)).one()


def on_to_check(family: Family, **contact: object) -> Family:
    family.send({"full_name": "Sam", "contact_by": "email", "email": "sam@example.net"} | contact)
    while not family.path.endswith("/check"):
        assert family.status == 200, family.text
        family.send()
    return family


class TestSupportersAndInterpreters:
    @pytest.mark.one_database
    def test_they_come_along_and_take_no_place(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send(adults=2, supporters=1, interpreters=2)
        on_to_check(family)
        assert "1 supporter" in family.text
        assert "2 interpreters" in family.text
        family.send()
        assert "2 adults, 1 supporter, 2 interpreters, no children" in family.text
        kinds = [place.kind for place in the_booking().places]
        assert kinds == [PersonKind.PARENT_CARER] * 2 + [PersonKind.SUPPORTER] + [PersonKind.INTERPRETER] * 2
        assert read(select(Event.places_taken)).one() == 2

    def test_the_last_place_takes_a_parent_with_three_supporters(self, family: Family, coffee: Event) -> None:
        a_booking(coffee, adults=2)
        family.open("/sessions/coffee/book").send(supporters=3)
        on_to_check(family).send()
        assert "You have a place" in family.text

    def test_cancelling_counts_them_as_little_as_booking_did(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send(adults=3, supporters=2)
        on_to_check(family).send()
        with transaction():
            cancel_booking(the_booking().id, by=CancelledBy.FAMILY)
        assert read(select(Event.places_taken)).one() == 0

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("supporters", "4", "a number from 0 to 3"),
            ("supporters", "-1", "a number from 0 to 3"),
            ("supporters", "", "a number from 0 to 3"),
            ("interpreters", "3", "a number from 0 to 2"),
            ("interpreters", "two", "a number from 0 to 2"),
            ("interpreters", "9" * 10_000, "a number from 0 to 2"),
        ],
    )
    def test_wrong_numbers_are_said_where_they_can_be_seen(
        self, family: Family, coffee: Event, name: str, value: str, sentence: str
    ) -> None:
        family.open("/sessions/coffee/book").send({name: value})
        assert family.status == 422
        assert sentence in family.text
        assert '<details class="govuk-details" open>' in family.text
        assert read(select(Draft)).all() == []


class TestWhoBooks:
    @pytest.mark.one_database
    def test_who_posts_adults_and_children_alone_is_a_parent(self, family: Family, coffee: Event) -> None:
        token = family.open("/sessions/coffee/book").csrf
        answer = family.post(family.path, data={"csrf_token": token, "adults": "2", "children": "1"})
        assert answer.status_code == 303
        family.open(answer.headers["Location"])
        on_to_check(family).send()
        booking = the_booking()
        assert [place.kind for place in booking.places] == [PersonKind.PARENT_CARER] * 2
        assert (booking.origin, booking.children) == (Origin.WEB, 1)

    @pytest.mark.one_database
    def test_a_young_person_books_in_their_own_right(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send(booking_for="young_person", adults=2)
        on_to_check(family)
        assert "About your child" not in family.text
        family.send()
        booking = the_booking()
        kinds = [(place.kind, place.adult.kind) for place in booking.places if place.adult]
        assert kinds == [(PersonKind.YOUNG_PERSON,) * 2, (PersonKind.PARENT_CARER,) * 2]
        assert read(select(Event.places_taken)).one() == 2

    def test_a_young_person_is_found_again_as_one(self, family: Family, coffee: Event) -> None:
        for _twice in range(2):
            family.open("/sessions/coffee/book").send(booking_for="young_person")
            on_to_check(family).send()
        first, second = read(select(Booking)).all()
        assert first.places[0].adult_id == second.places[0].adult_id

    @pytest.mark.one_database
    def test_what_is_not_on_the_list_is_said(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send(booking_for="a_king")
        assert family.status == 422
        assert "Choose who you are booking for" in family.text

    @pytest.mark.one_database
    def test_what_was_said_of_children_is_not_kept_of_a_young_person(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send()
        family.send(full_name="Sam", contact_by="email", email="sam@example.net")
        family.send(age_phase="under_5", consent_profile="y").send()
        family.open(family.path.replace("check", "who?to=check")).send(booking_for="young_person")
        family.send()
        assert the_booking().profile is None


class TestTwoTimesInARow:
    @pytest.fixture
    def times(self, app: Flask) -> Iterator[list[int]]:
        with app.app_context():
            event = an_event(slug="drop-in", kind=EventKind.DROP_IN, booking_mode=BookingMode.SLOTS, capacity=4)
            yield [slot.id for slot in slots_for(event, times=4)]

    @pytest.mark.one_database
    def test_both_are_shown_and_booked(self, family: Family, times: list[int]) -> None:
        family.open("/sessions/drop-in/book").send(slot=times[0], longer="y")
        on_to_check(family)
        assert "10am to 10:40am, EHC plan officer" in family.text
        assert "Two times in a row" in family.text
        family.send()
        assert "10am to 10:40am" in family.text
        assert "EHC plan officer, two times in a row" in family.text
        assert the_booking().second_slot_id == times[1]

    @pytest.mark.one_database
    def test_the_need_for_a_longer_time_does_the_same(self, family: Family, times: list[int]) -> None:
        family.open("/sessions/drop-in/book").send(slot=times[2])
        family.send(full_name="Sam", contact_by="email", email="sam@example.net").send()
        family.send(action="more").send(needs="short_slot_plus").send(consent_needs="y")
        assert "Two times in a row" in family.text
        family.send()
        assert the_booking().second_slot_id == times[3]

    @pytest.mark.one_database
    def test_without_a_free_neighbour_the_page_names_the_times_that_have_one(
        self, family: Family, times: list[int]
    ) -> None:
        a_booking(read(select(Event)).one(), slot_id=times[1])
        family.open("/sessions/drop-in/book").send(slot=times[0], longer="y")
        assert family.status == 422
        assert "two in a row from: 10:40am." in family.text
        family.send(slot=times[2])
        assert family.path.endswith("/contact")

    def test_a_neighbour_taken_meanwhile_is_said_with_a_way_to_mend_it(self, family: Family, times: list[int]) -> None:
        family.open("/sessions/drop-in/book").send(slot=times[0], longer="y")
        on_to_check(family)
        a_booking(read(select(Event)).one(), slot_id=times[1])
        family.send()
        assert family.status == 409
        assert "two in a row from: 10:40am." in family.text
        assert "/who?to=check" in family.text
        family.open(family.path.replace("check", "who?to=check")).send(slot=times[2]).send()
        assert read(select(Booking.second_slot_id).where(Booking.second_slot_id.is_not(None))).one() == times[3]

    def test_none_left_offers_the_list_with_nothing_to_type_again(self, family: Family, times: list[int]) -> None:
        family.open("/sessions/drop-in/book").send(slot=times[0], longer="y")
        on_to_check(family)
        for each in (times[1], times[2]):
            a_booking(read(select(Event)).one(), slot_id=each)
        family.send()
        assert family.status == 409
        assert "no two free times in a row" in family.text
        family.send()
        assert "You are number 1 on the list" in family.text
        waiting = read(select(Booking).where(Booking.status == BookingStatus.WAITING)).one()
        assert waiting.second_slot_id == times[1]


NAMES = [
    "👩‍👧 Zoë 🏳️‍🌈",
    "محمد علي",
    "\u202eevil\u202c",
    "שרה כהן",
    "Ｆｕｌｌ",
    "Z̸͇̈́a̶l̵g̷o̵",
]


@pytest.mark.one_database
class TestEveryField:
    @pytest.mark.parametrize("name", NAMES)
    def test_names_of_all_the_world_stand_apart_from_what_follows(
        self, family: Family, coffee: Event, name: str
    ) -> None:
        family.open("/sessions/coffee/book").send(adults=2)
        on_to_check(family, full_name=name, other_names=name)
        assert f'<bdi class="house-line">{name}</bdi>' in family.text
        family.send()
        assert f'<bdi class="house-glance__more">{name}</bdi>' in family.text
        assert [place.adult.name for place in the_booking().places if place.adult] == [name, name]

    @pytest.mark.parametrize(
        ("page", "given"),
        [
            ("who", {"adults": "9" * 10_000}),
            ("who", {"children": "9" * 10_000}),
            ("who", {"booking_for": "x" * 10_000}),
            ("contact", {"full_name": "x" * 10_000}),
            ("contact", {"other_names": "x" * 10_000}),
            ("contact", {"contact_by": "x" * 10_000, "email": ""}),
            ("contact", {"email": "x" * 10_000}),
            ("contact", {"email": "x" * 10_000 + "@example.net"}),
            ("contact", {"phone": "1" * 10_000}),
            ("contact", {"outcode": "TN23" * 2_500}),
            ("needs", {"need_detail": "x" * 10_000, "consent_needs": "y"}),
        ],
    )
    def test_ten_thousand_characters_are_refused_with_a_sentence(
        self, family: Family, coffee: Event, page: str, given: dict[str, object]
    ) -> None:
        family.open("/sessions/coffee/book")
        if page != "who":
            family.send()
        if page == "needs":
            family.send(full_name="Sam", contact_by="email", email="sam@example.net").send()
            assert family.path.endswith("/needs")
        before = {"full_name": "Sam", "contact_by": "email", "email": "sam@example.net"} if page == "contact" else {}
        family.send(before | given)
        assert family.status == 422
        assert "<title>Error: " in family.text

    def test_ten_thousand_characters_in_a_choice_are_no_answer(self, family: Family, coffee: Event) -> None:
        family.open("/sessions/coffee/book").send()
        family.send(full_name="Sam", contact_by="email", email="sam@example.net")
        family.send(age_phase="x" * 10_000, support=["x" * 10_000], consent_profile="y")
        family.send(any_needs="x" * 10_000, needs=["x" * 10_000])
        family.send()
        booking = the_booking()
        assert (booking.profile, booking.needs) == (None, [])

    @pytest.mark.parametrize("outcode", ["ZZ99", "TN99", "TN99 9ZZ", "tn-23", "00", "T"])
    def test_a_postcode_that_does_not_exist_shuts_nobody_out(self, family: Family, coffee: Event, outcode: str) -> None:
        family.open("/sessions/coffee/book").send()
        family.send(full_name="Sam", contact_by="email", email="sam@example.net", outcode=outcode)
        if family.status == 422:
            assert "or leave this empty" in family.text
            family.send(outcode="")
        assert family.path.endswith("/children")


@pytest.mark.one_database
class TestTwoTabs:
    def test_each_tab_books_what_it_shows(self, family: Family, coffee: Event) -> None:
        an_event(slug="forum")
        one = on_to_check(family.open("/sessions/coffee/book").send(adults=2))
        two = on_to_check(Family(family.client).open("/sessions/forum/book").send(adults=1))
        one.send()
        two.send()
        booked = {booking.event.slug: len(booking.places) for booking in read(select(Booking))}
        assert booked == {"coffee": 2, "forum": 1}

    def test_an_answer_changed_in_another_tab_is_the_one_that_counts_and_shows(
        self, family: Family, coffee: Event
    ) -> None:
        on_to_check(family.open("/sessions/coffee/book").send(adults=1))
        other = Family(family.client).open(family.path.replace("check", "who?to=check")).send(adults=3)
        assert "3 adults" in other.text
        family.send()
        assert len(the_booking().places) == 3
        assert "3 adults" in family.text

    def test_back_after_booking_leads_to_the_booking(self, family: Family, coffee: Event) -> None:
        check = on_to_check(family.open("/sessions/coffee/book").send()).path
        done = family.send().path
        for page in ("who", "contact", "children", "needs", "check"):
            assert family.open(check.replace("check", page)).path == done

    def test_the_same_session_again_is_booked_again_and_nothing_is_told_of_the_first(
        self, family: Family, coffee: Event
    ) -> None:
        on_to_check(family.open("/sessions/coffee/book").send()).send()
        on_to_check(family.open("/sessions/coffee/book").send(), email="sam@example.net")
        assert "already" not in family.text
        assert "You have a place" in family.send().text
        assert len(read(select(Booking)).all()) == 2
