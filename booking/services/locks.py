"""Locks, always taken in one order: events by id, slots by id, venue, family, booking.

Who deals with several sessions locks all of them first, before the venue of any: a colleague who saves one of them
holds it while waiting for its venue.
What a service has changed is written before a row is read anew: it would be lost otherwise, without a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from booking.errors import NotFound
from booking.extensions import db
from booking.models import Booking, Event, Family, NeedRequest, Slot, Subscription, Venue


def lock_event(event_id: int) -> Event:
    """Lock one session's row and return it as it stands now. Raise NoResultFound."""
    statement = select(Event).where(Event.id == event_id).with_for_update(of=Event)
    return _as_it_stands(statement)


def lock_slot(slot_id: int) -> Slot:
    """Lock one slot; its event is locked already."""
    statement = select(Slot).where(Slot.id == slot_id).with_for_update(of=Slot)
    return _as_it_stands(statement)


def lock_venue(venue_id: int) -> Venue | None:
    """Lock a venue against other sessions, after the event, and return it as it stands now, if it is there.

    The lock leaves alone who only points at the venue (`FOR NO KEY UPDATE`): a session that is being written does.
    """
    statement = select(Venue).where(Venue.id == venue_id).with_for_update(of=Venue, key_share=True)
    db.session.flush()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def lock_booking(booking_id: int) -> Booking:
    """Lock one booking, after its event, and return it as it stands now."""
    event_id = db.session.scalars(select(Booking.event_id).where(Booking.id == booking_id)).one()
    lock_event(event_id)
    statement = select(Booking).where(Booking.id == booking_id).with_for_update(of=Booking)
    return _as_it_stands(statement)


def lock_need(need_id: int) -> NeedRequest:
    """Lock one request with its session and its booking, and return it as it stands now. Raise NotFound."""
    booking_id = db.session.scalar(select(NeedRequest.booking_id).where(NeedRequest.id == need_id))
    if booking_id is None:
        raise NotFound("This request is not there any more.")
    lock_booking(booking_id)
    need: NeedRequest = _as_it_stands(select(NeedRequest).where(NeedRequest.id == need_id))
    return need


def lock_families(one_id: int, other_id: int) -> tuple[Family, Family]:
    """Lock two records of families, the older one first, and return them as they stand now. Raise NoResultFound."""
    older, newer = (
        _as_it_stands(select(Family).where(Family.id == number).with_for_update(of=Family))
        for number in sorted((one_id, other_id))
    )
    return older, newer


def lock_all_families(ids: Iterable[int | None]) -> None:
    """Lock records of families, the oldest first; their sessions are locked already."""
    wanted = {number for number in ids if number is not None}
    db.session.flush()
    db.session.execute(select(Family.id).where(Family.id.in_(wanted)).order_by(Family.id).with_for_update()).all()


def lock_subscription(subscription_id: int) -> Subscription:
    """Lock one wish for news, after the others of its address with a lower id. Raise NoResultFound."""
    statement = select(Subscription).where(Subscription.id == subscription_id).with_for_update()
    return _as_it_stands(statement)


def _as_it_stands(statement: Select[Any]) -> Any:
    db.session.flush()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()
