"""Talk to the mail relay: Flask-Mail with verified TLS, a time-out, and a word before the message itself is sent."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from types import TracebackType
from typing import Any

from flask import Flask, current_app
from flask_mail import Connection, Mail, Message, _Mail

from booking.rules.relay_answers import Stage, Verdict, finer_code, verdict_on

SECONDS = 10
"""For each answer but the last."""
SECONDS_TO_TAKE_IT = 120
"""For the answer after the message: RFC 5321 4.5.3.2.6 allows ten minutes, since whoever gives up too early sends
twice; a worker's lease is five."""
OK = (250, 251)


class Refused(Exception):
    """The relay answered with a code; `verdict` says what that means."""

    def __init__(self, code: int, *, stage: Stage, verdict: Verdict) -> None:
        super().__init__(f"the relay answered {code}")
        self.code = code
        self.stage = stage
        self.verdict = verdict


class LineBroke(Exception):
    """The line broke at some stage: after `CONTENT` began, nobody knows how far it got."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"the line broke ({stage.value})")
        self.stage = stage


class SafeConnection(Connection):
    """A line to the relay. The password leaves this computer only over verified TLS."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect and sign in. Raise OSError or SMTPException."""
        mail = self.mail
        if mail.use_ssl:
            context = ssl.create_default_context()
            host: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port, timeout=SECONDS, context=context)
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=SECONDS)
        try:
            if mail.use_tls and not mail.use_ssl:
                host.starttls(context=ssl.create_default_context())
            if mail.username and mail.password:
                if not (mail.use_tls or mail.use_ssl or is_loopback(mail.server)):
                    raise smtplib.SMTPException("MAIL_PASSWORD needs MAIL_USE_TLS=1: it is never sent in the clear")
                host.login(mail.username, mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):  # all is said by then; the relay may have hung up
                self.host.quit()

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Send a message of Flask-Mail (staff sign-in) with an own Message-ID and no 8-bit lines."""
        message.msgId = make_msgid(domain=own_domain(str(message.sender)))
        plain = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
        for part in plain.walk():
            if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
                part.set_content(part.get_content(), subtype=part.get_content_subtype(), cte="quoted-printable")
        message.as_bytes = plain.as_bytes  # type: ignore[method-assign]
        super().send(message, envelope_from)

    def deliver(self, raw: bytes, *, sender: str, recipient: str, before_data: Callable[[], bool]) -> bool:
        """Send bytes to one recipient. Raise Refused or LineBroke.

        `before_data` is asked once the relay has accepted the envelope and before any of the message leaves;
        if it says no, nothing is sent and False is returned.
        """
        host, stage = self.host, Stage.SENDER
        if host is None:
            raise LineBroke(stage)
        if not recipient.isascii():  # RFC 6531 3.5: such an address needs an extension that few relays offer
            raise Refused(553, stage=Stage.RECIPIENT, verdict=Verdict.NEVER)
        try:
            _expect(host, stage, *host.mail(sender))
            stage = Stage.RECIPIENT
            _expect(host, stage, *host.rcpt(recipient))
            if not before_data():
                _reset(host)
                return False
            stage = Stage.CONTENT
            _wait_for(host, SECONDS_TO_TAKE_IT)
            _expect(host, stage, *_data(host, raw))
            _wait_for(host, SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            host.close()
            raise LineBroke(stage) from error
        return True

    @property
    def is_closed(self) -> bool:
        """Tell whether the line has ended by now."""
        return self.host is None or self.host.sock is None


class SafeMail(Mail):
    """Flask-Mail whose every connection, Flask-Security's too, is a SafeConnection."""

    def init_mail(self, config: dict[str, Any], debug: bool | int = False, testing: bool = False) -> _Mail:
        state = super().init_mail(config, 0, testing)
        return _SafeState(**vars(state))

    def connect(self) -> SafeConnection:
        """Open a line to the relay of the current app."""
        return SafeConnection(current_app.extensions["mail"])


class _SafeState(_Mail):
    def connect(self) -> SafeConnection:
        return SafeConnection(self)  # type: ignore[arg-type]  # Flask-Mail passes its state where it says Mail


def stays_here(app: Flask) -> bool:
    """Return whether mail goes to this computer alone."""
    return is_loopback(str(app.config["MAIL_SERVER"]))


def is_loopback(server: str) -> bool:
    """Return whether a server's name means this computer."""
    if server == "localhost":
        return True
    try:
        return ipaddress.ip_address(server.strip("[]")).is_loopback
    except ValueError:
        return False


def own_domain(sender: str | None) -> str:
    """Return the domain of our own address."""
    return parseaddr(sender or "")[1].rpartition("@")[2] or "localhost"


def _expect(host: smtplib.SMTP, stage: Stage, code: int, text: bytes) -> None:
    """Raise Refused unless the answer is yes; the line is left ready for the next message, or closed."""
    if code in OK:
        return
    verdict = verdict_on(stage, code, finer=finer_code(text.decode("ascii", "replace")))
    if verdict is None:
        raise smtplib.SMTPResponseException(code, "an answer that the protocol does not know")
    if code == 421:
        host.close()
    else:
        _reset(host)
    raise Refused(code, stage=stage, verdict=verdict)


def _reset(host: smtplib.SMTP) -> None:
    """Forget the envelope. A relay that hangs up after its answer has given it all the same."""
    try:
        host.rset()
    except (smtplib.SMTPException, OSError):
        host.close()


def _wait_for(host: smtplib.SMTP, seconds: float) -> None:
    if host.sock is not None:
        host.sock.settimeout(seconds)


def _data(host: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    try:
        return host.data(raw)
    except smtplib.SMTPDataError as error:
        answer = error.smtp_error
        return error.smtp_code, answer if isinstance(answer, bytes) else answer.encode()
