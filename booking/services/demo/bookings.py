"""Draw the bookings of one session of the demonstration, with every promise the system makes kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from booking.clock import in_london
from booking.locality.kinds import Locality
from booking.models import Adult, Booking, Event, Place, Slot
from booking.rules.access_needs import needs_for
from booking.rules.places import fits, places_left, places_needed
from booking.rules.references import ALPHABET, LENGTH
from booking.rules.words import BookingMode, BookingStatus, ChangeKind, ContactBy, EventStatus, Origin, PersonKind
from booking.services.demo import turnout
from booking.services.demo.chance import pick
from booking.services.demo.people import Household
from booking.services.demo.plan import PlannedSession
from booking.services.demo.story import Story
from booking.services.demo.wishes import Wish, make_request, make_wish

LEFT_FREE = 3
WAITING_FOR_THE_ROADSHOW = 23
ASKS_SOMETHING = 0.08
QUESTIONS = (
    "How long does it take to get an answer after the review?",
    "Who do I ring when the taxi does not come?",
    "Can a school say no to a child with a plan?",
    "What can I do while we wait for the assessment?",
    "Will there be more short breaks for teenagers?",
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of what happened to a booking."""

    at: datetime
    kind: ChangeKind
    actor: str = "family"
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """A booking with what is written beside it once it has its id."""

    row: Booking
    household: Household | None
    changes: list[Change] = field(default_factory=list)

    @property
    def needed(self) -> int:
        """Count the places it takes when it has them."""
        return places_needed((place.kind for place in self.row.places), self.row.event.booking_mode)


@dataclass(frozen=True, kw_only=True)
class World:
    """What all sessions are drawn from."""

    rng: Random
    now: datetime
    domain: str
    locality: Locality
    households: Sequence[Household]
    references: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Party:
    """A family that wants to come: who of it, and since when."""

    household: Household
    adults: tuple[Adult, ...]
    at: datetime


def draw_bookings(world: World, planned: PlannedSession, event: Event) -> list[Drawn]:
    """Draw who booked a session, in order of time; who does not fit joins the waiting list."""
    if event.status == EventStatus.DRAFT or event.booking_mode == BookingMode.OPEN:
        return []
    drawn: list[Drawn] = []
    for party in sorted(_parties(world, planned), key=lambda party: party.at):
        booking = book_party(world, planned, event, party, queue_moves=any(_waits(each) for each in drawn))
        if booking is not None:
            drawn.append(booking)
    return drawn


def draw_walk_ins(world: World, planned: PlannedSession, event: Event, *, booked: Sequence[Drawn]) -> Iterator[Drawn]:
    """Draw who came without booking; one in four says nothing of themselves."""
    rng = world.rng
    is_over = event.ends_at < world.now and event.status == EventStatus.PUBLISHED
    number = turnout.how_many_walk_ins(rng, planned, is_over=is_over)
    taken = {id(each.household) for each in booked}
    free = [each for each in world.households if id(each) not in taken]
    families = turnout.draw_families(rng, free, planned, number=number, locality=world.locality)
    for household in families:
        at = event.starts_at + timedelta(minutes=rng.randrange(2, 30))
        known = household if rng.random() < 0.75 else None
        adults: Sequence[Adult | None] = known.row.adults[:1] if known else [None]
        row = _row(world, event, known, origin=Origin.WALK_IN, at=at)
        row.status = BookingStatus.CONFIRMED
        row.confirmed_at = at
        row.contact_by = ContactBy.RING_ME
        row.places = [Place(adult=adult, kind=_kind(adult)) for adult in adults]
        yield Drawn(row=row, household=known)


def add_need(world: World, drawn: Drawn, wish: Wish) -> None:
    """Add one thing a family asks for with this booking."""
    asked_on, session_on = (in_london(at).date() for at in (drawn.row.created_at, drawn.row.event.starts_at))
    today = in_london(world.now).date()
    request = make_request(
        world.rng, wish, asked_on=asked_on, session_on=session_on, today=today, locality=world.locality
    )
    request.created_at = drawn.row.created_at
    drawn.row.needs.append(request)


def _parties(world: World, planned: PlannedSession) -> Iterator[Party]:
    if planned.story == Story.FULL_ROADSHOW:
        yield from _roadshow(world, planned)
        return
    rng = world.rng
    today = in_london(world.now).date()
    number = turnout.how_many(rng, planned, today=today)
    for household in turnout.draw_families(rng, world.households, planned, number=number, locality=world.locality):
        adults = household.row.adults if rng.random() < 0.4 else household.row.adults[:1]
        at = turnout.booked_at(rng, household, planned, now=world.now)
        yield Party(household=household, adults=tuple(adults), at=at)


