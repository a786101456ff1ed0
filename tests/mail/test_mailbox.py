"""Mail that came in is taken once from a real IMAP server, with all that it brings about, whatever happens."""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from base64 import encodebytes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.header import Header
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    StatementError,
    TimeoutError,
)

from booking import clock
from booking.cipher import lookup_hash
from booking.extensions import db, transaction
from booking.formats.own_addresses import answers_to, booking_in, bounces_to, message_in
from booking.jobs.deliver import deliver_messages
from booking.jobs.read_mailbox import read_mailbox
from booking.jobs.tick import tick
from booking.models import Booking, Inbound, Message, Subscription
from booking.queries.calls_due import calls_due
from booking.rules.words import CallReason, InboundKind, MessageStatus
from booking.services import take_inbound
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.forget_family import forget_family
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, an_event
from tests.conftest import ENVIRONMENT, ROOT
from tests.mail.answers import answer_of, outlook
from tests.mail.dovecot import BINARY, HOW_TO_GET_ONE, PASSWORD, USER, ImapServer, dovecot
from tests.mail.relay import Relay
from tests.mail.samples import BOUNCES, OURS, from_person, postfix
from tests.mail.test_incoming import EVENT, reply

needs_dovecot = pytest.mark.skipif(BINARY is None and os.environ.get("CI") != "true", reason=HOW_TO_GET_ONE)
pytestmark = needs_dovecot

HIGHEST = 2**32 - 1
"""Both numbers of a mail's place, UIDVALIDITY and UID, are unsigned, of 32 bits (RFC 9051 2.3.1.1)."""


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[ImapServer]:
    with dovecot(certificate) as running:
        yield running


def _settings(server: ImapServer) -> dict[str, object]:
    return {
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_username": USER,
        "imap_password": PASSWORD,
        "mail_authserv_id": "mx.pact.example.org",
    }


def _set(app: Flask, **values: object) -> None:
    app.extensions["config"] = dataclasses.replace(app.extensions["config"], **values)


