"""What staff do with phones at a door, and what a phone gets and may not get."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, DoorDevice, DoorEvent, Event
from booking.queries.register import get_register
from booking.rules.taps import About, subject_of
from booking.rules.words import CancelledBy, ConsentSubject, Outcome, TapState
from booking.services.ask_needs import Need
from booking.services.cancel_booking import cancel_booking
from booking.services.enrol_phone import make_phone_link, shut_out_phone
from booking.services.record_attendance import record_outcome
from booking.web.door.whereabouts import lives_in
from tests.cast import a_booking, an_event
from tests.door.conftest import submit
from tests.door.phones import Phone, a_phone

pytestmark = pytest.mark.one_database


def a_link(event: Event, **values: Any) -> str:
    with transaction():
        _device, token = make_phone_link(event.id, by=None, **values)
    return token


def enrol(client: FlaskClient, token: str) -> Any:
    return client.post("/door/phone/enrol", json={"token": token})


def ask(client: FlaskClient, address: str, secret: str, **told: Any) -> Any:
    return client.post(f"/door/phone/{address}", json=told, headers={"Authorization": f"Bearer {secret}"})


class TestTheLink:
    def test_is_made_on_the_page_of_phones_and_shown_once(self, event: Event, organiser: FlaskClient) -> None:
        page = submit(organiser, f"/door/{event.id}/phones", f"/door/{event.id}/phones")
        assert "/door/phone#" in page.text
        assert "Phone 1" in organiser.get(f"/door/{event.id}/phones").text
        assert "#" not in str(db.session.scalars(select(DoorDevice.link_digest)).all())

    def test_gives_first_names_and_deeds_and_is_written_down(self, event: Event, client: FlaskClient) -> None:
        needs, consents = (Need("quiet_space", "by the orangery"),), (ConsentSubject.NEEDS,)
        a_booking(event, adults=("Zebedee Quillfeather",), needs=needs, consents=consents, phone="01632 960123")
        got = enrol(client, a_link(event))
        assert got.status_code == 200
        assert "Zebedee Q." in got.text
        for secret in ("Quillfeather", "quiet_space", "orangery", "960123", "@"):
            assert secret not in got.text, secret
        assert got.headers["Cache-Control"] == "no-store"
        view = db.session.scalars(select(AuditEntry).where(AuditEntry.screen == "door.phone")).one()
        assert (view.subject_id, view.facts) == (event.id, {"via": "phone 1"})

    def test_works_once(self, event: Event, client: FlaskClient) -> None:
        token = a_link(event)
        assert enrol(client, token).status_code == 200
        again = enrol(client, token)
        assert again.status_code == 409
        assert "used already" in again.json["problem"]

    @pytest.mark.parametrize("told", [{"token": "nonsense"}, {"token": 7}, {}])
    def test_that_is_none_opens_nothing(self, client: FlaskClient, told: Any) -> None:
        assert client.post("/door/phone/enrol", json=told).status_code == 404

    def test_opens_on_the_day_only(self, in_app: Flask, client: FlaskClient, summer: time_machine.Traveller) -> None:
        event = an_event(starts_at=clock.now() + timedelta(days=2))
        token = a_link(event)
        assert "cannot be opened yet" in enrol(client, token).json["problem"]
        summer.shift(timedelta(days=3))
        assert "cannot be opened any more" in enrol(client, token).json["problem"]

    def test_that_was_shut_out_opens_nothing(self, event: Event, client: FlaskClient) -> None:
        token = a_link(event)
        with transaction():
            shut_out_phone(db.session.scalars(select(DoorDevice.id)).one(), event_id=event.id)
        assert enrol(client, token).status_code == 409

    def test_only_who_leads_can_give_the_lead(self, event: Event, at_the_door: FlaskClient) -> None:
        submit(at_the_door, f"/door/{event.id}/phones", f"/door/{event.id}/phones", leads="y")
        assert db.session.scalars(select(DoorDevice.leads)).all() == [False]


class TestAPhone:
    def test_needs_its_own_secret_for_each_thing(self, event: Event, client: FlaskClient) -> None:
        told = enrol(client, a_link(event)).json
        for address, secret in (("pack", told["send"]), ("taps", told["read"]), ("pack", "x"), ("taps", "")):
            assert ask(client, address, secret, clock=1, taps=[]).status_code == 401, address
        assert ask(client, "pack", told["read"]).json["pack"]["title"] == event.title
        assert ask(client, "taps", told["send"], clock=1, taps=[]).json["state"] == "open"

    @pytest.mark.parametrize(
        "told",
        [
            {"clock": 1},
            {"clock": 1, "taps": "no"},
            {"clock": 1, "taps": [{}] * 201},
            {"clock": 1, "taps": [{"id": "a b", "sealed": "x"}]},
            {"clock": 1, "taps": [{"id": "ab", "sealed": "x" * 4001}]},
            {"clock": "now", "taps": []},
            {"clock": -1, "taps": []},
        ],
    )
    def test_that_sends_nonsense_is_refused(self, event: Event, client: FlaskClient, told: dict[str, Any]) -> None:
        secret = enrol(client, a_link(event)).json["send"]
        assert ask(client, "taps", secret, **told).status_code == 400

    def test_is_told_to_wipe_when_shut_out_over_or_closed(
        self, event: Event, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        told = enrol(client, a_link(event)).json
        with transaction():
            event = db.session.get_one(Event, event.id)
            event.register_closed_at = clock.now()
        answer = ask(client, "pack", told["read"]).json
        assert (answer["state"], answer["pack"]) == ("closed", None)
        summer.shift(timedelta(days=1))
        assert ask(client, "pack", told["read"]).json["state"] == "over"
        with transaction():
            shut_out_phone(told["device"], event_id=event.id)
        answer = ask(client, "pack", told["read"])
        assert (answer.json["state"], answer.json["pack"]) == ("shut_out", None)

    def test_is_told_when_there_is_something_new_and_else_looks_at_nobody(
        self, event: Event, client: FlaskClient
    ) -> None:
        family = a_booking(event)
        told = enrol(client, a_link(event)).json

        def version() -> str:
            return str(ask(client, "taps", told["send"], clock=1, taps=[]).json["version"])

        assert version() == told["version"]
        with transaction():
            record_outcome(family.places[0].id, Outcome.ATTENDED, by=None)
        here = version()
        assert here != told["version"]
        with transaction():
            cancel_booking(family.id, by=CancelledBy.FAMILY)
        assert version() not in (here, told["version"])
        views = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "view")).all()
        assert len(views) == 1, "the first opening"

    def test_says_when_it_has_wiped(self, event: Event, client: FlaskClient) -> None:
        told = enrol(client, a_link(event)).json
        for _time in range(2):
            assert ask(client, "taps", told["send"], clock=1, taps=[], wiped=True).status_code == 200
        assert db.session.scalars(select(DoorDevice)).one().wiped_at is not None

    def test_offers_every_place_once_and_not_known_is_none(self, event: Event, client: FlaskClient) -> None:
        districts = enrol(client, a_link(event)).json["pack"]["districts"]
        assert ["swale", "Swale"] in districts
        assert "Not known" not in [name for _code, name in districts]
        assert len(districts) == len({code for code, _name in districts})

    def test_tells_two_who_gave_no_name_apart_by_when_they_came(
        self, event: Event, client: FlaskClient, summer: time_machine.Traveller
    ) -> None:
        phone = a_phone(event)
        phone.walk_in()
        summer.shift(timedelta(minutes=7))
        phone.walk_in()
        phone.send()
        came = [row["at"] for row in enrol(client, a_link(event)).json["pack"]["walk_ins"]]
        assert len(set(came)) == 2
        assert "" not in came

    def test_takes_any_outcode_and_leaves_out_what_is_none(self, event: Event) -> None:
        assert lives_in("ME9", event)[0] == "ME9"
        assert lives_in("me12 3ab", event)[0] == "ME12"
        assert lives_in("SW1A", event)[0] == "SW1A"
        assert lives_in("nowhere", event) == ("", "unknown")

    def test_carries_two_hundred_families_in_less_than_100_kilobytes(self, event: Event, client: FlaskClient) -> None:
        needs, consents = (Need("quiet_space"), Need("step_free"), Need("bring_baby")), (ConsentSubject.NEEDS,)
        event.capacity = 400
        db.session.commit()
        for number in range(20):
            a_booking(
                event, adults=(f"Bartholomew{number} Quillfeather", "Wilhelmina Oxbow"), needs=needs, consents=consents
            )
        pack = enrol(client, a_link(event)).json["pack"]
        row = max(len(json.dumps(each, separators=(",", ":"))) for each in pack["booked"])
        rest = len(json.dumps(pack | {"booked": []}, separators=(",", ":")))
        assert 200 * row + rest < 100_000


class TestThePage:
    def test_holds_nothing_of_anybody_and_may_be_kept(self, event: Event, client: FlaskClient) -> None:
        a_booking(event, adults=("Zebedee Quillfeather",))
        page = client.get("/door/phone")
        assert "Zebedee" not in page.text
        assert event.title not in page.text
        assert "worker-src 'self'" in page.headers["Content-Security-Policy"]

    def test_its_worker_keeps_all_that_the_page_loads(self, in_app: Flask, client: FlaskClient) -> None:
        worker = client.get("/door/phone/worker.js")
        assert worker.headers["Service-Worker-Allowed"] == "/door/phone"
        page = client.get("/door/phone").text
        kept = json.loads(worker.text.partition("KEPT = ")[2].partition(";\n")[0])
        assert "/door/phone" in kept
        loaded = [part.split('"')[0] for part in page.replace('src="', 'href="').split('href="')[1:]]
        assert {each for each in loaded if each.startswith("/static/")} <= set(kept)

    def test_weighs_less_than_150_kilobytes(self, client: FlaskClient) -> None:
        kept = json.loads(client.get("/door/phone/worker.js").text.partition("KEPT = ")[2].partition(";\n")[0])
        assert sum(len(client.get(address).data) for address in kept) < 150_000

    def test_has_no_more_than_50_kilobytes_of_script_and_style(self, client: FlaskClient) -> None:
        kept = json.loads(client.get("/door/phone/worker.js").text.partition("KEPT = ")[2].partition(";\n")[0])
        assert sum(len(client.get(each).data) for each in kept if each.endswith((".js", ".css"))) <= 50_000


class TestWhatWaitsForAPerson:
    def held(self, event: Event) -> tuple[Booking, Phone]:
        family = a_booking(event, adults=("Zebedee Quillfeather",))
        phone = a_phone(event)
        phone.tap(subject_of(About.PLACE, family.places[0].id), outcome="attended")
        with transaction():
            cancel_booking(family.id, by=CancelledBy.FAMILY)
        phone.send()
        return family, phone

    def answer(self, client: FlaskClient, event: Event, answer: str) -> None:
        row = db.session.scalars(select(DoorEvent.id).where(DoorEvent.state == TapState.HELD)).one()
        page = f"/door/{event.id}/phones"
        submit(client, page, f"{page}/held/{row}", answer=answer)
        db.session.rollback()

    def test_is_said_with_a_short_name_and_asked(self, event: Event, organiser: FlaskClient) -> None:
        self.held(event)
        page = organiser.get(f"/door/{event.id}/phones").text
        assert "Zebedee Q." in page
        assert "Their booking was cancelled meanwhile." in page
        assert "They came: count it" in page
        assert "1 entries of phones wait" in organiser.get(f"/door/{event.id}/close").text

    def test_can_count(self, event: Event, organiser: FlaskClient) -> None:
        self.held(event)
        self.answer(organiser, event, "count")
        assert get_register(event.id).walked_in == 1
        assert db.session.scalars(select(DoorEvent).where(DoorEvent.state == TapState.HELD)).all() == []

    def test_can_be_left_out_and_is_kept(self, event: Event, organiser: FlaskClient) -> None:
        self.held(event)
        self.answer(organiser, event, "leave")
        assert get_register(event.id).walked_in == 0
        kept = db.session.scalars(select(DoorEvent).where(DoorEvent.via == "phone 1")).one()
        assert (kept.state, kept.value) == (TapState.LEFT_OUT, {"outcome": "attended"})
        assert "answer_held_tap" in db.session.scalars(select(AuditEntry.action)).all()

    def test_what_a_phone_sent_that_was_shut_out_can_count(self, event: Event, organiser: FlaskClient) -> None:
        family = a_booking(event)
        phone = a_phone(event)
        phone.tap(subject_of(About.PLACE, family.places[0].id), outcome="attended")
        with transaction():
            shut_out_phone(phone.id, event_id=event.id)
        phone.send()
        assert db.session.get_one(Booking, family.id).places[0].outcome == Outcome.NOT_RECORDED
        self.answer(organiser, event, "count")
        assert db.session.get_one(Booking, family.id).places[0].outcome == Outcome.ATTENDED

    def test_a_family_that_got_a_place_meanwhile_can_be_marked_here(self, event: Event, organiser: FlaskClient) -> None:
        family = a_booking(event, adults=2)
        phone = a_phone(event)
        phone.tap(subject_of(About.CAME, family.id), here=True)
        phone.send()
        self.answer(organiser, event, "count")
        assert get_register(event.id).here == 2


def test_a_phone_not_heard_of_is_named_before_the_register_is_closed(event: Event, organiser: FlaskClient) -> None:
    a_phone(event)
    assert "Phone 1 was heard of last" in organiser.get(f"/door/{event.id}/close").text


def test_a_gap_in_what_a_phone_sent_shows(event: Event, organiser: FlaskClient) -> None:
    family = a_booking(event)
    phone = a_phone(event)
    for outcome in ("attended", "did_not_come", "attended"):
        phone.tap(subject_of(About.PLACE, family.places[0].id), outcome=outcome)
    phone.send(phone.taps[2:])
    assert "Still on the phone: 2." in organiser.get(f"/door/{event.id}/phones").text
