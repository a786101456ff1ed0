"""The line on which texts leave, for as long as one round of the worker lasts."""

from __future__ import annotations

import logging

from flask import current_app

from booking.jobs.mail_line import Begin
from booking.services.claim_messages import Claim
from booking.services.prepare_message import Letter
from booking.texts import NotReached, TextLine, TextLost, TextRefused

log = logging.getLogger(__name__)


class Texts:
    """Opened when the first text leaves. Once it is down, no text is tried again in this round."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._line: TextLine | None = None
        self.is_down = False
        self.carrier_id: str | None = None

    def send(self, claim: Claim, letter: Letter) -> bool:
        """Send one text; False if it is not to be sent after all. Raise TextRefused, NotReached or TextLost.

        `carrier_id` then holds the id it has there.

        That it is about to leave is committed first: what a killed worker leaves behind is never sent again.
        """
        if self.is_down:
            raise NotReached
        line = self._line = self._line or TextLine(current_app.extensions["config"])
        if not self._begin(claim, letter):
            return False
        try:
            self.carrier_id = line.send(letter.raw.decode(), to=letter.to, reference=letter.reference)
        except (TextRefused, NotReached, TextLost) as error:
            self.is_down = not isinstance(error, TextRefused) or error.is_about_us
            if self.is_down:
                log.warning("texts wait: %s", error if isinstance(error, TextRefused) else type(error).__name__)
            raise
        return True

    def hang_up(self) -> None:
        """Close the line."""
        if self._line:
            self._line.hang_up()
            self._line = None
