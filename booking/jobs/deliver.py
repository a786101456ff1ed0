"""Send what is due: claim, write, send, note how it went; nothing leaves before it is committed that it does."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from booking.extensions import db, transaction
from booking.jobs.error_place import kind_and_place
from booking.jobs.mail_line import Mails, NoLine
from booking.jobs.patience import patiently
from booking.jobs.text_line import Texts
from booking.rules.relay_answers import Stage, Verdict
from booking.rules.words import Channel
from booking.services.claim_messages import Claim, claim_messages, release_claims
from booking.services.prepare_message import Letter, begin_data, prepare_message, write_letters
from booking.services.record_delivery import Went, record_delivery
from booking.smtp import LineBroke, Refused
from booking.texts import NotReached, TextLost, TextRefused

log = logging.getLogger(__name__)

NOT_SENT, WAITS = "not sent", "waits"
WRITTEN_AHEAD = 20
"""How many letters of a batch are written at once; more would be too old before their turn when a relay is slow."""
FRESH = 1.0
"""Seconds that a letter written ahead may wait for its turn: it says how things stood when it was written."""
MOST_TROUBLE = 3
"""How often the database may go away in one round before it is left to the next tick."""
_MEANS = {Verdict.NEVER: Went.REFUSED, Verdict.NOT_NOW: Went.NOT_NOW, Verdict.OUR_FAULT: Went.OUR_FAULT}


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """How many messages went how."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    not_sent: int = 0


def deliver_messages(*, is_stopping: Callable[[], bool] = lambda: False) -> Delivered:
    """Send all that is due, one line to each carrier, until nothing is due or the mail relay is away."""
    sending = _Round(is_stopping=is_stopping)
    try:
        while not is_stopping():
            claims = patiently(claim_messages)
            if not claims or not sending.send_all(claims):
                break
    finally:
        sending.hang_up()
    counts = sending.counts
    return Delivered(
        sent=counts[Went.SENT],
        failed=counts[Went.REFUSED] + counts[Went.UNWRITABLE],
        later=counts[Went.NOT_NOW] + counts[Went.OUR_FAULT] + counts[Went.NOT_REACHED] + counts[Went.LINE_BROKE],
        not_sent=counts[NOT_SENT],
    )


class _Round:
    """One worker's work until nothing is due: its two lines, and what became of what it took."""

    def __init__(self, *, is_stopping: Callable[[], bool]) -> None:
        self.is_stopping = is_stopping
        self.counts: Counter[str] = Counter()
        self.trouble = 0
        self.mails = Mails(self._begin)
        self.texts = Texts(self._begin)
        self._letters: dict[Claim, Letter | None] = {}
        self._written_at = -FRESH
        self._left: tuple[Claim, str | None] | None = None

    def send_all(self, claims: list[Claim]) -> bool:
        """Send one batch; False when the relay is away, so that it is left in peace until the next tick."""
        try:
            return self._send_each(claims)
        finally:
            self._note_left()

    def _send_each(self, claims: list[Claim]) -> bool:
        for position, claim in enumerate(claims):
            rest = claims[position:]
            if self.is_stopping():
                _give_back(rest)
                return False
            try:
                self.counts[self._send(claim, rest)] += 1
            except OperationalError as error:
                log.warning("the database went away in the middle: %s", type(error.orig).__name__)
                self._note_left()
                _give_back(rest)
                self.trouble += 1
                if self.trouble > MOST_TROUBLE:
                    raise
                return True
        return not self.mails.is_down

    def hang_up(self) -> None:
        self.mails.hang_up()
        self.texts.hang_up()

    def _send(self, claim: Claim, rest: list[Claim]) -> str:
        letter = self._written(claim, rest) or _prepared(claim)
        if not isinstance(letter, Letter):
            return letter
        if letter.channel == Channel.EMAIL and self.mails.is_down:
            _give_back([claim])  # it was not tried: neither its patience nor its order suffers
            return WAITS
        return self._sent(claim, letter)

    def _written(self, claim: Claim, rest: list[Claim]) -> Letter | None:
        """Return a letter written just now, together with the next ones; None if it is not plainly to be sent."""
        if claim not in self._letters or time.monotonic() - self._written_at > FRESH:
            self._written_at = time.monotonic()
            db.session.rollback()  # so that what is read is what stands now
            ahead = rest[:WRITTEN_AHEAD]
            self._letters = dict.fromkeys(ahead) | write_letters(ahead)
            db.session.rollback()  # no read stays open while a relay takes its time
        return self._letters[claim]

    def _begin(self, claim: Claim, letter: Letter) -> bool:
        """Commit that the last message has left and that this one is about to: one transaction for both."""
        with transaction():
            if self._left:
                record_delivery(self._left[0], Went.SENT, carrier_id=self._left[1])
            begins = begin_data(claim, letter)
        self._left = None
        return begins

    def _note_left(self) -> None:
        """Commit that the last message has left; a database that is away just now must not make it leave again."""
        if left := self._left:
            patiently(lambda: record_delivery(left[0], Went.SENT, carrier_id=left[1]))
            self._left = None

    def _sent(self, claim: Claim, letter: Letter) -> str:
        code, why, carrier_id = None, "", None
        line = self.texts if letter.channel == Channel.TEXT else self.mails
        try:
            if not line.send(claim, letter):
                return NOT_SENT
            went = Went.SENT
            carrier_id = self.texts.carrier_id if letter.channel == Channel.TEXT else None
        except Refused as refused:
            went, code = _MEANS[refused.verdict], refused.code
            self.mails.is_down = refused.verdict == Verdict.OUR_FAULT and refused.stage == Stage.SENDER
        except TextRefused as refused:
            went, code = (Went.REFUSED if refused.is_final else Went.NOT_NOW), refused.code
        except NoLine as none:
            went, code, why = Went.NOT_REACHED, none.code, none.why
        except NotReached:
            went = Went.NOT_REACHED
        except (LineBroke, TextLost):
            went = Went.LINE_BROKE
        if went == Went.SENT:
            self._left = (claim, carrier_id)
        else:
            patiently(lambda: record_delivery(claim, went, code=code, why=why, until=letter.until))
        log.log(logging.INFO if went == Went.SENT else logging.WARNING, "message %s: %s", claim.message_id, went.value)
        return went


def _give_back(claims: list[Claim]) -> None:
    patiently(lambda: release_claims(claims))


def _prepared(claim: Claim) -> Letter | str:
    """Return the letter, or how it went instead. One message that cannot be written must not stop the others."""
    try:
        with transaction():
            return prepare_message(claim) or NOT_SENT
    except (SQLAlchemyError, OSError):
        raise  # the database's trouble, not the message's: the lease runs out and the message is tried again
    except Exception as error:
        log.error("message %s cannot be written: %s", claim.message_id, kind_and_place(error))
    with transaction():
        record_delivery(claim, Went.UNWRITABLE)
    return Went.UNWRITABLE
