"""What staff of the demonstration heard at forums, as the families who came read it: invented, like the families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from booking.models import Event, Heard, HeardFile
from booking.rules.heard import ASKS
from booking.rules.words import EventStatus

NOTE = """Thank you for talking with us. You told us:

- The letters about your children are hard to follow.
- It is hard to get through by phone.
- It helps to hear how other families do it.

What we do next:

1. We take both to the council. It has 42 days to answer.
2. The answers stand on our page "You said, we did".

The slides are below, as plain text."""
SLIDES = """What happens when you ask for a plan

1. You, or the school, ask the council. Anybody may ask.
2. The council has six weeks to say whether it looks into it.
3. Everything together takes twenty weeks at most.

Where to get help: IASK gives advice that is free and independent.
"""
WRITTEN_AFTER = timedelta(days=6)
WITHOUT = 5
"""Every so manieth forum has no note, so that somebody is reminded."""


def make_heard(events: Iterable[Event], *, now: datetime) -> list[Heard | HeardFile]:
    """Let staff write what they heard at forums and the like that somebody closed the register of."""
    forums = sorted((event for event in events if _is_told_of(event, now)), key=lambda event: event.ends_at)
    told = [event for number, event in enumerate(reversed(forums)) if number % WITHOUT]
    return [row for event in told for row in _note(event)]


def _is_told_of(event: Event, now: datetime) -> bool:
    return (
        event.kind in ASKS
        and event.status == EventStatus.PUBLISHED
        and event.register_closed_at is not None
        and event.ends_at + WRITTEN_AFTER < now
    )


def _note(event: Event) -> list[Heard | HeardFile]:
    written_at, content = event.ends_at + WRITTEN_AFTER, SLIDES.encode()
    return [
        Heard(event_id=event.id, text=NOTE, told_times=1, created_at=written_at),
        HeardFile(
            event_id=event.id,
            name="slides.txt",
            kind="TXT",
            size=len(content),
            digest=sha256(content).hexdigest(),
            is_tagged=True,
            content=content,
            created_at=written_at,
        ),
    ]
