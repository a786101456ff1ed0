"""Decide what a calendar's answer is worth: which frees a place, which is asked about, which changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from booking.rules.contact import normal_email
from booking.rules.words import ReplyAnswer

GRACE = timedelta(hours=2)
"""How long a family may say that it does come: calendars decline by themselves while somebody is away."""
TOO_NEAR = timedelta(hours=24)
"""With less time than this no family could be found for the place if it were kept back."""
CLOCK_IS_WRONG = timedelta(days=1)
"""How far ahead of ours the clock of a calendar may be."""
OF_CALENDARS = ("", "auto-generated")
"""How mail is marked that a calendar sends when somebody presses a button (ADR 0017). Other marks are of responders."""


class Verdict(StrEnum):
    """What an answer is. Only the first frees a place; the weak one and the counter are asked about."""

    DECLINED_PROVED = "declined_proved"
    DECLINED_WEAK = "declined_weak"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    UNPROVED = "unproved"
    UNKNOWN = "unknown"
    STALE = "stale"
    REPEATED = "repeated"
    COUNTER = "counter"
    AUTOMATIC = "automatic"
    MALFORMED = "malformed"


NOTED = {
    Verdict.DECLINED_PROVED: ReplyAnswer.DECLINED,
    Verdict.ACCEPTED: ReplyAnswer.ACCEPTED,
    Verdict.TENTATIVE: ReplyAnswer.TENTATIVE,
}
"""The answers that are proved to be the family's, and are written down."""
ASKED_ABOUT = (Verdict.DECLINED_WEAK, Verdict.COUNTER)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a mail says. `vouched_domain` is the sender's domain if our own mail server says it passes DMARC.

    `mark` is how the mail says that no person sent it, or nothing.
    """

    method: str
    uid: str
    attendee: str
    partstat: str
    sequence: int | None
    stamped_at: datetime | None
    events: int
    attendees: int
    sender: str
    vouched_domain: str | None
    mark: str
    has_empty_envelope: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What we know: the calendar entry as the family has it, and when its last answer was written.

    `is_open` while they have a place in a session that has a date and has not begun.
    """

    uid: str
    address: str | None
    sequence: int
    answered_at: datetime | None
    is_open: bool


def judge(answer: Answer, entry: Entry | None, *, now: datetime) -> Verdict:
    """Return what an answer is worth (`calendar-and-mail.md` section 2). The organiser it names does not matter.

    What is not proved changes nothing, and nothing is asked of whoever an automatic mail came from.
    """
    if answer.events != 1 or answer.attendees != 1 or answer.stamped_at is None:
        return Verdict.MALFORMED
    if answer.method not in ("REPLY", "COUNTER") or (answer.method == "REPLY" and _said(answer) is None):
        return Verdict.MALFORMED
    if entry is None or answer.uid != entry.uid or not _same(answer.attendee, entry.address):
        return Verdict.UNKNOWN
    if answer.has_empty_envelope or answer.mark not in OF_CALENDARS:
        return Verdict.AUTOMATIC
    if entry.answered_at is not None and answer.stamped_at <= entry.answered_at:
        return Verdict.REPEATED
    if not entry.is_open:
        return Verdict.STALE
    return _of_the_family(answer, entry, now=now)


def release_at(now: datetime, *, starts_at: datetime) -> datetime:
    """Return when a place goes to another family after its own has declined."""
    return now if starts_at - now <= TOO_NEAR else now + GRACE


def _of_the_family(answer: Answer, entry: Entry, *, now: datetime) -> Verdict:
    """Judge what may well be the family's own answer about a place that it has."""
    is_proved = _is_proved(answer, now=now)
    is_current = (answer.sequence or 0) == entry.sequence
    said = _said(answer)
    if answer.method == "COUNTER":
        verdict = Verdict.COUNTER
    elif said == ReplyAnswer.DECLINED:
        verdict = Verdict.DECLINED_PROVED if is_proved and is_current else Verdict.DECLINED_WEAK
    elif not is_current:
        return Verdict.STALE
    else:
        verdict = Verdict(str(said)) if is_proved else Verdict.UNPROVED
    return Verdict.AUTOMATIC if verdict in ASKED_ABOUT and answer.mark else verdict


def _said(answer: Answer) -> ReplyAnswer | None:
    word = answer.partstat.lower()
    return ReplyAnswer(word) if word in set(ReplyAnswer) else None


def _is_proved(answer: Answer, *, now: datetime) -> bool:
    """Tell whether our own mail server vouches that the attendee sent it, at a time that can be true."""
    domain = normal_email(answer.sender).rpartition("@")[2]
    return (
        domain != ""
        and answer.vouched_domain is not None
        and normal_email(answer.vouched_domain) == domain
        and _same(answer.sender, answer.attendee)
        and answer.stamped_at is not None
        and answer.stamped_at <= now + CLOCK_IS_WRONG
    )


def _same(address: str, other: str | None) -> bool:
    return bool(other) and normal_email(address) == normal_email(other or "")
