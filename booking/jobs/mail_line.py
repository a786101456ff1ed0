"""The line on which mails leave, for as long as one round of the worker lasts."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable

from booking.extensions import mail
from booking.rules.relay_answers import Stage
from booking.services.claim_messages import Claim
from booking.services.prepare_message import Letter
from booking.smtp import LineBroke, Refused, SafeConnection

log = logging.getLogger(__name__)

MOST_ON_ONE_LINE = 100
"""Relays end a line after a number of messages of their own choice; we are the first to hang up."""
MOST_BREAKS = 2
"""How many lines may break one after the other: each may cost two minutes, and its mail may come twice."""

Begin = Callable[[Claim, Letter], bool]
"""Commits that a letter is about to leave; False if it is not to be sent after all."""


class NoLine(Exception):
    """The relay could not be reached, did not let us in, or is not who it says: that is about no message."""

    def __init__(self, why: str, *, code: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.code = code


class Mails:
    """Opened when the first mail leaves, and again if it breaks.

    Once there is no line, or it broke with one mail and with the next, no other is tried in this round.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._connection: SafeConnection | None = None
        self._carried = self._breaks = 0
        self.is_down = False

    def send(self, claim: Claim, letter: Letter) -> bool:
        """Send one letter; False if it is not to be sent after all. Raise Refused, LineBroke or NoLine."""
        try:
            is_sent = self._send_on_kept_line(claim, letter)
        except LineBroke:
            self._breaks += 1
            self.is_down = self._breaks >= MOST_BREAKS
            raise
        except Refused:
            self._breaks = 0
            raise
        self._breaks = 0
        return is_sent

    def hang_up(self) -> None:
        """Close the line."""
        if self._connection:
            self._connection.__exit__(None, None, None)
            self._connection = None

    def _send_on_kept_line(self, claim: Claim, letter: Letter) -> bool:
        was_kept = self._connection is not None
        try:
            return self._send(claim, letter)
        except (Refused, LineBroke) as error:
            if not (was_kept and _had_ended(error)):
                raise
        return self._send(claim, letter)

    def _send(self, claim: Claim, letter: Letter) -> bool:
        connection = self._open()

        try:
            return connection.deliver(
                letter.raw,
                sender=letter.envelope_from,
                recipient=letter.to,
                before_data=lambda: self._begin(claim, letter),
            )
        except Refused:
            if connection.is_closed:
                self._connection = None
            raise
        except BaseException:
            self.hang_up()
            raise

    def _open(self) -> SafeConnection:
        if self._carried >= MOST_ON_ONE_LINE:
            self.hang_up()
        if self._connection is None:
            try:
                self._connection = mail.connect().__enter__()
            except (smtplib.SMTPException, OSError) as error:
                self.is_down = True
                log.warning("no line to the mail server: %s", type(error).__name__)
                raise _no_line(error) from error
            self._carried = 0
        self._carried += 1
        return self._connection


def _had_ended(error: Refused | LineBroke) -> bool:
    """Tell whether a kept line had ended between two messages: then nothing of this one has left."""
    if error.stage != Stage.SENDER:
        return False
    return isinstance(error, LineBroke) or error.code == 421


def _no_line(error: Exception) -> NoLine:
    if isinstance(error, ssl.SSLError):
        return NoLine("The mail server's certificate could not be trusted.")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NoLine("The mail server did not let us in: look at its settings", code=error.smtp_code)
    if isinstance(error, smtplib.SMTPResponseException):
        return NoLine("The mail server did not want to talk to us", code=error.smtp_code)
    return NoLine("The mail server could not be reached.")
