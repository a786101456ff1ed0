"""Let somebody in who has no place: by the register's buttons, or from paper."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from booking.cipher import random_token
from booking.errors import Conflict, NotFound, Refusal
from booking.extensions import db
from booking.models import Booking
from booking.queries.register import get_room
from booking.rules.taps import MOST_ADULTS, MOST_CHILDREN, TAP_ID, About, subject_of
from booking.rules.words import BookingStatus, CorrectionReason, Origin
from booking.services.decide_at_door import decide_at_door
from booking.services.locks import lock_booking, lock_event
from booking.services.seat_walk_in import find_seat, seat_walk_in
from booking.services.settle_walk_in import walk_in_of


class FireLimit(Conflict):
    """The building holds no more people; who leads the session may let somebody in, with a reason."""


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """Somebody who came without booking. Without names, district and an earlier booking they stay anonymous.

    `came_from` is a booking of this session that gave them no place. `tap` makes sending the form twice harmless.
    `first_time` is what they said, None when nobody asked. Where times are booked, they take the free one `slot_id`,
    or wait in the queue for a `desk`.
    """

    event_id: int
    adults: int = 1
    names: tuple[str, ...] = ()
    children: int = 0
    outcode: str = ""
    district: str = "unknown"
    first_time: bool | None = None
    came_from: int | None = None
    tap: str = ""
    override: str = ""
    slot_id: int | None = None
    desk: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether so many can be one party."""
        return 1 <= self.adults <= MOST_ADULTS and 0 <= self.children <= MOST_CHILDREN


def add_walk_in(walk_in: WalkIn, *, by: int | None, via: str = "", why: CorrectionReason | None = None) -> Booking:
    """Let somebody in who did not book. Raise FireLimit when the building is full and nobody answers for it.

    Raise TimeGone when somebody else has taken the time that was chosen, AsksWhy once the register is closed.
    """
    if not walk_in.is_good:
        raise Refusal(f"Enter from 1 to {MOST_ADULTS} adults and from 0 to {MOST_CHILDREN} children.", field="adults")
    event = lock_event(walk_in.event_id)
    tap = walk_in.tap if TAP_ID.fullmatch(walk_in.tap) else random_token()
    subject = subject_of(About.CAME, walk_in.came_from) if walk_in.came_from else subject_of(About.WALK_IN, tap)
    if (earlier := _added_before(walk_in, subject)) is not None:
        return earlier
    if not event.walk_ins_allowed and walk_in.came_from is None:
        raise Conflict("This session takes no walk-ins. Ask the organiser, or book a place for another day.")
    if walk_in.came_from is not None:
        _find_source(walk_in)
    _keep_the_fire_limit(walk_in)
    slot = find_seat(event, slot_id=walk_in.slot_id, desk=walk_in.desk)
    decide_at_door(event.id, subject, _value(walk_in), by=by, via=via, tap=tap, names=walk_in.names, why=why)
    booking = walk_in_of(event.id, subject)
    assert booking is not None, "it has just been settled"
    seat_walk_in(booking, event, slot=slot, desk=walk_in.desk)
    return booking


def remove_walk_in(
    booking_id: int, *, event_id: int | None = None, by: int | None = None, why: CorrectionReason | None = None
) -> Booking:
    """Take back a walk-in that was added by mistake; the row stays, cancelled, and counts nowhere."""
    found = db.session.get(Booking, booking_id)
    if found is None or (event_id is not None and found.event_id != event_id):
        raise NotFound("This booking is not on this register.")
    booking = lock_booking(booking_id)
    if booking.origin != Origin.WALK_IN or booking.door_subject is None:
        raise Refusal("Only somebody who came without booking can be removed here.")
    if booking.status != BookingStatus.CANCELLED:
        decide_at_door(booking.event_id, booking.door_subject, {"here": False}, by=by, why=why)
    return booking


def _value(walk_in: WalkIn) -> dict[str, object]:
    if walk_in.came_from is not None:
        return {"here": True, "override": walk_in.override}
    return {
        "here": True,
        "adults": walk_in.adults,
        "children": walk_in.children,
        "outcode": walk_in.outcode,
        "district": walk_in.district,
        "first_time": walk_in.first_time,
        "override": walk_in.override,
    }


def _added_before(walk_in: WalkIn, subject: str) -> Booking | None:
    """Find what the same form has added already, or the family that was let in from the list before."""
    if walk_in.came_from is None:
        return walk_in_of(walk_in.event_id, subject)
    family = select(Booking.family_id).where(Booking.id == walk_in.came_from).scalar_subquery()
    return db.session.scalar(
        select(Booking)
        .where(
            Booking.event_id == walk_in.event_id,
            Booking.family_id == family,
            Booking.origin == Origin.WALK_IN,
            Booking.status == BookingStatus.CONFIRMED,
        )
        .limit(1)
    )


def _find_source(walk_in: WalkIn) -> None:
    booking = db.session.get(Booking, walk_in.came_from)
    if booking is None or booking.event_id != walk_in.event_id:
        raise NotFound("This booking is not on this register.")


def _keep_the_fire_limit(walk_in: WalkIn) -> None:
    room = get_room(walk_in.event_id)
    if walk_in.override or room.has_room_for(walk_in.adults + walk_in.children):
        return
    raise FireLimit(
        f"The room is full. The fire limit is {room.fire_limit} people and {room.inside} are inside. "
        "Nobody else can come in until somebody leaves."
    )
