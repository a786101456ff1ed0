"""A family says whether what it asked for was there: apart from what staff say, and it counts more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.errors import NotFound
from booking.extensions import db, transaction
from booking.models import Booking, Event, NeedRequest
from booking.queries.need_outcomes import outcomes_at
from booking.rules.need_outcomes import NotAnOutcome, Told, count_outcomes, outcome_that_counts
from booking.rules.words import ConsentSubject, NeedState, Outcome, StaffRole
from booking.services.ask_needs import Need
from booking.services.say_outcomes import say_outcomes
from booking.services.say_was_there import say_was_there
from tests.cast import a_booking, a_member_of_staff, an_event, come_back, sign_in
from tests.page_checks import problems_of
from tests.public.family import Family, page_of

MET, PARTLY, NOT_MET = NeedState.MET, NeedState.PARTLY_MET, NeedState.NOT_MET


@pytest.fixture
def booking(in_app: Flask) -> Booking:
    """A family that asked for two things."""
    return a_booking(an_event(), needs=(Need("loop", ""), Need("quiet_space", "")), consents=(ConsentSubject.NEEDS,))


def after(booking: Booking, traveller: time_machine.Traveller, *, came: Outcome = Outcome.ATTENDED) -> list[int]:
    """Let the session be over and return the numbers of what was asked for."""
    event = db.session.get_one(Event, booking.event_id)
    traveller.move_to(event.ends_at + timedelta(hours=1))
    with transaction():
        for place in db.session.get_one(Booking, booking.id).places:
            place.outcome = came
    return sorted(db.session.scalars(select(NeedRequest.id).where(NeedRequest.booking_id == booking.id)))


def kept(booking: Booking) -> list[NeedState | None]:
    db.session.rollback()
    statement = select(NeedRequest.family_outcome).where(NeedRequest.booking_id == booking.id)
    return list(db.session.scalars(statement.order_by(NeedRequest.id)))


class TestTheFamily:
    def test_says_it_on_its_own_page_and_may_change_its_mind(
        self, client: FlaskClient, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        first, second = after(booking, summer)
        family = Family(client).open(page_of(booking))
        assert "Say whether it was there" in family.text
        page = page_of(booking, "/was-it-there")
        family.open(page).send(**{f"need-{first}": "met", f"need-{second}": "not_met"})
        assert family.path == page_of(booking)
        assert "You said: It was not there" in " ".join(family.text.split())
        assert kept(booking) == [MET, NOT_MET]
        assert family.open(page).send(**{f"need-{second}": "partly_met"}).path == page_of(booking)
        assert kept(booking) == [MET, PARTLY]

    def test_is_asked_for_one_answer_at_least(
        self, client: FlaskClient, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        after(booking, summer)
        family = Family(client).open(page_of(booking, "/was-it-there")).send()
        assert family.status == 422
        assert "Please say it of one thing at least" in family.text
        assert problems_of(family.text) == []

    def test_is_not_asked_before_the_session_nor_when_it_stayed_away(
        self, client: FlaskClient, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        assert "Say whether it was there" not in Family(client).open(page_of(booking)).text
        [first, _second] = after(booking, summer, came=Outcome.DID_NOT_COME)
        assert "Say whether it was there" not in Family(client).open(page_of(booking)).text
        with pytest.raises(NotFound), transaction():
            say_was_there(booking.id, {first: MET})

    def test_says_nothing_of_another_family_and_nothing_that_is_no_answer(
        self, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        other = a_booking(booking.event, needs=(Need("loop", ""),), consents=(ConsentSubject.NEEDS,))
        [first, _second] = after(booking, summer)
        with pytest.raises(NotFound), transaction():
            say_was_there(other.id, {first: MET})
        with pytest.raises(NotAnOutcome), transaction():
            say_was_there(booking.id, {first: NeedState.REQUESTED})
        assert kept(booking) == [None, None]


class TestWhoCounts:
    @pytest.mark.parametrize(
        ("state", "family", "counts"),
        [
            (MET, NOT_MET, NOT_MET),
            (NOT_MET, MET, MET),
            (PARTLY, None, PARTLY),
            (NeedState.CONFIRMED_TO_FAMILY, None, None),
            (NeedState.CONFIRMED_TO_FAMILY, PARTLY, PARTLY),
            (NeedState.CANNOT_MEET, None, None),
        ],
    )
    def test_is_the_family_where_both_speak(
        self, state: NeedState, family: NeedState | None, counts: NeedState | None
    ) -> None:
        assert outcome_that_counts(state, family) == counts

    def test_what_fell_away_is_in_no_count(self) -> None:
        answers = [(MET, None), (MET, NOT_MET), (NeedState.NO_LONGER_NEEDED, None), (NeedState.ARRANGED, None)]
        told = count_outcomes(answers)
        assert told == Told(met=1, not_met=1, unsaid=1)
        assert told.asked == 3

    def test_staff_and_family_are_kept_apart(
        self, client: FlaskClient, booking: Booking, summer: time_machine.Traveller
    ) -> None:
        first, second = after(booking, summer)
        with transaction():
            say_was_there(booking.id, {first: NOT_MET})
        with transaction():
            say_outcomes(booking.event_id, {first: MET, second: MET})
        assert kept(booking) == [NOT_MET, None]
        assert db.session.get_one(NeedRequest, first).state == MET
        assert outcomes_at(booking.event_id) == Told(met=1, not_met=1)
        sign_in(client, a_member_of_staff(StaffRole.ACCESS_LEAD))
        come_back(client)
        page = client.get(f"/staff/sessions/{booking.event_id}/outcomes").text
        assert "The family says:" in page
        assert "There: 1. Partly: 0. Not there: 1. Nobody has said: 0." in page
