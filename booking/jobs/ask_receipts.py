"""Ask GOV.UK Notify what became of our texts, where it has not told us by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import current_app

from booking import texts
from booking.extensions import transaction
from booking.services.claim_receipts import Awaited, claim_receipts
from booking.services.note_receipt import note_receipt
from booking.texts import NotReached, TextLine, TextLost, TextRefused

log = logging.getLogger(__name__)


def ask_receipts(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Ask about each text whose turn it is; return of how many there was news. The next tick asks for the rest."""
    if not texts.are_on():
        return 0
    with transaction():
        awaited = claim_receipts()
    if not awaited:
        return 0
    line = TextLine(current_app.extensions["config"])
    try:
        return _ask_all(line, awaited, is_stopping)
    finally:
        line.hang_up()


def _ask_all(line: TextLine, awaited: list[Awaited], is_stopping: Callable[[], bool]) -> int:
    news = 0
    for one in awaited:
        if is_stopping():
            break
        try:
            answer = line.ask(one.reference, carrier_id=one.carrier_id)
        except TextRefused as refused:
            if refused.is_final:
                continue  # it is forgotten there; nothing is known about the others by that
            log.warning("receipts wait: %s", refused)
            break
        except (NotReached, TextLost) as error:
            log.warning("receipts wait: %s", type(error).__name__)
            break
        if answer is not None:
            with transaction():
                news += note_receipt(one.reference, answer.word, carrier_id=answer.carrier_id)
    return news