def _roadshow(world: World, planned: PlannedSession) -> Iterator[Party]:
    """Give so many families that the last place is taken, and then those who wait."""
    assert planned.template.capacity is not None
    families = [each for each in world.households if not each.is_young_person]
    world.rng.shuffle(families)
    waiting = [each for each in families if len(each.row.adults) == 1][:WAITING_FOR_THE_ROADSHOW]
    coming = [each for each in families if each not in waiting]
    pairs = planned.template.capacity - len(coming)
    first = world.now - timedelta(days=21)
    for number, household in enumerate([*coming, *waiting]):
        adults = household.row.adults
        if len(adults) > 1:
            pairs -= 1
        yield Party(
            household=household,
            adults=tuple(adults if pairs >= 0 else adults[:1]),
            at=first + timedelta(hours=4 * number, minutes=world.rng.randrange(200)),
        )


def book_party(world: World, planned: PlannedSession, event: Event, party: Party, *, queue_moves: bool) -> Drawn | None:
    """Book one family; None if it does not fit and the session is one that keeps no waiting list here."""
    rng = world.rng
    household = party.household
    slot = _free_slot(rng, event) if event.booking_mode == BookingMode.SLOTS else None
    if event.booking_mode == BookingMode.SLOTS and slot is None:
        return None
    row = _row(world, event, household, origin=pick(rng, turnout.ORIGINS), at=party.at)
    row.places = _places(household, party.adults)
    drawn = Drawn(row=row, household=household)
    left = places_left(event.capacity, event.places_taken)
    spare = LEFT_FREE if planned.story == Story.LAST_PLACES else 0
    has_room = not queue_moves and fits(drawn.needed, None if left is None else left - spare)
    if not has_room and event.starts_at > world.now and planned.story != Story.FULL_ROADSHOW:
        return None
    if slot is not None:
        row.slot = slot
    if has_room:
        _confirm(drawn, event, slot)
    else:
        row.status, row.queued_at = BookingStatus.WAITING, party.at
        drawn.changes.append(Change(at=party.at, kind=ChangeKind.JOINED_LIST, facts={"places": len(row.places)}))
    for wish in _wishes(world, planned, drawn):
        add_need(world, drawn, wish)
    return drawn


def _confirm(drawn: Drawn, event: Event, slot: Slot | None) -> None:
    row = drawn.row
    row.status, row.confirmed_at, row.ical_address = BookingStatus.CONFIRMED, row.created_at, row.email
    event.places_taken += drawn.needed
    if slot is not None:
        slot.places_taken += 1
    drawn.changes.append(Change(at=row.created_at, kind=ChangeKind.BOOKED, facts={"places": len(row.places)}))


def _row(world: World, event: Event, household: Household | None, *, origin: Origin, at: datetime) -> Booking:
    rng = world.rng
    row = Booking(
        event=event,
        reference=_reference(world),
        origin=origin,
        ical_uid=f"{uuid.UUID(int=rng.getrandbits(128), version=4)}@{world.domain}",
        ical_sequence=0,
        created_at=at,
    )
    if household is not None:
        row.family = household.row
        row.children = rng.choices((0, 1, 2), weights=(78, 17, 5))[0]
        row.outcode, row.district, row.profile = household.outcode, household.district, household.profile
    if household is not None and origin != Origin.WALK_IN:
        row.contact_by, row.email, row.phone = household.contact_by, household.email, household.phone
        row.question = rng.choice(QUESTIONS) if rng.random() < ASKS_SOMETHING else None
    return row


def _places(household: Household, adults: Sequence[Adult]) -> list[Place]:
    places = [Place(adult=adult, kind=_kind(adult)) for adult in adults]
    if any(wish.code == "supporter" for wish in household.wishes):
        places.append(Place(kind=PersonKind.SUPPORTER))
    return places


def _kind(adult: Adult | None) -> PersonKind:
    return adult.kind if adult is not None else PersonKind.PARENT_CARER


def _wishes(world: World, planned: PlannedSession, drawn: Drawn) -> list[Wish]:
    assert drawn.household is not None
    possible = {need.code for need in needs_for(world.locality.needs, drawn.row.event.delivery)}
    wishes = [wish for wish in drawn.household.wishes if wish.code in possible]
    if planned.story == Story.BROKEN_LOOP and world.rng.random() < 0.4 and all(w.code != "loop" for w in wishes):
        wishes.append(make_wish(world.rng, "loop"))
    return wishes


def _free_slot(rng: Random, event: Event) -> Slot | None:
    free = [slot for slot in event.slots if slot.places_taken < slot.capacity]
    return rng.choice(free) if free else None


def _waits(drawn: Drawn) -> bool:
    return drawn.row.status == BookingStatus.WAITING


def _reference(world: World) -> str:
    while True:
        reference = "".join(world.rng.choices(ALPHABET, k=LENGTH))
        if reference not in world.references:
            world.references.add(reference)
            return reference
