"""The paper register typed in: in its order, with codes, all at once, and nothing that others recorded undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, transaction
from booking.models import Booking, Event, Place, Venue
from booking.queries.register import get_register
from booking.rules.row_codes import row_code
from booking.rules.words import CancelledBy, EventStatus, Origin, Outcome
from booking.services.cancel_booking import cancel_booking
from booking.services.record_attendance import record_outcome
from tests.cast import a_booking, an_event
from tests.door.conftest import submit
from tests.page_checks import problems_of


def paper(client: FlaskClient, event: Event, **fields: object) -> TestResponse:
    """Send the page's form; a tick is `row-<place>`."""
    page = f"/door/{event.id}/paper"
    return submit(client, page, page, **fields)


def outcomes(event: Event) -> dict[int, Outcome]:
    db.session.rollback()
    statement = select(Place.id, Place.outcome).join(Booking).where(Booking.event_id == event.id)
    return {row.id: row.outcome for row in db.session.execute(statement)}


class TestTheRows:
    def test_stand_in_the_order_of_the_sheet_with_their_codes(self, event: Event, organiser: FlaskClient) -> None:
        codes = [row_code(a_booking(event, adults=1).places[0].id) for _number in range(8)]
        pages = [
            organiser.get(address).text
            for address in (f"/door/{event.id}/paper", f"/staff/sessions/{event.id}/print/register")
        ]
        orders = [sorted(codes, key=page.index) for page in pages]
        assert orders[0] == orders[1]

    def test_are_recorded_all_at_once(self, event: Event, at_the_door: FlaskClient) -> None:
        came, gone, other = (a_booking(event, adults=1).places[0].id for _number in range(3))
        answer = paper(at_the_door, event, **{f"row-{came}": "y", "codes": row_code(other).lower(), "rest": "gone"})
        assert answer.status_code == 303
        assert outcomes(event) == {came: Outcome.ATTENDED, gone: Outcome.DID_NOT_COME, other: Outcome.ATTENDED}
        assert db.session.get_one(Place, came).device == "paper"
        said = at_the_door.get(answer.location).text
        assert "Typed in. Came: 2. Did not come: 1. Without a booking: 0." in said

    @pytest.mark.one_database
    def test_without_a_tick_are_never_guessed(self, event: Event, at_the_door: FlaskClient) -> None:
        came, other = (a_booking(event, adults=1).places[0].id for _number in range(2))
        answer = paper(at_the_door, event, **{f"row-{came}": "y"})
        assert answer.status_code == 422
        assert "Say what a row without a tick means." in answer.text
        assert f'name="row-{came}" value="y" checked' in answer.text
        assert set(outcomes(event).values()) == {Outcome.NOT_RECORDED}
        assert paper(at_the_door, event, **{f"row-{came}": "y", "rest": "unknown"}).status_code == 303
        assert outcomes(event) == {came: Outcome.ATTENDED, other: Outcome.NOT_RECORDED}

    @pytest.mark.one_database
    def test_that_a_colleague_has_recorded_stay_so_without_a_tick(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event, adults=1).places[0].id
        page = f"/door/{event.id}/paper"
        at_the_door.get(page)
        with transaction():
            record_outcome(place, Outcome.ATTENDED, by=None)
        assert paper(at_the_door, event, rest="gone").status_code == 303
        assert outcomes(event) == {place: Outcome.ATTENDED}

    def test_with_a_mistyped_code_are_named_and_nothing_is_lost(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event, adults=1).places[0].id
        elsewhere = row_code(a_booking(an_event(starts_at=clock.now() + timedelta(hours=2))).places[0].id)
        answer = paper(at_the_door, event, codes=f"{row_code(place)} {elsewhere} QQQ", rest="gone")
        assert answer.status_code == 422
        assert f"These are no codes of this register: {elsewhere}, QQQ." in answer.text
        assert row_code(place) in answer.text
        assert set(outcomes(event).values()) == {Outcome.NOT_RECORDED}

    def test_that_lost_their_place_meanwhile_are_named(self, event: Event, at_the_door: FlaskClient) -> None:
        booking = a_booking(event, adults=1)
        place = booking.places[0].id
        with transaction():
            cancel_booking(booking.id, by=CancelledBy.FAMILY)
        answer = paper(at_the_door, event, **{f"row-{place}": "y", "rest": "gone"})
        assert answer.status_code == 422
        assert f"No longer on the register: {row_code(place)}." in answer.text

    def test_say_how_many_children_came(self, event: Event, at_the_door: FlaskClient) -> None:
        came, gone = a_booking(event, adults=1, children=1), a_booking(event, adults=1, children=2)
        numbers = {f"children-{came.id}": "3", f"children-{gone.id}": "5"}
        paper(at_the_door, event, **{f"row-{came.places[0].id}": "y", "rest": "gone", **numbers})
        db.session.rollback()
        assert [db.session.get_one(Booking, each).children for each in (came.id, gone.id)] == [3, 2]


