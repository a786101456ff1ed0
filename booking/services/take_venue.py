"""Take a venue for a session, decided under the venue's lock: of two who save at once only one has the room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from booking.errors import Refusal
from booking.formats.words_for import when
from booking.models import Event
from booking.queries.venue_calendar import ALLOWED, clashes_at, not_yet_allowed
from booking.rules.double_bookings import Stay, stay_of
from booking.services.locks import lock_venue
from booking.services.record_audit import record_audit

FIELD = "clash_reason"


class VenueTaken(Refusal):
    """Another session is there at that time, and nobody has said why both may be."""

    def __init__(self, clashes: Sequence[Event]) -> None:
        super().__init__(taken_sentence(clashes), field=FIELD)
        self.clashes = tuple(clashes)


def take_venue(stay: Stay | None, *, but_for: int | None = None, reason: str = "") -> tuple[Event, ...]:
    """Lock the venue and return the sessions that are in the way. Raise VenueTaken if there are and no reason is given.

    The session itself, `but_for`, is locked before. Nothing of the new plan may be on it yet: a new session points at
    its venue as soon as it is written, and would be found here.
    """
    if stay is None or lock_venue(stay.venue_id) is None:
        return ()
    clashes = clashes_at(stay, but_for=but_for)
    if clashes and not reason.strip():
        raise VenueTaken(clashes)
    return clashes


def keep_venue(event: Event, *, reason: str = "") -> tuple[Event, ...]:
    """Do the same for a session as it stands; a clash that somebody gave a reason for before needs no other."""
    stay = stay_of(event)
    if stay is None or lock_venue(stay.venue_id) is None:
        return ()
    clashes = not_yet_allowed(event, clashes_at(stay, but_for=event.id))
    if clashes and not reason.strip():
        raise VenueTaken(clashes)
    return clashes


def record_clashes(event: Event, clashes: Collection[Event], *, reason: str, screen: str) -> None:
    """Write down why a session may be where another is at that time."""
    if clashes:
        record_audit(
            ALLOWED,
            screen=screen,
            subject_type="event",
            subject_id=event.id,
            reason=reason.strip(),
            facts={"with": [other.id for other in clashes]},
        )


def taken_sentence(clashes: Sequence[Event]) -> str:
    """Say who is there, and what to do."""
    named = "; ".join(f"“{event.title}”, {when(event.starts_at, event.ends_at)}" for event in clashes[:3])
    more = f" and {len(clashes) - 3} more" if len(clashes) > 3 else ""
    return f"The venue is taken: {named}{more}. Choose another time, place or room, or say why both may be there."
