"""Read what is known of many places for what a family needs: one query, however long the list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from booking.extensions import db
from booking.models import VenueFact
from booking.rules.access_needs import KnownFact


def read_known_facts(venue_ids: Iterable[int], codes: Collection[str]) -> Mapping[int, Mapping[str, KnownFact]]:
    """Give what is known of these facts by place; what is missing has not been checked."""
    ids = sorted(set(venue_ids))
    if not ids or not codes:
        return {}
    statement = select(VenueFact.venue_id, VenueFact.code, VenueFact.answer, VenueFact.checked_on).where(
        VenueFact.venue_id.in_(ids), VenueFact.code.in_(codes)
    )
    known: dict[int, dict[str, KnownFact]] = {}
    for venue_id, code, answer, checked_on in db.session.execute(statement):
        known.setdefault(venue_id, {})[code] = KnownFact(answer, checked_on)
    return known