class TestTheLines:
    @pytest.mark.one_database
    def test_are_people_without_a_booking(self, event: Event, at_the_door: FlaskClient) -> None:
        lines = {"name-1": "Zoë", "outcode-1": "tn23 1aa", "adults-1": "2", "kids-1": "1", "adults-3": "1"}
        assert paper(at_the_door, event, **lines).status_code == 303
        db.session.rollback()
        named, anonymous = db.session.scalars(select(Booking).order_by(Booking.id)).all()
        assert (named.origin, len(named.places), named.children, named.outcode) == (Origin.WALK_IN, 2, 1, "TN23")
        assert named.district == "ashford"
        assert (len(anonymous.places), anonymous.family_id, anonymous.district) == (1, None, "unknown")
        assert get_register(event.id).walked_in == 3

    def test_count_once_however_often_the_form_is_sent(self, event: Event, at_the_door: FlaskClient) -> None:
        for _time in range(2):
            assert paper(at_the_door, event, **{"name-1": "Zoë", "tap": "one-sheet"}).status_code == 303
        db.session.rollback()
        assert db.session.scalar(select(func.count(Booking.id))) == 1

    @pytest.mark.one_database
    def test_become_more_with_everything_typed_kept(self, event: Event, at_the_door: FlaskClient) -> None:
        place = a_booking(event, adults=1).places[0].id
        answer = paper(at_the_door, event, **{f"row-{place}": "y", "name-1": "Zoë", "tap": "kept", "more": "yes"})
        assert answer.status_code == 200
        assert 'value="Zoë"' in answer.text
        assert 'value="kept"' in answer.text
        assert f'name="row-{place}" value="y" checked' in answer.text
        assert 'name="name-8"' in answer.text
        assert set(outcomes(event).values()) == {Outcome.NOT_RECORDED}

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"adults-1": "9"}, "Write a whole number from 1 to 6."),
            ({"kids-1": "x"}, "Write a whole number, such as 30."),
            ({"outcode-1": "Ashford"}, "Write it like TN23."),
        ],
    )
    def test_that_cannot_be_are_refused_with_nothing_lost(
        self, event: Event, at_the_door: FlaskClient, wrong: dict[str, str], said: str
    ) -> None:
        answer = paper(at_the_door, event, **{"name-1": "Zoë", "name-2": "Ida", **wrong})
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="Ida"' in answer.text
        assert problems_of(answer.text) == []
        assert db.session.scalar(select(func.count(Booking.id))) == 0

    @pytest.mark.one_database
    def test_past_the_fire_limit_need_somebody_who_answers_for_it(self, event: Event, organiser: FlaskClient) -> None:
        with transaction():
            db.session.get_one(Venue, event.venue_id).fire_limit = 1
        line = {"name-1": "Zoë", "adults-1": "2", "tap": "full"}
        answer = paper(organiser, event, **line)
        assert answer.status_code == 422
        assert "The room is full." in answer.text
        assert 'name="override"' in answer.text
        assert paper(organiser, event, **line, override="The garden was open").status_code == 303
        assert get_register(event.id).walked_in == 2

    @pytest.mark.one_database
    def test_past_the_fire_limit_are_not_the_front_desks_to_let_in(
        self, event: Event, at_the_door: FlaskClient
    ) -> None:
        with transaction():
            db.session.get_one(Venue, event.venue_id).fire_limit = 1
        answer = paper(at_the_door, event, **{"adults-1": "2", "override": "I say so"})
        assert answer.status_code == 422
        assert "Only an organiser can let somebody in past the fire limit." in answer.text
        assert 'name="override"' not in answer.text


class TestThePage:
    @pytest.mark.one_database
    def test_says_why_nothing_can_be_typed(self, event: Event, organiser: FlaskClient) -> None:
        with transaction():
            db.session.get_one(Event, event.id).status = EventStatus.CANCELLED
        page = organiser.get(f"/door/{event.id}/paper").text
        assert "This session was cancelled." in page
        assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
