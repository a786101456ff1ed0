"""Publish several drafts in one deed."""

from __future__ import annotations

from collections.abc import Collection

from booking.errors import Refusal
from booking.formats.words_for import short_date
from booking.models import Event
from booking.services.locks import lock_event
from booking.services.publish_session import publish_session


def publish_drafts(event_ids: Collection[int], *, reason: str = "", clash_reason: str = "") -> None:
    """Publish all of these or none. Raise Refusal for none, and what `publish_session` raises, naming the session."""
    if not event_ids:
        raise Refusal("Tick at least one draft.", field="publish")
    for event in [lock_event(number) for number in sorted(event_ids)]:
        try:
            publish_session(event.id, reason=reason, clash_reason=clash_reason)
        except Refusal as refusal:
            refusal.sentence = _of(event, refusal.sentence)
            refusal.field = refusal.field or "publish"
            raise


def _of(event: Event, sentence: str) -> str:
    return f"“{event.title}”, {short_date(event.starts_at)}: {sentence}"
