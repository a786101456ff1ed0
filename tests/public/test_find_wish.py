"""Tell us what would suit you: what is kept, what is not, and who reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Wish
from booking.queries.wishes import count_wishes, wishes_by_district
from booking.rules.words import EventKind, StaffRole, WishReason
from booking.services.keep_wish import WishGiven, keep_wish
from tests.cast import a_member_of_staff, sign_in
from tests.public.family import Family
from tests.public.looking import text_of

WORDS = "A swimming pool café on a Thursday"


def a_wish(reason: WishReason = WishReason.NOTHING_NEAR, **values: object) -> Wish:
    with transaction():
        return keep_wish(WishGiven(reason=reason, **values))  # type: ignore[arg-type]


def the_wish() -> Wish:
    return db.session.scalars(select(Wish)).one()


class TestTheForm:
    def test_begins_with_what_was_searched_for(self, app: Flask, client: FlaskClient) -> None:
        shown = client.get("/wish?place=CT9&kind=coffee&time=evening&online=y").text
        assert 'value="CT9"' in shown
        assert '<option value="coffee" selected' in shown
        assert '<option value="evening" selected' in shown
        assert 'value="online" checked' in shown

    def test_names_the_district_that_was_searched_for(self, app: Flask, client: FlaskClient) -> None:
        assert 'value="Thanet"' in client.get("/wish?district=thanet").text

    def test_keeps_a_full_postcode_out_of_its_address(self, app: Flask, client: FlaskClient) -> None:
        answer = client.get("/wish?place=CT9+1AA&kind=forum")
        assert (answer.status_code, answer.location) == (303, "/wish?place=CT9&kind=forum")

    def test_says_nothing_untrue_for_unknown_arguments(self, app: Flask, client: FlaskClient) -> None:
        shown = client.get("/wish?place=x%00y&kind=zzz&time=zzz&district=zzz&online=")
        assert shown.status_code == 200
        assert "zzz" not in text_of(shown.text)
        assert 'value="zzz"' not in shown.text
        assert "\x00" not in shown.text

    @pytest.mark.parametrize(
        ("place", "outcode", "district"),
        [
            ("CT9", "CT9", "thanet"),
            ("ct9 1aa", "CT9", "thanet"),
            ("Thanet", "", "thanet"),
            ("Margate", "", "thanet"),
            ("", "", "unknown"),
        ],
    )
    def test_keeps_the_outcode_and_the_district_and_no_more_of_a_place(
        self, in_app: Flask, client: FlaskClient, place: str, outcode: str, district: str
    ) -> None:
        family = Family(client).open("/wish").send(reason="nothing_near", place=place)
        assert "Thank you for telling us" in family.text
        wish = the_wish()
        assert (wish.outcode, wish.district) == (outcode, district)

    def test_keeps_what_was_chosen_and_seals_what_was_written(self, in_app: Flask, client: FlaskClient) -> None:
        Family(client).open("/wish").send(reason="topic", kind="workshop", time="weekend", text=WORDS)
        wish = the_wish()
        assert (wish.reason, wish.kind, wish.time_band) == (WishReason.TOPIC, EventKind.WORKSHOP, "weekend")
        assert wish.text == WORDS
        assert "swimming" not in str(db.session.execute(text("SELECT * FROM wish")).all())

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({}, "Choose what was missing."),
            ({"reason": "zzz"}, "Choose what was missing."),
            ({"reason": "topic", "place": "Atlantis"}, "We cannot find that place."),
            ({"reason": "topic", "kind": "zzz"}, "Choose a kind of session from the list."),
            ({"reason": "topic", "time": "zzz"}, "Choose a time of day from the list."),
            ({"reason": "topic", "text": "x" * 501}, "Please use 500 characters or fewer."),
            ({"reason": "topic", "website": "http://spam.example"}, "Please leave the box"),
        ],
    )
    def test_refuses_gently_and_keeps_nothing(
        self, in_app: Flask, client: FlaskClient, given: dict[str, str], sentence: str
    ) -> None:
        family = Family(client).open("/wish").send(given)
        assert family.status == 422
        assert sentence in text_of(family.text)
        assert count_wishes(since=clock.now() - timedelta(days=1)) == 0

    @pytest.mark.one_database
    def test_is_no_tap_that_programs_can_leave_running(self, app: Flask, client: FlaskClient) -> None:
        family = Family(client)
        answers = [family.open("/wish").send(reason="topic").status for _time in range(31)]
        assert answers == [200] * 30 + [429]

    @pytest.mark.one_database
    def test_looking_at_it_keeps_nothing(self, in_app: Flask, client: FlaskClient) -> None:
        for address in ("/wish", "/wish?place=CT9", "/wish/thanks"):
            assert client.get(address).status_code == 200
            assert client.head(address).status_code == 200
        assert count_wishes(since=clock.now() - timedelta(days=1)) == 0


class TestCounting:
    def test_is_by_district_and_reason_and_the_most_wished_for_first(self, in_app: Flask) -> None:
        a_wish(district="dover")
        for reason in (WishReason.ONLINE, WishReason.ONLINE, WishReason.TOPIC):
            a_wish(reason, district="thanet")
        found = wishes_by_district(since=clock.now() - timedelta(days=1))
        assert [(each.district, each.total) for each in found] == [("thanet", 3), ("dover", 1)]
        assert found[0].by_reason == {WishReason.ONLINE: 2, WishReason.TOPIC: 1}

    def test_leaves_out_what_is_older(self, in_app: Flask, summer: time_machine.Traveller) -> None:
        a_wish()
        summer.shift(timedelta(days=31))
        assert count_wishes(since=clock.now() - timedelta(days=30)) == 0
        assert count_wishes(since=clock.now() - timedelta(days=32)) == 1


class TestWhatStaffSee:
    def see(self, app: Flask, role: StaffRole, address: str) -> str:
        client = app.test_client()
        with app.app_context():
            sign_in(client, a_member_of_staff(role))
        answer = client.get(address)
        assert answer.status_code == 200
        return text_of(answer.text)

    def test_today_counts_the_last_thirty_days(self, app: Flask) -> None:
        with app.app_context():
            a_wish()
            a_wish()
        assert "2 wishes in the last 30 days" in self.see(app, StaffRole.ORGANISER, "/staff/")
        assert "wishes in the last" not in self.see(app, StaffRole.FRONT_DESK, "/staff/")

    def test_words_are_for_who_sees_bookings_and_each_look_is_kept(self, app: Flask) -> None:
        with app.app_context():
            a_wish(WishReason.TOPIC, district="thanet", outcode="CT9", text=WORDS)
        seen = self.see(app, StaffRole.ORGANISER, "/staff/wishes")
        assert WORDS in seen
        assert "Thanet" in seen
        with app.app_context():
            assert [each.screen for each in db.session.scalars(select(AuditEntry))] == ["staff.wishes"]
        counted = self.see(app, StaffRole.INSIGHT, "/staff/wishes?days=365")
        assert "Thanet" in counted
        assert WORDS not in counted
        with app.app_context():
            assert len(db.session.scalars(select(AuditEntry)).all()) == 1
