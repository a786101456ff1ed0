"""Who does what for us in the demonstration, and at what price; rooms, keys and what a hall costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booking.extensions import db
from booking.models import NeedRequest, Room, Supplier, Venue, VenueHire
from booking.rules.double_bookings import room_key
from booking.rules.need_states import OPEN
from booking.rules.words import NeedState


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """A supplier; `price_p` is what one session costs, in pence."""

    name: str
    codes: tuple[str, ...]
    notice_days: int
    rate: str
    price_p: int


SUPPLIERS = (
    MadeUp(name="Hands of Kent (made up)", codes=("bsl",), notice_days=10, rate="£45 an hour", price_p=18000),
    MadeUp(name="Words on Screen (made up)", codes=("stt",), notice_days=15, rate="£70 an hour", price_p=14000),
    MadeUp(name="Many Tongues (made up)", codes=("spoken_lang",), notice_days=7, rate="£32 an hour", price_p=6400),
    MadeUp(name="Little Hops Crèche (made up)", codes=("creche",), notice_days=20, rate="£120 a day", price_p=12000),
)
BOOKED = frozenset(NeedState) - {*OPEN, NeedState.CANNOT_MEET, NeedState.NO_LONGER_NEEDED}
ROOMS = {"MAI1": (("Garden room", 12, 16), ("Upper room", 30, 40))}
HALLS = {"ASH1": "£18 an hour", "MAI1": "£22 an hour, free on Mondays", "DOV1": "Free for charities"}


def make_suppliers(needs: Iterable[NeedRequest], venues: Mapping[str, Venue]) -> None:
    """Fill the supplier book, and say of what is arranged who does it; add rooms, and who has the key."""
    rows = {made.name: _supplier(made) for made in SUPPLIERS}
    db.session.add_all(rows.values())
    prices = {code: made for made in SUPPLIERS for code in made.codes}
    for need in needs:
        if need.code in prices and need.state in BOOKED:
            need.supplier, need.cost_p = rows[prices[need.code].name], prices[need.code].price_p
    for code, rooms in ROOMS.items():
        for name, capacity, fire_limit in rooms:
            key = room_key(name)
            db.session.add(Room(venue=venues[code], name=name, key=key, capacity=capacity, fire_limit=fire_limit))
    for code, cost in HALLS.items():
        db.session.add(_hire(venues[code], cost))


def _supplier(made: MadeUp) -> Supplier:
    return Supplier(
        name=made.name,
        codes=list(made.codes),
        notice_days=made.notice_days,
        rate=made.rate,
        contact="A made-up person, 01632 960000",
    )


def _hire(venue: Venue, cost: str) -> VenueHire:
    return VenueHire(
        venue_id=venue.id,
        keyholder="A made-up caretaker",
        phone="01632 960000",
        way_in="Fetch the key from the caretaker, and bring it back the same day.",
        cost=cost,
        has_alarm=False,
    )