@pytest.fixture
def reading(in_app: Flask, server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    """An app that reads that mailbox, which is empty."""
    before = in_app.extensions["config"]
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    _set(in_app, **_settings(server))
    server.wipe()
    yield server
    in_app.extensions["config"] = before


def rows() -> list[Inbound]:
    db.session.rollback()
    return list(db.session.scalars(select(Inbound).order_by(Inbound.id)))


def sent_message(relay: Relay) -> tuple[Booking, Message]:
    """A booking whose confirmation has left."""
    booking = a_booking(an_event())
    assert deliver_messages().sent == 1
    return booking, db.session.scalars(select(Message).where(Message.booking_id == booking.id)).one()


def _raising(error: type[Exception]) -> Callable[..., str]:
    made = error("gwen@example.net", {}, Exception()) if issubclass(error, StatementError) else error("gwen@x.org")

    def breaks(*_arguments: object) -> str:
        raise made

    return breaks


def _hidden(text: str) -> str:
    """Write a header as programs write what is not ASCII: so a zero byte comes through every server."""
    return str(Header(text, "utf-8", maxlinelen=900).encode())


def _in_base64(mail: bytes, kind: bytes) -> bytes:
    """Encode the part of this kind, as programs do."""
    before, head, rest = mail.replace(b"\r\n", b"\n").partition(b"Content-Type: " + kind)
    more, _, rest = rest.partition(b"\n\n")
    body, dashes, after = rest.partition(b"\n--")
    return before + head + more + b"\nContent-Transfer-Encoding: base64\n\n" + encodebytes(body) + dashes + after


def _read_in(app: Flask) -> int:
    with app.app_context():
        return read_mailbox()


class TestAddresses:
    def test_each_booking_and_each_message_has_one_that_we_alone_can_make(
        self, reading: ImapServer, relay: Relay
    ) -> None:
        booking, message = sent_message(relay)
        returns, answers = relay.envelopes[0][0], str(relay.mails[0]["Reply-To"])
        assert (returns, answers) == (bounces_to(message), answers_to(booking))
        assert answers.startswith(f"bookings+b{booking.id}.")
        assert (message_in([returns]), booking_in([answers.upper()])) == (message.id, booking.id)
        assert relay.mails[0]["From"].addresses[0].addr_spec == OURS

    def test_what_somebody_made_up_is_not_ours(self, reading: ImapServer, relay: Relay) -> None:
        booking, message = sent_message(relay)
        ours, answers = bounces_to(message), answers_to(booking) or ""
        for made_up in (
            ours.replace(f"+m{message.id}.", f"+m{message.id + 1}."),
            ours[:-20] + "aaaa" + ours[-16:],
            ours.replace("pact.example.org", "evil.example.org"),
            ours.replace("bookings+", "x+"),
            answers,
            f"bookings+m{message.id}.@pact.example.org",
            "bookings+m.@pact.example.org",
            OURS,
        ):
            assert message_in([made_up]) is None, made_up

    def test_they_can_be_switched_off(self, in_app: Flask, reading: ImapServer, relay: Relay) -> None:
        _set(in_app, mail_plus_addresses=False)
        sent_message(relay)
        assert (relay.envelopes[0][0], relay.mails[0]["Reply-To"]) == (OURS, OURS)

    def test_without_a_mailbox_there_are_none(self, in_app: Flask, relay: Relay) -> None:
        sent_message(relay)
        assert (relay.envelopes[0][0], relay.mails[0]["Reply-To"]) == (OURS, "help@example.org")


class TestTaking:
    def test_each_mail_is_taken_once_and_put_away(self, reading: ImapServer) -> None:
        reading.put(from_person("One"), from_person("Two"), b"\x00\xff\xfe", from_person(Auto_Submitted="auto-replied"))
        assert read_mailbox() == 4
        assert reading.counts() == {"INBOX": 0, "Done": 3, "Odd": 1, "Bounces": 0}
        assert [row.kind for row in rows()] == [
            InboundKind.PERSON,
            InboundKind.PERSON,
            InboundKind.UNREADABLE,
            InboundKind.MACHINE,
        ]
        assert read_mailbox() == 0

    def test_a_second_copy_is_only_put_away(self, reading: ImapServer) -> None:
        mail = from_person("One")
        reading.put(mail, mail)
        assert read_mailbox() == 2
        assert (len(rows()), reading.count("Done")) == (1, 2)

    @pytest.mark.one_database
    def test_another_mailbox_with_the_same_places_loses_nothing(self, reading: ImapServer) -> None:
        reading.put(from_person("One"))
        read_mailbox()
        with transaction():
            row = db.session.scalars(select(Inbound)).one()
            row.message_hash, row.folder_number = "of the old mailbox", (row.folder_number or 0) + 1
        reading.put(from_person("Two"))
        read_mailbox()
        assert [(row.text, row.folder_version is None) for row in rows()] == [("One", False), ("Two", True)]

    def test_several_workers_at_once_take_each_mail_once(self, app: Flask, reading: ImapServer) -> None:
        reading.put(*(from_person(f"Mail {number}") for number in range(15)))

        def read() -> None:
            with app.app_context():
                read_mailbox()

        workers = [threading.Thread(target=read) for _each in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        read_mailbox()
        assert sorted(row.text or "" for row in rows()) == sorted(f"Mail {number}" for number in range(15))
        assert reading.counts() == {"INBOX": 0, "Done": 15, "Odd": 0, "Bounces": 0}

    @pytest.mark.one_database
    @pytest.mark.parametrize("error", [RuntimeError, DataError, IntegrityError])
    def test_a_mail_that_breaks_what_takes_it_stops_no_other(
        self,
        error: type[Exception],
        reading: ImapServer,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr(take_inbound, "note_reply", _raising(error))
        reading.put(reply(*EVENT), from_person("Two"))
        assert read_mailbox() == 2
        assert [row.kind for row in rows()] == [InboundKind.UNREADABLE, InboundKind.PERSON]
        assert reading.counts() == {"INBOX": 0, "Done": 1, "Odd": 1, "Bounces": 0}
        assert "gwen" not in caplog.text

    @pytest.mark.one_database
    @pytest.mark.parametrize("error", [OperationalError, ProgrammingError, InterfaceError, TimeoutError])
    def test_a_mail_waits_for_a_database_that_is_away_or_not_up_to_date(
        self, error: type[Exception], reading: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reading.put(reply(*EVENT), from_person("Two"))
        with monkeypatch.context() as patch:
            patch.setattr(take_inbound, "note_reply", _raising(error))
            assert read_mailbox() == 1
        assert reading.counts() == {"INBOX": 1, "Done": 1, "Odd": 0, "Bounces": 0}
        assert read_mailbox() == 1
        assert sorted(row.kind for row in rows()) == [InboundKind.CALENDAR_REPLY, InboundKind.PERSON]

    def test_what_no_database_can_hold_is_put_aside(self, reading: ImapServer) -> None:
        mail = from_person("Half a letter: +2AA-").replace(b'charset="utf-8"', b'charset="utf-7"')
        reading.put(mail, from_person("Two"))
        assert read_mailbox() == 2
        assert [row.kind for row in rows()] == [InboundKind.UNREADABLE, InboundKind.PERSON]
        assert reading.counts() == {"INBOX": 0, "Done": 1, "Odd": 1, "Bounces": 0}

    def test_a_zero_byte_in_an_id_makes_no_mail_stay(self, reading: ImapServer, relay: Relay) -> None:
        booking, message = sent_message(relay)
        spoiled = message.message_id.replace("@", "\0@")
        returned = postfix(OURS, spoiled)
        reading.put(
            f"In-Reply-To: {_hidden(f'<{spoiled}>')}\n".encode() + from_person("One"),
            _in_base64(reply(*EVENT).replace(b"UID:1@pact", b"UID:1\0@pact"), b"text/calendar"),
            _in_base64(returned.replace(b"message/rfc822", b"text/rfc822-headers"), b"text/rfc822-headers"),
        )
        assert read_mailbox() == 3
        assert [(row.kind, row.booking_id) for row in rows()] == [
            (InboundKind.PERSON, booking.id),
            (InboundKind.CALENDAR_REPLY, None),
            (InboundKind.BOUNCE, booking.id),
        ]

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_a_mail_that_another_computer_takes_just_now_is_taken_once(self, app: Flask, reading: ImapServer) -> None:
        mail = from_person("One", Message_ID="<one@example.net>")
        reading.put(mail)
        with db.engine.connect() as other:
            values = {"message_hash": lookup_hash("message-id", "one@example.net"), "kind": InboundKind.PERSON}
            other.execute(insert(Inbound).values(**values))
            with ThreadPoolExecutor() as pool:
                taken = pool.submit(_read_in, app)
                while not (taken.done() or other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))):
                    time.sleep(0.02)
                other.commit()
                assert taken.result() == 1
        assert [row.kind for row in rows()] == [InboundKind.PERSON]
        assert reading.counts() == {"INBOX": 0, "Done": 1, "Odd": 0, "Bounces": 0}

    @pytest.mark.one_database
    def test_a_huge_mail_is_cut(self, reading: ImapServer) -> None:
        reading.put(from_person("Hello.\n" + "a line of words\n" * 400_000))
        assert read_mailbox() == 1
        assert len(rows()[0].text or "") == 8000

    def test_a_familys_calendar_is_heard(self, reading: ImapServer, relay: Relay) -> None:
        booking, _message = sent_message(relay)
        reading.put(outlook(answer_of(booking)))
        tick()
        assert [(row.kind, row.verdict) for row in rows()] == [(InboundKind.CALENDAR_REPLY, "declined_proved")]
        tick()
        assert relay.subjects[-1].startswith("We heard you cannot come")
        assert db.session.get_one(Booking, booking.id).release_at is not None

    @pytest.mark.one_database
    def test_a_tick_takes_mail_in(self, reading: ImapServer) -> None:
        reading.put(from_person("One"))
        assert tick().mails == 1

    @pytest.mark.one_database
    def test_a_server_that_puts_folders_under_the_inbox_is_served_too(
        self, in_app: Flask, reading: ImapServer, certificate: Path
    ) -> None:
        with dovecot(certificate, prefix="INBOX.", separator=".") as other:
            _set(in_app, imap_port=other.port)
            other.put(from_person("One"))
            assert read_mailbox() == 1
            assert other.counts() == {"INBOX": 0, "Done": 1, "Odd": 0, "Bounces": 0}

    def test_numbers_as_high_as_a_server_may_give_are_kept(
        self, in_app: Flask, reading: ImapServer, certificate: Path
    ) -> None:
        version, number = HIGHEST, HIGHEST - 9  # Dovecot has to have numbers left
        with dovecot(certificate, places=(version, number)) as other:
            _set(in_app, imap_port=other.port)
            other.put(from_person("One"))
            assert read_mailbox() == 1
        assert [(row.text, row.folder_version, row.folder_number) for row in rows()] == [("One", version, number)]

    def test_the_highest_numbers_are_kept(self, in_app: Flask) -> None:
        with transaction():
            db.session.add(Inbound(folder_version=HIGHEST, folder_number=HIGHEST, message_hash="1", kind="person"))
        assert [(row.folder_version, row.folder_number) for row in rows()] == [(HIGHEST, HIGHEST)]

    @pytest.mark.one_database
    @pytest.mark.real_clock
    def test_what_is_old_leaves_our_folders(self, reading: ImapServer) -> None:
        with reading.client() as client:
            read_mailbox()
            client.append("Done", from_person("Old"), msg_time=clock.now().replace(year=clock.now().year - 1))
            client.append("Done", from_person("New"))
        read_mailbox()
        assert reading.count("Done") == 1


class TestKilled:
    def test_killed_between_commit_and_move_it_is_taken_once(
        self, reading: ImapServer, database_url: str, tmp_path: Path, relay: Relay
    ) -> None:
        _booking, message = sent_message(relay)
        reading.put(postfix(bounces_to(message)), from_person("One"))
        env = os.environ | ENVIRONMENT | {"DATABASE_URL": database_url, "SSL_CERT_FILE": str(reading.certificate)}
        env |= {"IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(reading.port), "IMAP_USERNAME": USER}
        program = (
            "import os, signal\n"
            "from booking import create_app, mailbox\n"
            "from booking.jobs.read_mailbox import read_mailbox\n"
            "from config import Config\n"
            "mailbox.Mailbox.move = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "with create_app(Config.from_env(os.environ)).app_context():\n"
            "    read_mailbox()\n"
        )
        killed = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=env | {"IMAP_PASSWORD": PASSWORD}, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        assert reading.counts() == {"INBOX": 2, "Done": 0, "Odd": 0, "Bounces": 0}
        assert [row.verdict for row in rows()] == ["came_back"]
        came_back_at = db.session.get_one(Message, message.id).bounced_at
        assert read_mailbox() == 2
        assert reading.counts() == {"INBOX": 0, "Done": 1, "Odd": 0, "Bounces": 1}
        assert [row.kind for row in rows()] == [InboundKind.BOUNCE, InboundKind.PERSON]
        assert db.session.get_one(Message, message.id).bounced_at == came_back_at


class TestBounces:
    @pytest.mark.parametrize("shape", BOUNCES)
    @pytest.mark.parametrize("proof", ["address", "message id"])
    def test_every_shape_ends_the_message_and_asks_for_a_call(
        self, shape: str, proof: str, reading: ImapServer, relay: Relay
    ) -> None:
        booking, message = sent_message(relay)
        to, original = (bounces_to(message), "") if proof == "address" else (OURS, message.message_id)
        reading.put(BOUNCES[shape](to, original))
        read_mailbox()
        db.session.expire_all()
        assert (message.status, message.bounced_at is not None) == (MessageStatus.FAILED, True)
        assert message.bounce_code in ("5.1.1", "5.1.10")
        assert message.problem == f"It came back ({message.bounce_code}): please ring the family."
        assert [due.reason for due in calls_due(booking.id)] == [CallReason.BOUNCED]
        [row] = rows()
        assert (row.kind, row.verdict, row.message_id) == (InboundKind.BOUNCE, "came_back", message.id)
        assert (row.sender, row.subject, row.text) == (None, None, None)
        assert reading.count("Bounces") == 1

    def test_one_that_is_only_late_is_noted(self, reading: ImapServer, relay: Relay) -> None:
        booking, message = sent_message(relay)
        reading.put(postfix(bounces_to(message), status="4.4.1", action="delayed"))
        read_mailbox()
        db.session.expire_all()
        assert (message.status, message.bounced_at, message.bounce_code) == (MessageStatus.SENT, None, "")
        assert message.problem == "A mail server on the way has it and goes on trying (4.4.1)."
        assert calls_due(booking.id) == []

    def test_a_forged_one_changes_nothing(self, reading: ImapServer, relay: Relay) -> None:
        booking, message = sent_message(relay)
        made_up = bounces_to(message).replace(f"+m{message.id}.", f"+m{message.id}.a")
        reading.put(postfix(made_up, "guess@pact.example.org"), postfix(OURS, status="5.2.2"))
        read_mailbox()
        db.session.expire_all()
        assert (message.status, message.bounced_at, message.problem) == (MessageStatus.SENT, None, "")
        assert [row.verdict for row in rows()] == ["foreign", "foreign"]
        assert calls_due(booking.id) == []


class TestPeople:
    def test_an_answer_is_beside_its_booking_by_the_address_it_came_to(self, reading: ImapServer, relay: Relay) -> None:
        booking, _message = sent_message(relay)
        reading.put(from_person("We come by bus.", to=answers_to(booking) or ""))
        read_mailbox()
        [row] = rows()
        assert (row.booking_id, row.sender, row.text) == (booking.id, "gwen@example.net", "We come by bus.")

    def test_or_by_the_mail_it_answers(self, reading: ImapServer, relay: Relay) -> None:
        booking, message = sent_message(relay)
        reading.put(from_person("We come by bus.", In_Reply_To=f"<{message.message_id}>"))
        read_mailbox()
        assert [(row.booking_id, row.message_id) for row in rows()] == [(booking.id, message.id)]

    def test_one_about_nothing_we_know_is_kept_too(self, reading: ImapServer) -> None:
        reading.put(from_person("Do you do coffee mornings?"))
        read_mailbox()
        assert [(row.booking_id, row.text) for row in rows()] == [(None, "Do you do coffee mornings?")]

    @pytest.mark.parametrize(
        "mail",
        [
            from_person(Auto_Submitted="auto-replied"),
            from_person(Return_Path="<>"),
            from_person(sender=f"Kent PACT <{OURS}>"),
            from_person(Precedence="bulk"),
        ],
    )
    def test_machines_and_ourselves_leave_no_words_and_get_no_answer(
        self, mail: bytes, reading: ImapServer, relay: Relay
    ) -> None:
        reading.put(mail)
        read_mailbox()
        [row] = rows()
        assert (row.kind, row.sender, row.subject, row.text) == (InboundKind.MACHINE, None, None, None)
        assert deliver_messages().sent == 0

    def test_it_goes_with_the_family(self, reading: ImapServer, relay: Relay) -> None:
        booking, _message = sent_message(relay)
        sender = f"Gwen <{(booking.email or '').upper()}>"
        reading.put(
            from_person("About it", to=answers_to(booking) or ""),
            from_person("About nothing", sender=sender),
            from_person("Somebody else"),
        )
        read_mailbox()
        with transaction():
            forget_family(booking.family_id or 0, screen="test")
        assert [(row.sender, row.subject, row.text) for row in rows()] == [
            (None, None, None),
            (None, None, None),
            ("gwen@example.net", "Re: your place", "Somebody else"),
        ]

    def test_it_goes_after_its_time(self, reading: ImapServer, relay: Relay, summer: object) -> None:
        booking, _message = sent_message(relay)
        reading.put(from_person("About it", to=answers_to(booking) or ""), from_person("About nothing"))
        read_mailbox()
        summer.shift(91 * 24 * 3600)  # type: ignore[attr-defined]
        with transaction():
            sweep_old()
        assert [row.text for row in rows()] == ["About it"]
        summer.shift(15 * 24 * 3600)  # type: ignore[attr-defined]
        with transaction():
            sweep_old()
        assert rows() == []


@pytest.mark.one_database
class TestAway:
    def is_away(self, caplog: pytest.LogCaptureFixture) -> bool:
        caplog.clear()
        with caplog.at_level(logging.INFO):
            assert read_mailbox() == 0
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert USER not in caplog.text
        assert PASSWORD not in caplog.text
        return "could not be read" in caplog.text

    def test_nobody_answers(self, in_app: Flask, reading: ImapServer, caplog: pytest.LogCaptureFixture) -> None:
        _set(in_app, imap_port=1)
        assert self.is_away(caplog)

    def test_the_password_is_wrong(self, in_app: Flask, reading: ImapServer, caplog: pytest.LogCaptureFixture) -> None:
        _set(in_app, imap_password="another")
        assert self.is_away(caplog)

    def test_the_folder_is_not_there(
        self, in_app: Flask, reading: ImapServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        _set(in_app, imap_folder="Nowhere")
        assert self.is_away(caplog)

    @pytest.mark.parametrize("use_ssl", [True, False])
    def test_nobody_vouches_for_the_server(
        self,
        use_ssl: bool,
        in_app: Flask,
        reading: ImapServer,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")
        _set(in_app, imap_use_ssl=use_ssl, imap_port=reading.port if use_ssl else reading.starttls_port)
        assert self.is_away(caplog)

    @pytest.mark.parametrize("use_ssl", [True, False])
    def test_the_server_has_another_name(
        self, use_ssl: bool, in_app: Flask, reading: ImapServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        port = reading.port if use_ssl else reading.starttls_port
        _set(in_app, imap_use_ssl=use_ssl, imap_port=port, imap_host="localhost")
        assert self.is_away(caplog)

    def test_starttls_reads_as_well(self, in_app: Flask, reading: ImapServer) -> None:
        _set(in_app, imap_use_ssl=False, imap_port=reading.starttls_port)
        reading.put(from_person("One"))
        assert read_mailbox() == 1


def test_a_subscription_whose_mail_came_back_hears_no_more(reading: ImapServer, relay: Relay) -> None:
    with transaction():
        ask_for_news("gwen@example.net", NewsWanted(), lang="en")
    assert deliver_messages().sent == 1
    assert relay.mails[0]["Reply-To"] == "help@example.org"
    reading.put(postfix(relay.envelopes[0][0]))
    read_mailbox()
    assert [row.verdict for row in rows()] == ["came_back"]
    assert db.session.scalars(select(Subscription)).all() == []
