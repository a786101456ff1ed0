"""What became of a text: GOV.UK Notify calls us or we ask it, over real HTTP; who was not reached is rung."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import deliver_messages
from booking.jobs.ask_receipts import ask_receipts
from booking.models import Booking, Message
from booking.queries.calls_due import calls_due
from booking.rules.words import CallOutcome, CallReason, CancelledBy, MessageStatus
from booking.services.claim_messages import claim_messages
from booking.services.prepare_message import Letter, begin_data, prepare_message
from booking.services.record_call import record_call
from booking.services.record_delivery import Went, record_delivery
from tests.cast import a_booking, an_event
from tests.mail.deeds import cancel, outbox
from tests.mail.notify_standin import DROP, KEEP_AND_DROP, KEY, TEMPLATE, Notify, answering
from tests.mail.test_texts import PHONE, by_phone

TOKEN = "a-token-that-only-the-carrier-knows"
ADDRESS = "/texts/receipts"
PERMANENT, TEMPORARY, TECHNICAL = "permanent-failure", "temporary-failure", "technical-failure"


@pytest.fixture
def notify(in_app: Flask) -> Iterator[Notify]:
    """GOV.UK Notify's stand-in, with texts and its calls to us switched on."""
    before = in_app.extensions["config"]
    with answering(Notify()) as standin:
        set_up(in_app, sms_api_key=KEY, sms_template_id=TEMPLATE, sms_base_url=standin.url, sms_callback_token=TOKEN)
        yield standin
    in_app.extensions["config"] = before


@pytest.fixture
def site(in_app: Flask) -> Iterator[str]:
    """The site on a port of this computer; the address where receipts are taken."""
    server = make_server("127.0.0.1", 0, in_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}{ADDRESS}"
    server.shutdown()
    server.server_close()
    thread.join()


def set_up(app: Flask, **settings: str) -> None:
    app.extensions["config"] = dataclasses.replace(app.extensions["config"], **settings)


def message() -> Message:
    return outbox()[0]


def reasons() -> list[CallReason]:
    db.session.rollback()
    return [due.reason for due in calls_due()]


def later(**time: float) -> Any:
    return time_machine.travel(clock.now() + timedelta(**time), tick=True)


