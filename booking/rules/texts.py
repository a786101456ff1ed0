"""Texts to mobile phones: who gets which, which numbers can have one, and what fits into one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.rules.contact import normal_phone
from booking.rules.reminders import is_quiet, morning_after
from booking.rules.words import MessageKind

LONGEST = 160
"""Letters of the phones' own alphabet in one text; a longer one is cut in two, and costs twice."""
TEXTED = frozenset(MessageKind) - {
    MessageKind.REMINDER_7_DAYS,
    MessageKind.CONTACT_CHANGED,
    MessageKind.CALENDAR_TITLE,
    MessageKind.NO_DATE_YET,
    MessageKind.CALENDAR_LINK,
    MessageKind.DECLINE_HEARD,
    MessageKind.DECLINE_ASKED,
    MessageKind.THANK_YOU,
    MessageKind.FEEDBACK_REMINDER,
    MessageKind.WHAT_WE_HEARD,
    MessageKind.YOU_SAID_WE_DID,
    MessageKind.NEWS_ASKED,
    MessageKind.STAFF_INVITED,
    MessageKind.COMPLAINT_RECEIVED,
    MessageKind.NEWS,
}
"""What is said by text to a family without e-mail. A week before is for calendars; the rest is for mail alone."""
BESIDE_MAIL = frozenset(
    {
        MessageKind.OFFER,
        MessageKind.CHANGED,
        MessageKind.POSTPONED,
        MessageKind.CANCELLED_BY_US,
        MessageKind.REMINDER_1_DAY,
        MessageKind.REMINDER_MORNING,
    }
)
"""What cannot wait until somebody reads their mail: texted to a family with e-mail too, if they said we may."""
TEXT_ONLY = frozenset({MessageKind.REMINDER_MORNING})
"""What nobody would read in time as a mail."""

LETS_SLEEP = frozenset({MessageKind.OFFER, MessageKind.OFFER_LAPSED, MessageKind.PLACES_ADDED})
"""What nobody asked for just now and what can wait until the morning: a text makes a noise."""
TIME_TO_ANSWER = timedelta(hours=1)

_MOBILE = re.compile(r"447(?:[1-57-9]\d{8}|624\d{6})")
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_COSTS_TWO = frozenset("^{}\\[~]|€\f")
_INSTEAD = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "•": "-",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "œ": "oe",
        "Œ": "OE",
        "\t": " ",
    }
)


def may_have_text(kind: MessageKind, *, has_email: bool) -> bool:
    """Return whether a message of this kind goes by text to a family that may be texted."""
    return kind in (BESIDE_MAIL if has_email else TEXTED)


def text_from(kind: MessageKind, now: datetime, *, not_after: datetime | None) -> datetime:
    """Return when a text may leave: at night some wait until 8am, if that leaves an hour to answer."""
    if kind not in LETS_SLEEP or not is_quiet(now):
        return now
    morning = morning_after(now)
    return now if not_after and not_after - morning < TIME_TO_ANSWER else morning


def mobile_number(phone: str | None) -> str | None:
    """Return a UK mobile number as 447700900982; None for any other number (pagers and 070 are no phones)."""
    number = normal_phone(phone) if phone else None
    return number if number and _MOBILE.fullmatch(number) else None


def in_phone_letters(text: str) -> str:
    """Return text in the phones' own alphabet (GSM 03.38): one letter outside it would halve what fits.

    Accents that the alphabet lacks are dropped, and so is what it cannot say at all.
    """
    return "".join(_said(letter) for letter in text.translate(_INSTEAD))


def length(text: str) -> int:
    """Return how long a text is in the phones' own alphabet, where some signs count for two."""
    return sum(2 if letter in _COSTS_TWO else 1 for letter in text)


def fit(parts: Iterable[str]) -> str:
    """Join the parts into one text, the first ones first; a part that does not fit whole is left out."""
    text = ""
    for part in parts:
        said = " ".join(in_phone_letters(part).split())
        longer = f"{text} {said}".strip()
        if said and length(longer) <= LONGEST:
            text = longer
    return text


def _said(letter: str) -> str:
    if letter in _BASIC or letter in _COSTS_TWO:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in plain if each in _BASIC or each in _COSTS_TWO)
