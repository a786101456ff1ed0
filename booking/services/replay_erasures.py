"""Erase again what was erased after a copy of the database was made that has now been put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking.extensions import db
from booking.models import Family, Inbound, Subscription
from booking.queries.subscriptions import hash_of
from booking.services.forget_family import forget_address, forget_family
from booking.services.list_erasure import NOTHING, Erased, add_missing, listed, mark_of_email, mark_of_family
from booking.services.record_audit import record_audit


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How many families, and how many addresses that only wanted news or wrote to us, were erased again."""

    families: int
    addresses: int


def replay_erasures(erased: Iterable[Erased], *, screen: str) -> Replayed:
    """Erase again what is on this list and on the database's own. A second run finds nothing.

    Whoever came back after their erasure stays: only what is older than it goes.
    """
    add_missing(erased)
    everything = listed()
    families = _families({each.family: each.at for each in everything if each.family != NOTHING})
    for family in families:
        forget_family(family, screen=screen, lists=False)
    addresses = _addresses({each.email: each.at for each in everything if each.email != NOTHING})
    for email_hash, until in addresses:
        forget_address(email_hash, screen=screen, until=until, lists=False)
    done = Replayed(families=len(families), addresses=len(addresses))
    record_audit("erasures replayed", screen=screen, facts={"families": done.families, "addresses": done.addresses})
    return done


def _families(marks: dict[str, datetime]) -> Sequence[int]:
    """Return the families whose key is on the list; a key is random and never used twice."""
    rows = db.session.execute(select(Family.id, Family.key).order_by(Family.id)).all()
    return [row.id for row in rows if mark_of_family(row.key) in marks]


def _addresses(marks: dict[str, datetime]) -> list[tuple[str, datetime]]:
    """Return the addresses on the list of which something older than their erasure is there."""
    wanted = db.session.execute(select(Subscription.email_hash, Subscription.created_at)).all()
    wrote = select(Inbound.sender, Inbound.created_at).where(Inbound.booking_id.is_(None), Inbound.sender.is_not(None))
    found = [(row.email_hash, row.created_at) for row in wanted]
    found += [(hash_of(row.sender or ""), row.created_at) for row in db.session.execute(wrote)]
    known = {email_hash: marks.get(mark_of_email(email_hash)) for email_hash, _at in found}
    due = {(email_hash, until) for email_hash, at in found if (until := known[email_hash]) is not None and at <= until}
    return sorted(due)
