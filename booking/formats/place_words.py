"""Say how to get in: what is known of a place's way in, and its directions."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from booking.locality import get_locality
from booking.models import Event
from booking.rules.words import Delivery, FactAnswer

GROUPS = ("entrance", "arriving")


def getting_in(event: Event) -> list[str]:
    """Return plain sentences on getting to the door and through it; nothing that was not checked."""
    venue = event.venue
    if venue is None or event.delivery == Delivery.ONLINE:
        return []
    answers = {fact.code: fact for fact in venue.facts if fact.answer != FactAnswer.NOT_CHECKED}
    kinds = get_locality(current_app.extensions["config"].locality).facts
    known = [kind for group in GROUPS for kind in kinds if kind.group == group and kind.code in answers]
    lines = [f"{_(kind.sentence(answers[kind.code].answer))} {answers[kind.code].note}".strip() for kind in known]
    return [" ".join(venue.directions.split()), *lines] if venue.directions.strip() else lines
