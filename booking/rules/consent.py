"""What a family must agree to before its answers may be kept (`Consent` rows are only ever added)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from booking.rules.words import ConsentSubject, Origin

WORDING_VERSION = "2026-11"
"""Names the sentences a family agreed to; raise it with every change to the consent sentences of the forms."""

SPOKEN_VERSION = "phone-2026-11"
"""Names the sentences that staff read out; raise it with every change to them (`templates/staff/read_out.html`)."""

ASKS_TO_TALK = "talk_to_me"
"""Asking to be rung tells nothing about anybody: it needs no consent and is the way for who will not tick."""


def wording_of(channel: str) -> str:
    """Return which sentences somebody agreed to: those on the page, or those read out on the telephone."""
    return SPOKEN_VERSION if channel == Origin.PHONE else WORDING_VERSION


def missing_consent(*, has_needs: bool, has_profile: bool, given: Collection[ConsentSubject]) -> ConsentSubject | None:
    """Return the first consent without which these answers may not be kept."""
    if has_needs and ConsentSubject.NEEDS not in given:
        return ConsentSubject.NEEDS
    if has_profile and ConsentSubject.PROFILE not in given:
        return ConsentSubject.PROFILE
    return None


def tells_something(needs: Iterable[tuple[str, str | None]]) -> bool:
    """Return whether these needs (code and own words) say anything about a person, and so need consent."""
    return any(code != ASKS_TO_TALK or words for code, words in needs)
