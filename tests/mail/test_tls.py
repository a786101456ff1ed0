"""The password of the relay leaves this computer only over verified TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from flask import Flask
from flask_mail import Message as StaffMail

from booking.extensions import mail
from booking.jobs import deliver_messages
from tests.cast import a_booking, an_event
from tests.mail.deeds import statuses
from tests.mail.relay import Relay, point_at, running

pytestmark = pytest.mark.one_database


@pytest.fixture
def tls_relay(in_app: Flask, certificate: Path):  # type: ignore[no-untyped-def]
    """A relay that offers STARTTLS with that certificate, and an app that signs in with a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with running(Relay(), tls=context) as relay:
        point_at(in_app, relay)
        state.use_tls, state.username, state.password = True, "pact", "a password for tests"
        yield relay
    vars(state).update(before)


def test_a_relay_nobody_vouches_for_gets_neither_password_nor_mail(tls_relay: Relay) -> None:
    a_booking(an_event())
    assert deliver_messages().later == 1
    assert tls_relay.passwords == []
    assert tls_relay.raw == []
    assert statuses() == ["confirmed: queued"]


def test_a_relay_that_is_vouched_for_gets_both(
    tls_relay: Relay, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    a_booking(an_event())
    assert deliver_messages().sent == 1
    assert tls_relay.passwords == [b"a password for tests"]


def test_without_tls_the_password_is_not_sent_to_another_computer(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = in_app.extensions["mail"]
    before = dict(vars(state))
    with running(Relay()) as relay:
        point_at(in_app, relay)
        state.server, state.username, state.password = "127.0.0.1.", "pact", "a password for tests"
        a_booking(an_event())
        deliver_messages()
    vars(state).update(before)
    assert relay.passwords == []


def test_staff_mails_of_flask_security_take_the_same_way(relay: Relay) -> None:
    letter = StaffMail("Signing in – hello", recipients=["staff@pact.example.org"], body="Ünïcode " * 200)
    mail.send(letter)
    (raw,) = relay.raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert relay.mails[0]["Message-ID"].endswith("@pact.example.org>")
