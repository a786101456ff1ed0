"""A real mail relay on loopback that can be told to misbehave."""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

DROP = "drop the line"
KEEP_AND_DROP = "keep the mail, then drop the line"


@dataclass
class Relay:
    """What came in, and what to answer next: codes for RCPT and for the end of DATA, or a dropped line."""

    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    rcpt: deque[str] = field(default_factory=deque)
    data: deque[str] = field(default_factory=deque)
    passwords: list[bytes] = field(default_factory=list)
    sessions: int = 0
    port: int = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [as_mail(raw) for raw in self.raw]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_EHLO(self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.rcpt.popleft() if self.rcpt else "250 OK"
        if answer == DROP:
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.data.popleft() if self.data else "250 OK"
        if answer in (DROP, KEEP_AND_DROP):
            if answer == KEEP_AND_DROP:
                self._keep(envelope)
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            self._keep(envelope)
        return answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, auth: Any) -> AuthResult:
        self.passwords.append(auth.password)
        return AuthResult(success=True)

    def _keep(self, envelope: Any) -> None:
        self.raw.append(envelope.original_content)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))


@contextmanager
def running(relay: Relay, *, tls: ssl.SSLContext | None = None) -> Iterator[Relay]:
    """Let the relay answer on a free port of this computer."""
    relay.port = relay.port or _free_port()
    controller = Controller(
        relay,
        hostname="127.0.0.1",
        port=relay.port,
        tls_context=tls,
        authenticator=relay.authenticate,
        auth_required=False,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield relay
    finally:
        controller.stop()


def point_at(app: Flask, relay: Relay) -> None:
    """Send the app's mail to this relay."""
    state = app.extensions["mail"]
    state.server, state.port = "127.0.0.1", relay.port or 1


def as_mail(raw: bytes) -> EmailMessage:
    """Read a mail."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page_of(mail: EmailMessage) -> str:
    """Return the HTML of a mail."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def calendar_of(mail: EmailMessage) -> bytes | None:
    """Return the calendar object of a mail, if it has one."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True))
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
