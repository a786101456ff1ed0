"""The needs pages of a booking: begun from what was ticked, held against the session, each with words of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db
from booking.models import Booking, NeedRequest
from booking.rules.words import Delivery, EventKind, ForWhom, StaffRole
from tests.cast import a_member_of_staff, an_event, sign_in
from tests.public.family import Family
from tests.public.looking import text_of
from tests.public.test_what_would_help import an_event_with, tick


@pytest.fixture
def slug(app: Flask) -> str:
    """A workshop where the room is level and has no quiet room, far enough ahead for an interpreter."""
    with app.app_context():
        start = clock.london_time(clock.today() + timedelta(days=60), 10)
        facts = {"step_free_route": "yes", "quiet_room": "no"}
        return an_event_with("Workshop", facts, kind=EventKind.WORKSHOP, starts_at=start).slug


def at_needs(client: FlaskClient, slug: str, **who: object) -> Family:
    family = Family(client).open(f"/sessions/{slug}/book").send({"adults": 1, **who})
    family.send(full_name="Sam Carer", contact_by="email", email="sam@example.net").send()
    assert family.path.endswith("/needs"), family.path
    return family


def booked(app: Flask) -> dict[str, NeedRequest]:
    with app.app_context():
        return {need.code: need for need in db.session.scalars(select(NeedRequest))}


class TestBegunFromWhatWasTicked:
    def test_nothing_is_asked_twice(self, app: Flask, client: FlaskClient, slug: str) -> None:
        tick(client, "step_free", "lift", "breaks")
        family = at_needs(client, slug)
        assert "We ticked what you told us before." in family.text
        for code in ("step_free", "lift", "breaks"):
            assert f'value="{code}" checked' in family.text
        family.send()
        assert "Tick the box to let us use this to get ready" in family.text, "ticking is not yet agreeing"
        family.send(consent_needs="y")
        assert family.path.endswith("/check")
        family.send()
        assert set(booked(app)) == {"step_free", "lift", "breaks"}

    @pytest.mark.one_database
    def test_what_makes_no_sense_at_this_session_is_left_out(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            online = an_event(delivery=Delivery.ONLINE, kind=EventKind.WEBINAR).slug
        tick(client, "step_free", "bsl")
        family = at_needs(client, online)
        assert 'value="bsl" checked' in family.text
        assert 'value="step_free"' not in family.text

    def test_an_answer_on_the_page_counts_and_not_the_ticks_before(
        self, app: Flask, client: FlaskClient, slug: str
    ) -> None:
        tick(client, "step_free")
        family = at_needs(client, slug).send(any_needs="no", needs=[])
        needs = family.path.replace("/check", "/needs")
        family.open(needs)
        assert 'value="no" checked' in family.text
        assert 'value="step_free" checked' not in family.text
        assert "We ticked what you told us before." not in family.text

    @pytest.mark.one_database
    def test_nothing_is_kept_for_who_only_looks(self, app: Flask, client: FlaskClient, slug: str) -> None:
        tick(client, "changing_places")
        family = at_needs(client, slug)
        with app.app_context():
            from booking.models import Draft

            assert "needs" not in db.session.scalars(select(Draft)).one().answers
        assert 'value="changing_places" checked' in family.text

    @pytest.mark.one_database
    def test_without_ticks_the_page_is_empty(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        assert '" checked' not in family.text


class TestBesideEachNeed:
    @pytest.mark.one_database
    def test_stands_what_the_session_offers_and_the_day_to_ask_by(
        self, app: Flask, client: FlaskClient, slug: str
    ) -> None:
        words = text_of(at_needs(client, slug).text)
        assert "Level or ramped all the way from the street or car park to the room. Already there." in words
        assert "A quiet room to step out to This place can’t. There is no quiet room" in words
        # 60 days from 16 June is Saturday 15 August 2026; 20 working days before is Monday 20 July.
        assert "Please tell us early. We can arrange it if you book by Monday 20 July." in words
        assert "Hearing loop Not checked yet. Ask us and we will find out." in words

    @pytest.mark.one_database
    def test_on_the_longer_list_too(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        words = text_of(family.open(f"{family.path}/more").text)
        assert "Braille We can arrange it if you book by Monday 27 July." in words
        assert "Regular breaks Yes, always. Just tell us." in words

    def test_too_late_is_a_warning(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            soon = an_event(kind=EventKind.WORKSHOP).slug
        family = at_needs(client, soon)
        assert "We need 20 working days to arrange this. Ask anyway: we will try." in family.text
        family.send(any_needs="yes", needs=["bsl"], consent_needs="y").send()
        assert booked(app)["bsl"].lead_ok is False


class TestTellUsMore:
    def ticked(self, client: FlaskClient, slug: str, *codes: str, **who: object) -> Family:
        family = at_needs(client, slug, **who)
        return family.send(any_needs="yes", needs=list(codes), consent_needs="y", action="details")

    @pytest.mark.one_database
    def test_is_a_button_and_never_forced(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        assert "Continue, and tell us more about each" in family.text
        assert family.send(any_needs="yes", needs=["bsl"], consent_needs="y").path.endswith("/check")

    @pytest.mark.one_database
    def test_takes_words_for_each_need_and_may_stay_empty(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = self.ticked(client, slug, "bsl", "large_print")
        assert family.path.endswith("/needs/details")
        assert "who is this for" not in family.text, "one person comes alone"
        family.send(detail_bsl="I know Jo Finch well")
        assert family.path.endswith("/check")
        assert "British Sign Language (BSL) interpreter: I know Jo Finch well" in family.text
        family.send()
        needs = booked(app)
        assert (needs["bsl"].detail, needs["large_print"].detail) == ("I know Jo Finch well", None)
        assert needs["bsl"].for_whom is None

    @pytest.mark.one_database
    def test_asks_who_it_is_for_when_more_than_one_comes(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = self.ticked(client, slug, "bsl", "loop", adults=2, children=1)
        assert "A child I am bringing" in family.text
        family.send(for_bsl="child", for_loop="other_adult").send()
        needs = booked(app)
        assert (needs["bsl"].for_whom, needs["loop"].for_whom) == (ForWhom.CHILD, ForWhom.OTHER_ADULT)

    @pytest.mark.one_database
    def test_offers_only_who_comes(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = self.ticked(client, slug, "bsl", children=2)
        assert 'value="child"' in family.text
        assert 'value="other_adult"' not in family.text
        family.send(for_bsl="other_adult")
        assert (family.status, "Choose who this is for from the list." in family.text) == (422, True)

    def test_too_many_words_are_given_back(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = self.ticked(client, slug, "bsl").send(detail_bsl="x" * 301)
        assert family.status == 422
        assert "Please use 300 characters or fewer. You have used 301." in family.text
        assert "x" * 301 in family.text

    @pytest.mark.one_database
    def test_what_was_said_stays_when_ticks_change_and_goes_with_its_tick(
        self, app: Flask, client: FlaskClient, slug: str
    ) -> None:
        family = self.ticked(client, slug, "bsl", "loop").send(detail_bsl="Jo Finch", detail_loop="By the front")
        needs = family.path.replace("/check", "/needs")
        family.open(f"{needs}?to=check").send(needs=["bsl", "step_free"])
        family.send()
        kept = booked(app)
        assert {code: need.detail for code, need in kept.items()} == {"bsl": "Jo Finch", "step_free": None}

    @pytest.mark.one_database
    def test_what_was_said_of_all_goes_where_there_are_no_own_words(
        self, app: Flask, client: FlaskClient, slug: str
    ) -> None:
        family = at_needs(client, slug)
        family.send(
            any_needs="yes", needs=["bsl", "loop"], need_detail="Ring twice", consent_needs="y", action="details"
        )
        family.send(detail_bsl="Jo Finch").send()
        assert {code: need.detail for code, need in booked(app).items()} == {"bsl": "Jo Finch", "loop": "Ring twice"}

    @pytest.mark.one_database
    def test_and_is_never_lost_when_every_need_has_its_own(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        family.send(any_needs="yes", needs=["bsl"], need_detail="Ring twice", consent_needs="y", action="details")
        family.send(detail_bsl="Jo Finch").send()
        assert {code: need.detail for code, need in booked(app).items()} == {
            "bsl": "Jo Finch",
            "something_else": "Ring twice",
        }

    @pytest.mark.one_database
    def test_begun_from_the_check_page_it_leads_back_there(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug).send(any_needs="no")
        needs = family.path.replace("/check", "/needs")
        family.open(f"{needs}?to=check").send(any_needs="yes", needs=["bsl"], consent_needs="y", action="details")
        assert family.path.endswith("/needs/details")
        assert family.send().path.endswith("/check")

    @pytest.mark.one_database
    def test_without_needs_there_is_nothing_to_tell(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        assert family.open(f"{family.path}/details").path.endswith("/needs")


class TestSomethingElse:
    @pytest.mark.one_database
    def test_is_never_empty(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = at_needs(client, slug)
        family.open(f"{family.path}/more").send(needs=["something_else"])
        assert family.path.endswith("/needs")
        family.send(consent_needs="y")
        assert family.status == 422
        assert "You ticked “Something else”. Tell us what would help, or take the tick away." in family.text
        family.send(consent_needs="y", need_detail="A seat by a window").send()
        assert booked(app)["something_else"].detail == "A seat by a window"


class TestStaff:
    @pytest.mark.one_database
    def test_see_who_it_is_for(self, app: Flask, client: FlaskClient, slug: str) -> None:
        family = TestTellUsMore().ticked(client, slug, "loop", children=1)
        family.send(for_loop="child", detail_loop="By the front").send()
        assert family.path.startswith("/bookings/")
        staff = app.test_client()
        with app.app_context():
            sign_in(staff, a_member_of_staff(StaffRole.ORGANISER))
            event_id = db.session.scalars(select(Booking)).one().event_id
        words = text_of(Family(staff).open(f"/staff/sessions/{event_id}").text)
        assert "(for a child they bring)" in words.split("Hearing loop")[1]
        assert "By the front" in words
