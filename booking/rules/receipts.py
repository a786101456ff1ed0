"""What becomes of a text after GOV.UK Notify took it, what that means for the family, and how often we ask."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from booking.rules.words import MessageStatus


class Receipt(StrEnum):
    """How a text ended, in GOV.UK Notify's own words. Any other word of its says that it is still on its way."""

    DELIVERED = "delivered"
    PERMANENT = "permanent-failure"
    TEMPORARY = "temporary-failure"
    TECHNICAL = "technical-failure"


FIRST_ASKED_AFTER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=12)
ASKED_FOR = timedelta(days=4)
"""Networks try for 72 hours, and what became of a text is forgotten there after seven days."""

_WHY = {
    Receipt.PERMANENT: "GOV.UK Notify could not deliver it: the number may be wrong.",
    Receipt.TEMPORARY: "GOV.UK Notify could not deliver it: the phone was off, full or out of reach for too long.",
    Receipt.TECHNICAL: "GOV.UK Notify could not deliver it: something went wrong there.",
}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def receipt_of(word: str) -> Receipt | None:
    """Return how a text ended; None while it is on its way."""
    return Receipt(word) if word in set(Receipt) else None


def what_it_means(receipt: Receipt, *, went_by_mail_too: bool) -> tuple[MessageStatus, str]:
    """Return how the message ends, and what staff read about it.

    A wrong number is always worth a call. A phone that was off is not, where a mail said the same.
    """
    if receipt == Receipt.DELIVERED:
        return MessageStatus.SENT, ""
    if receipt != Receipt.PERMANENT and went_by_mail_too:
        return MessageStatus.SENT, f"{_WHY[receipt]} A mail says the same."
    return MessageStatus.FAILED, f"{_WHY[receipt]} Please ring them."


def ask_again_in(age: timedelta) -> timedelta:
    """Return how long to wait before asking again what became of a text: about as long as it is on its way already."""
    return min(max(age, FIRST_ASKED_AFTER), LONGEST_WAIT)


def notify_id(word: object) -> str | None:
    """Return an id that GOV.UK Notify gives a text; None for anything else: it becomes part of an address."""
    return word if isinstance(word, str) and _ID.fullmatch(word) else None
