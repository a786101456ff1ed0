"""Send what is due: claim, write, send, note how it went; each step is committed before the next."""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from booking.extensions import mail, transaction
from booking.jobs.text_line import Texts
from booking.rules.words import Channel
from booking.services.claim_messages import Claim, claim_messages, release_claims
from booking.services.prepare_message import Letter, begin_data, prepare_message
from booking.services.record_delivery import Went, record_delivery
from booking.smtp import LineBroke, Refused, SafeConnection
from booking.texts import NotReached, TextLost, TextRefused

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """How many messages went how."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    not_sent: int = 0


def deliver_messages(*, is_stopping: Callable[[], bool] = lambda: False) -> Delivered:
    """Send all that is due, one line to the relay for many, until nothing is due or the relay is away."""
    counts: Counter[str] = Counter()
    texts = Texts()
    try:
        while not is_stopping():
            with transaction():
                claims = claim_messages()
            if not claims or not _deliver_batch(claims, counts, texts, is_stopping):
                break
    finally:
        texts.hang_up()
    return Delivered(
        sent=counts[Went.SENT],
        failed=counts[Went.REFUSED] + counts[Went.UNWRITABLE],
        later=counts[Went.NOT_NOW] + counts[Went.NOT_REACHED] + counts[Went.LINE_BROKE],
        not_sent=counts["not sent"],
    )


def _deliver_batch(claims: list[Claim], counts: Counter[str], texts: Texts, is_stopping: Callable[[], bool]) -> bool:
    """Send one batch; False when the relay cannot be reached, so that it is left in peace until the next tick."""
    line = _Line()
    try:
        for position, claim in enumerate(claims):
            if is_stopping():
                with transaction():
                    release_claims(claims[position:])
                return False
            counts[_deliver_one(claim, line, texts)] += 1
    finally:
        line.hang_up()
    return not line.is_down


def _deliver_one(claim: Claim, mails: _Line, texts: Texts) -> str:
    letter = _prepared(claim)
    if not isinstance(letter, Letter):
        return letter
    code = None
    line = texts if letter.channel == Channel.TEXT else mails
    try:
        if not line.send(claim, letter):
            return "not sent"
        went = Went.SENT
    except (Refused, TextRefused) as refused:
        went, code = (Went.REFUSED if refused.is_final else Went.NOT_NOW), refused.code
    except NotReached:
        went = Went.NOT_REACHED
    except (LineBroke, TextLost):
        went = Went.LINE_BROKE
    with transaction():
        record_delivery(claim, went, code=code)
    log.log(logging.INFO if went == Went.SENT else logging.WARNING, "message %s: %s", claim.message_id, went.value)
    return went


def _prepared(claim: Claim) -> Letter | str:
    """Return the letter, or how it went instead. One message that cannot be written must not stop the others."""
    try:
        with transaction():
            return prepare_message(claim) or "not sent"
    except (SQLAlchemyError, OSError):
        raise  # the database's trouble, not the message's: the lease runs out and the message is tried again
    except Exception as error:
        # The text of the error may hold an address or a name: only its kind and place are logged.
        log.error("message %s cannot be written: %s at %s", claim.message_id, type(error).__name__, _place(error))
    with transaction():
        record_delivery(claim, Went.UNWRITABLE)
    return Went.UNWRITABLE


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"


class _Line:
    """One line to the relay, opened when the first message needs it and again if it breaks."""

    def __init__(self) -> None:
        self._connection: SafeConnection | None = None
        self.is_down = False

    def send(self, claim: Claim, letter: Letter) -> bool:
        """Send one letter. Raise Refused or LineBroke; once the relay could not be reached, at once."""
        connection = self._open()

        def before_data() -> bool:
            with transaction():
                return begin_data(claim, letter)

        try:
            return connection.deliver(
                letter.raw, sender=letter.envelope_from, recipient=letter.to, before_data=before_data
            )
        except BaseException as error:
            if not isinstance(error, Refused) or error.code == 421:
                self.hang_up()
            raise

    def hang_up(self) -> None:
        if self._connection:
            self._connection.__exit__(None, None, None)
            self._connection = None

    def _open(self) -> SafeConnection:
        if self.is_down:
            raise LineBroke
        if self._connection is None:
            try:
                self._connection = mail.connect().__enter__()
            except (smtplib.SMTPException, OSError) as error:
                self.is_down = True
                log.warning("the mail server cannot be reached: %s", type(error).__name__)
                raise LineBroke from error
        return self._connection
