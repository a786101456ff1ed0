"""What is written beside the demonstration's bookings once they have their ids: links, changes, consents, mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, update

from booking.cipher import token_digest
from booking.clock import in_london
from booking.extensions import db
from booking.formats.tokens import booking_token
from booking.models import Booking, BookingChange, Consent, Message, RememberedNeed
from booking.models.message import address_hash
from booking.rules.consent import WORDING_VERSION
from booking.rules.words import BookingStatus, Channel, ConsentSubject, MessageKind, MessageStatus, Origin
from booking.services.demo.bookings import Drawn
from booking.services.demo.people import Household

REMEMBERS = 0.6
_DELIVERED_AFTER = timedelta(seconds=40)


def write_paperwork(rng: Random, drawn: Sequence[Drawn], *, households: Iterable[Household], now: datetime) -> None:
    """Write all of it, a few statements for everything."""
    roots = _first_bookings(drawn)
    links = [
        {"id": each.row.id, "link_digest": token_digest(booking_token(each.row)), "root_id": _root_of(each, roots)}
        for each in drawn
    ]
    db.session.execute(update(Booking), links)
    db.session.execute(insert(BookingChange), [row for each in drawn for row in _changes(each)])
    remembering = _remembering(rng, households)
    db.session.execute(insert(RememberedNeed), list(_remembered(rng, remembering, roots, now=now)))
    db.session.execute(insert(Consent), list(_consents(drawn, remembering)))
    coming = [each for each in drawn if each.row.event.starts_at > now]
    db.session.execute(insert(Message), [row for each in coming for row in _messages(rng, each)])


def _changes(drawn: Drawn) -> Iterator[dict[str, Any]]:
    for change in sorted(drawn.changes, key=lambda change: change.at):
        yield {
            "booking_id": drawn.row.id,
            "at": change.at,
            "kind": change.kind,
            "actor": change.actor,
            "facts": change.facts,
        }


def _remembering(rng: Random, households: Iterable[Household]) -> list[Household]:
    return [each for each in households if each.wishes and rng.random() < REMEMBERS]


def _first_bookings(drawn: Iterable[Drawn]) -> dict[int, int]:
    """Return each household's first booking: the later ones were begun from its page, and from one another's."""
    roots: dict[int, int] = {}
    for each in drawn:
        if each.household is not None and each.row.origin != Origin.WALK_IN:
            roots[id(each.household)] = min(each.row.id, roots.get(id(each.household), each.row.id))
    return roots


def _root_of(drawn: Drawn, roots: dict[int, int]) -> int | None:
    if drawn.household is None or drawn.row.origin == Origin.WALK_IN:
        return None
    root = roots[id(drawn.household)]
    return None if root == drawn.row.id else root


def _remembered(
    rng: Random, households: Iterable[Household], roots: dict[int, int], *, now: datetime
) -> Iterator[dict[str, Any]]:
    for household in households:
        ask_again_on = in_london(now).date() + timedelta(days=rng.randrange(20, 360))
        for wish in household.wishes:
            yield {
                "family_id": household.row.id,
                "root_id": roots.get(id(household)),
                "code": wish.code,
                "detail": wish.detail,
                "ask_again_on": ask_again_on,
                "created_at": household.row.created_at,
            }


def _consents(drawn: Iterable[Drawn], remembering: Sequence[Household]) -> Iterator[dict[str, Any]]:
    asked = {id(household) for household in remembering}
    for each in drawn:
        row = each.row
        if each.household is None or row.origin == Origin.WALK_IN:
            continue
        if row.profile:
            yield _consent(row, ConsentSubject.PROFILE)
        if row.needs:
            yield _consent(row, ConsentSubject.NEEDS)
        if row.needs and id(each.household) in asked:
            asked.remove(id(each.household))
            yield _consent(row, ConsentSubject.REMEMBER_NEEDS)


def _consent(row: Booking, subject: ConsentSubject) -> dict[str, Any]:
    return {
        "family_id": row.family_id,
        "booking_id": row.id,
        "subject": subject,
        "given": True,
        "wording_version": WORDING_VERSION,
        "channel": row.origin.value,
        "at": row.created_at,
    }


def _messages(rng: Random, drawn: Drawn) -> Iterator[dict[str, Any]]:
    """Say of what is still to come that its first message was sent: nobody is to get it now."""
    row = drawn.row
    kind = MessageKind.WAITING if row.status == BookingStatus.WAITING else MessageKind.CONFIRMED
    if row.email is None:
        return
    sent_at = row.created_at + _DELIVERED_AFTER
    yield {
        "kind": kind,
        "booking_id": row.id,
        "dedupe_key": f"booking:{row.id}:{kind.value}",
        "message_id": f"{rng.getrandbits(128):032x}@{row.ical_uid.partition('@')[2]}",
        "address": row.email,
        "address_hash": address_hash(Channel.EMAIL, row.email),
        "facts": {"sequence": 0} if kind == MessageKind.CONFIRMED else None,
        "status": MessageStatus.SENT,
        "not_before": row.created_at,
        "next_attempt_at": row.created_at,
        "attempts": 1,
        "data_started_at": sent_at,
        "sent_at": sent_at,
        "created_at": row.created_at,
    }