class TestACall:
    def test_says_that_it_arrived(self, notify: Notify, site: str) -> None:
        by_phone()
        deliver_messages()
        notify.became[notify.texts[0]["reference"]] = "delivered"
        assert notify.call_back(notify.texts[0], site, token=TOKEN) == 204
        assert (message().status, message().receipt) == (MessageStatus.SENT, "delivered")
        assert message().carrier_id == notify.texts[0]["id"]
        assert reasons() == []

    def test_says_that_it_cannot_arrive_and_somebody_rings(self, notify: Notify, site: str) -> None:
        booking = by_phone()
        deliver_messages()
        assert reasons() == []
        notify.became[notify.texts[0]["reference"]] = PERMANENT
        assert notify.call_back(notify.texts[0], site, token=TOKEN) == 204
        assert (message().status, message().receipt) == (MessageStatus.FAILED, PERMANENT)
        assert "the number may be wrong. Please ring them." in message().problem
        assert reasons() == [CallReason.BOUNCED]
        with transaction():
            record_call(booking.id, CallOutcome.SPOKE)
        assert notify.call_back(notify.texts[0], site, token=TOKEN) == 204, "told twice"
        assert reasons() == []

    def test_about_a_phone_that_was_off_is_noted_where_a_mail_says_the_same(self, notify: Notify, site: str) -> None:
        event = an_event(starts_at=clock.now() + timedelta(days=3))
        booking = a_booking(event, phone=PHONE, may_text=True)
        cancel(booking, by=CancelledBy.US)
        deliver_messages()
        [text] = notify.texts
        notify.became[text["reference"]] = TEMPORARY
        assert notify.call_back(text, site, token=TOKEN) == 204
        [row] = [row for row in outbox() if row.message_id == text["reference"]]
        assert (row.status, row.receipt, row.bounced_at) == (MessageStatus.SENT, TEMPORARY, None)
        assert "A mail says the same." in row.problem
        assert reasons() == []

    @pytest.mark.parametrize("word", [TEMPORARY, TECHNICAL])
    def test_about_a_phone_that_was_off_leads_to_a_ring_where_nothing_else_reaches_them(
        self, notify: Notify, site: str, word: str
    ) -> None:
        by_phone()
        deliver_messages()
        notify.became[notify.texts[0]["reference"]] = word
        notify.call_back(notify.texts[0], site, token=TOKEN)
        assert reasons() == [CallReason.BOUNCED]

    @pytest.mark.one_database
    def test_that_it_arrived_after_all_is_the_last_word(self, notify: Notify, site: str) -> None:
        by_phone()
        deliver_messages()
        for word in (TEMPORARY, "delivered", PERMANENT, "sending"):
            notify.became[notify.texts[0]["reference"]] = word
            notify.call_back(notify.texts[0], site, token=TOKEN)
        assert (message().status, message().receipt, message().bounced_at) == (MessageStatus.SENT, "delivered", None)
        assert reasons() == []

    @pytest.mark.one_database
    @pytest.mark.parametrize("token", ["", "another", TOKEN[:-1], f"{TOKEN}x", "ö"])
    def test_by_anybody_else_changes_nothing(self, notify: Notify, client: FlaskClient, token: str) -> None:
        by_phone()
        deliver_messages()
        receipt = {"reference": message().message_id, "status": PERMANENT}
        header = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert client.post(ADDRESS, json=receipt, headers=header).status_code == 403
        assert client.post(ADDRESS, json=receipt).status_code == 403
        assert message().receipt == ""

    @pytest.mark.one_database
    def test_finds_nobody_where_no_token_is_set(self, notify: Notify, in_app: Flask, client: FlaskClient) -> None:
        set_up(in_app, sms_callback_token="")
        for header in ({}, {"Authorization": "Bearer "}):
            assert client.post(ADDRESS, json={"status": "delivered"}, headers=header).status_code == 404
        assert client.get(ADDRESS).status_code in (404, 405)

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"{", 400),
            (b"[]", 400),
            (b'{"reference": 1, "status": 2}', 400),
            (b'{"status": "' + b"x" * 20_000 + b'"}', 413),
            (b'{"reference": null, "status": "delivered"}', 204),
            (b'{"reference": "of somebody else", "status": "delivered", "id": "../../x"}', 204),
        ],
    )
    def test_that_is_no_receipt_of_ours_changes_nothing(
        self, notify: Notify, client: FlaskClient, body: bytes, status: int
    ) -> None:
        by_phone()
        deliver_messages()
        answer = client.post(ADDRESS, data=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == status
        assert (message().status, message().receipt) == (MessageStatus.SENT, "")

    @pytest.mark.one_database
    def test_about_a_mail_changes_nothing(self, notify: Notify, client: FlaskClient) -> None:
        a_booking(an_event())
        receipt = {"reference": message().message_id, "status": PERMANENT}
        client.post(ADDRESS, json=receipt, headers={"Authorization": f"Bearer {TOKEN}"})
        assert (message().status, message().receipt) == (MessageStatus.QUEUED, "")

    @pytest.mark.one_database
    def test_leaves_no_number_and_no_token_in_the_log(
        self, notify: Notify, site: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        by_phone()
        deliver_messages()
        notify.call_back(notify.texts[0], site, token=TOKEN)
        with later(minutes=6):
            ask_receipts()
        assert caplog.records
        for secret in (TOKEN, "900982", KEY):
            assert secret not in caplog.text


class TestThatComesEarly:
    def test_is_not_undone_by_the_worker_that_still_holds_the_text(self, notify: Notify, client: FlaskClient) -> None:
        by_phone()
        with transaction():
            [claim] = claim_messages()
        with transaction():
            letter = prepare_message(claim)
            assert isinstance(letter, Letter)
        with transaction():
            assert begin_data(claim, letter)
        receipt = {"reference": letter.reference, "status": PERMANENT, "id": "740e5834-3a29-46b4-9a6f-16142fde533a"}
        assert client.post(ADDRESS, json=receipt, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 204
        with transaction():
            record_delivery(claim, Went.SENT)
        assert (message().status, message().receipt) == (MessageStatus.FAILED, PERMANENT)
        assert message().carrier_id == receipt["id"]

    def test_about_a_text_that_was_to_be_tried_again_stops_the_second_one(
        self, notify: Notify, client: FlaskClient
    ) -> None:
        by_phone()
        notify.answers.append(500)
        deliver_messages()
        assert message().status == MessageStatus.QUEUED
        receipt = {"reference": message().message_id, "status": "sending"}
        client.post(ADDRESS, json=receipt, headers={"Authorization": f"Bearer {TOKEN}"})
        with later(hours=1):
            assert deliver_messages().sent == 0
        assert message().status == MessageStatus.SENT
        assert notify.texts == []


class TestAsking:
    def test_starts_after_five_minutes_and_ends_with_the_answer(self, notify: Notify) -> None:
        by_phone()
        deliver_messages()
        with later(minutes=4):
            assert ask_receipts() == 0
        assert notify.asked_for == []
        notify.became[notify.texts[0]["reference"]] = "delivered"
        with later(minutes=6):
            assert ask_receipts() == 1
        assert notify.asked_for == [f"/v2/notifications/{notify.texts[0]['id']}"]
        with later(days=2):
            assert ask_receipts() == 0
        assert len(notify.asked_for) == 1
        assert (message().status, message().receipt) == (MessageStatus.SENT, "delivered")

    def test_finds_who_is_to_be_rung(self, notify: Notify) -> None:
        by_phone()
        deliver_messages()
        notify.became[notify.texts[0]["reference"]] = PERMANENT
        with later(minutes=6):
            assert ask_receipts() == 1
        assert reasons() == [CallReason.BOUNCED]

    @pytest.mark.one_database
    def test_goes_on_ever_less_often_and_stops_after_four_days(self, notify: Notify) -> None:
        by_phone()
        deliver_messages()
        for minutes in range(0, 6 * 24 * 60, 10):
            with later(minutes=minutes):
                ask_receipts()
        assert 8 <= len(notify.asked_for) <= 20
        assert (message().status, message().receipt) == (MessageStatus.SENT, "")

    def test_settles_whether_a_text_left_whose_line_broke(self, notify: Notify) -> None:
        event = an_event()
        by_phone(event)
        notify.answers.append(KEEP_AND_DROP)
        deliver_messages()
        assert reasons() == [CallReason.UNSURE]
        with later(minutes=6):
            assert ask_receipts() == 1
        assert message().status == MessageStatus.SENT
        assert message().carrier_id == notify.texts[0]["id"]
        assert reasons() == []

    def test_leaves_open_what_is_not_known_there(self, notify: Notify) -> None:
        by_phone()
        notify.answers.append(DROP)
        deliver_messages()
        with later(minutes=6):
            assert ask_receipts() == 0
        assert "reference=" in notify.asked_for[0]
        assert reasons() == [CallReason.UNSURE]

    @pytest.mark.one_database
    @pytest.mark.parametrize("answer", [403, 429, 500, DROP])
    def test_waits_when_the_carrier_does_not_answer(self, notify: Notify, answer: int | str) -> None:
        event = an_event()
        by_phone(event)
        by_phone(event, phone="07700 900001")
        deliver_messages()
        notify.became.update({text["reference"]: "delivered" for text in notify.texts})
        notify.answers.append(answer)
        with later(minutes=6):
            assert ask_receipts() == 0
        assert len(notify.asked_for) == 1
        with later(minutes=20):
            assert ask_receipts() == 2

    @pytest.mark.one_database
    def test_passes_over_what_is_forgotten_there(self, notify: Notify) -> None:
        event = an_event()
        by_phone(event)
        by_phone(event, phone="07700 900001")
        deliver_messages()
        notify.became.update({text["reference"]: "delivered" for text in notify.texts})
        notify.answers.append(404)
        with later(minutes=6):
            assert ask_receipts() == 1

    @pytest.mark.one_database
    def test_asks_nobody_while_texts_are_off(self, notify: Notify, in_app: Flask) -> None:
        by_phone()
        deliver_messages()
        set_up(in_app, sms_api_key="")
        with later(minutes=6):
            assert ask_receipts() == 0
        assert notify.asked_for == []


@pytest.mark.one_database
def test_a_booking_that_is_gone_is_nobody_to_ring(notify: Notify, client: FlaskClient) -> None:
    booking = by_phone()
    deliver_messages()
    with transaction():
        db.session.get_one(Booking, booking.id).event.starts_at = clock.now() - timedelta(hours=3)
        db.session.get_one(Booking, booking.id).event.ends_at = clock.now() - timedelta(hours=1)
    receipt = {"reference": message().message_id, "status": PERMANENT}
    client.post(ADDRESS, json=receipt, headers={"Authorization": f"Bearer {TOKEN}"})
    assert reasons() == []
