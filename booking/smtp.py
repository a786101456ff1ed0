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

SECONDS = 10
OK = (250, 251)


class Refused(Exception):
    """The relay answered with a code: 4xx is "not now", 5xx is "never"."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the relay answered {code}")
        self.code = code

    @property
    def is_final(self) -> bool:
        return self.code >= 500


class LineBroke(Exception):
    """The relay could not be reached, or the line broke: nobody knows how far it got."""


class SafeConnection(Connection):
    """A line to the relay. The password leaves this computer only over verified TLS."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect and sign in. Raise OSError or SMTPException."""
        mail = self.mail
        context = ssl.create_default_context()
        if mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port, timeout=SECONDS, context=context)
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=SECONDS)
        try:
            if mail.use_tls and not mail.use_ssl:
                host.starttls(context=context)
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
        host = self.host
        if host is None:
            raise LineBroke
        try:
            _expect(host, *host.mail(sender))
            _expect(host, *host.rcpt(recipient))
            if not before_data():
                host.rset()
                return False
            _expect(host, *_data(host, raw))
        except (smtplib.SMTPException, OSError) as error:
            host.close()
            raise LineBroke from error
        return True


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


def _expect(host: smtplib.SMTP, code: int, _text: bytes) -> None:
    if code in OK:
        return
    if code == 421:
        host.close()
    else:
        host.rset()
    raise Refused(code)


def _data(host: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    try:
        return host.data(raw)
    except smtplib.SMTPDataError as error:
        answer = error.smtp_error
        return error.smtp_code, answer if isinstance(answer, bytes) else answer.encode()
