"""Make two records of one family one, and take them apart again; every step is in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db
from booking.models import Adult, Booking, Consent, Family, FamilyJoin, Place, RememberedNeed
from booking.rules.family_joins import KnownAdult, same_adults
from booking.services.locks import lock_families
from booking.services.record_audit import actor_id, record_audit

SCREEN = "staff.join_families"
OF_A_FAMILY: tuple[Any, ...] = (Booking, Adult, Consent, RememberedNeed)
"""What goes over; the emptied record keeps its hashes, by which the family is found as well."""


def join_families(one_id: int, other_id: int) -> FamilyJoin:
    """Give the older record all that the other one has. Figures count one family from now on; frozen ones stay.

    Nobody is told, and no link and no page shows anything new: pages follow the chain of bookings, not the family.
    Raise Refusal when they are one record already, NoResultFound for no such record.
    """
    if one_id == other_id:
        raise Refusal("These two bookings belong to one record already.", field="reference")
    kept, emptied = lock_families(one_id, other_id)
    if emptied.joined_id is not None or kept.joined_id is not None:
        raise Conflict("Somebody joined one of these records meanwhile. Look again.")
    twins = same_adults(_adults_of(kept.id), _adults_of(emptied.id))
    moved: dict[str, Any] = {"place": _give_places(twins)}
    for model in OF_A_FAMILY:
        rows = [number for number in _rows_of(model, emptied.id) if model is not Adult or number not in twins]
        moved[model.__tablename__] = rows
        _give(model, rows, kept.id)
    moved["family"] = list(db.session.scalars(select(Family.id).where(Family.joined_id == emptied.id)))
    db.session.execute(update(Family).where(Family.id.in_([*moved["family"], emptied.id])).values(joined_id=kept.id))
    db.session.execute(update(Family).where(Family.id.in_([kept.id, emptied.id])).values(merge_question=False))
    join = FamilyJoin(kept_id=kept.id, emptied_id=emptied.id, moved=moved, staff_id=actor_id())
    db.session.add(join)
    db.session.flush()
    _record("families joined", join)
    db.session.expire_all()
    return join


def part_families(join_id: int) -> FamilyJoin:
    """Give back what went over, as far as it is still there; bookings made since stay with the kept record.

    Raise NoResultFound for no such join, Conflict when it is undone, or when a later one has to be undone first.
    """
    join = db.session.get_one(FamilyJoin, join_id)
    lock_families(join.kept_id, join.emptied_id)
    db.session.refresh(join)
    if join.undone_at is not None:
        raise Conflict("These records were taken apart already.")
    if _is_joined_again(join):
        raise Conflict("This record was joined with another one later. Take that apart first.")
    for model in OF_A_FAMILY:
        still = set(_rows_of(model, join.kept_id))
        _give(model, [number for number in join.moved[model.__tablename__] if number in still], join.emptied_id)
    for place_id, adult_id in join.moved["place"].items():
        db.session.execute(update(Place).where(Place.id == int(place_id)).values(adult_id=adult_id))
    db.session.execute(update(Family).where(Family.id.in_(join.moved["family"])).values(joined_id=join.emptied_id))
    db.session.execute(update(Family).where(Family.id == join.emptied_id).values(joined_id=None))
    join.undone_at = clock.now()
    db.session.flush()
    _record("families taken apart", join)
    db.session.expire_all()
    return join


def answer_no(family_id: int) -> None:
    """Write down that staff looked, and that the records are of two families."""
    family = db.session.get_one(Family, family_id, with_for_update=True)
    family.merge_question = False
    record_audit("two families", screen=SCREEN, subject_type="family", subject_id=family_id)


def _adults_of(family_id: int) -> list[KnownAdult]:
    adults = db.session.scalars(select(Adult).where(Adult.family_id == family_id).order_by(Adult.id)).all()
    places = select(Place.adult_id, Booking.event_id).join(Booking, Booking.id == Place.booking_id)
    sessions: dict[int, set[int]] = {adult.id: set() for adult in adults}
    for adult_id, event_id in db.session.execute(places.where(Place.adult_id.in_(sessions))):
        sessions[adult_id or 0].add(event_id)
    return [
        KnownAdult(id=adult.id, name=adult.name or "", kind=adult.kind, sessions=frozenset(sessions[adult.id]))
        for adult in adults
    ]


def _give_places(twins: dict[int, int]) -> dict[str, int]:
    """Give the places of who is known twice to the kept one; return whose they were, by the place's number."""
    rows = db.session.execute(select(Place.id, Place.adult_id).where(Place.adult_id.in_(twins))).all()
    whose = {place_id: adult_id for place_id, adult_id in rows if adult_id is not None}
    for place_id, adult_id in whose.items():
        db.session.execute(update(Place).where(Place.id == place_id).values(adult_id=twins[adult_id]))
    return {str(place_id): adult_id for place_id, adult_id in whose.items()}


def _rows_of(model: Any, family_id: int) -> list[int]:
    return list(db.session.scalars(select(model.id).where(model.family_id == family_id).order_by(model.id)))


def _give(model: Any, rows: Sequence[int], family_id: int) -> None:
    db.session.execute(update(model).where(model.id.in_(rows)).values(family_id=family_id))


def _is_joined_again(join: FamilyJoin) -> bool:
    later = select(FamilyJoin.id).where(
        FamilyJoin.emptied_id == join.kept_id, FamilyJoin.undone_at.is_(None), FamilyJoin.id > join.id
    )
    return db.session.scalar(later.limit(1)) is not None


def _record(action: str, join: FamilyJoin) -> None:
    facts = {"kept": join.kept_id, "emptied": join.emptied_id, "join": join.id}
    record_audit(action, screen=SCREEN, subject_type="family", subject_id=join.kept_id, facts=facts)
