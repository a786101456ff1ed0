"""What families raise at a session: what one may say of it."""

from __future__ import annotations

from dataclasses import dataclass

from booking.errors import Refusal
from booking.locality.kinds import Locality

LONGEST = 1000
MOST_FAMILIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One issue as somebody writes it down; everything but the text may be open."""

    text: str
    theme: str = ""
    workstream: int | None = None
    weakness: int | None = None
    families: int | None = None


def refuse_issue(raised: Raised, locality: Locality) -> None:
    """Raise Refusal, beside its field, for what cannot be kept."""
    if not raised.text.strip():
        raise Refusal("Write down what families raised.", field="text")
    if len(raised.text) > LONGEST:
        raise Refusal(f"Please use {LONGEST} characters or fewer.", field="text")
    if raised.theme and raised.theme not in {topic.code for topic in locality.topics}:
        raise Refusal("Choose a theme from the list, or none.", field="theme")
    if raised.workstream is not None and raised.workstream not in {each.number for each in locality.workstreams}:
        raise Refusal("Choose a workstream from the list, or none.", field="workstream")
    if raised.weakness is not None and raised.weakness not in {each.number for each in locality.weaknesses}:
        raise Refusal("Choose a weakness from the list, or none.", field="weakness")
    if raised.families is not None and not 1 <= raised.families <= MOST_FAMILIES:
        raise Refusal(f"Write a whole number from 1 to {MOST_FAMILIES}, or leave it empty.", field="families")


def workstream_of(raised: Raised, locality: Locality) -> int | None:
    """Return its workstream: where only a weakness was chosen, the one that answers it."""
    if raised.workstream is not None or raised.weakness is None:
        return raised.workstream
    return next((each.workstream for each in locality.weaknesses if each.number == raised.weakness), None)
