"""The trend, that the database adds up, says what counting row by row says: of random rows, and after every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Booking, BookingChange, Event, Family, Feedback, NeedRequest, Place, Venue
from booking.queries.facts.read import get_facts
from booking.queries.figure_trend import Quarter, quarters_until, trend
from booking.rules.calendar_periods import Period, parse_period
from booking.rules.engagement.catalogue import METRICS
from booking.rules.engagement.counting import count
from booking.rules.engagement.facts import Facts
from booking.rules.engagement.metric import Cell
from booking.rules.engagement.narrowing import Narrowing, narrowed
from booking.rules.intervals import Share
from booking.rules.words import (
    BookingStatus,
    Delivery,
    EventKind,
    EventStatus,
    FeedbackMethod,
    FeedbackOrigin,
    NeedState,
    Origin,
    Outcome,
    PersonKind,
)
from tests.figures.quarter import a_family, a_place_in, a_session, went

KENT = get_locality("kent")
LAST = parse_period("2026-27-Q1")
PERIODS = quarters_until(LAST)
FIRST_DAY = date(2022, 2, 1)
"""More than two years before the trend begins, so that families come again who are new again."""
NARROWED = (
    Narrowing(),
    Narrowing(district="ashford"),
    Narrowing(kind=EventKind.FORUM.value),
    Narrowing(kind=EventKind.COFFEE.value, delivery=Delivery.IN_PERSON.value),
)
OUTCOMES = list(Outcome)
ANSWERS = (None, 0, 1, 2, 3, 4, 5)


def row_by_row(facts: Mapping[Period, Facts], only: Narrowing) -> list[Quarter]:
    """Count as the return does: every fact read, each quarter by the rules of the catalogue."""
    return [
        _of_rules(period, count(period, narrowed(read, only), only=METRICS).numbers) for period, read in facts.items()
    ]


def _of_rules(period: Period, numbers: dict[Cell, int]) -> Quarter:
    def share(part: str, whole: str) -> Share:
        return Share(numbers[Cell(part)], numbers[Cell(whole)])

    return Quarter(
        period=period,
        held=numbers[Cell("held")],
        attendances=numbers[Cell("attended")],
        families=numbers[Cell("families")],
        new_families=numbers[Cell("families_new")],
        came=share("attended_booked", "due"),
        unmet=share("waiting_unmet", "waiting"),
        promises=share("met", "judged"),
        confident=share("confident_agreed", "confident_answered"),
    )


def both_say_the_same() -> list[Quarter]:
    facts = {period: get_facts(period, locality=KENT, on=LAST.end) for period in PERIODS}
    for only in NARROWED:
        assert trend(PERIODS, locality=KENT, only=only) == row_by_row(facts, only), only
    return trend(PERIODS, locality=KENT)


def write_at_random(rng: Random) -> None:
    """Write four years of sessions in every state, with everything that a trend counts and much that it leaves out."""
    venues = [a_place_in(district) for district in ("ashford", "ashford", "dover", "swale")]
    families = [a_family(adults=rng.randint(1, 2)) for _ in range(14)]
    for family in families[:3]:
        family.adults[-1].kind = PersonKind.YOUNG_PERSON
    for _each in range(70):
        day = FIRST_DAY + timedelta(days=rng.randrange(1640))
        online = rng.random() < 0.2
        starts_at = clock.london_time(day, rng.choice((0, 10, 19, 23)))
        event = a_session(
            starts_at,
            closed=rng.random() < 0.8,
            venue=None if online else rng.choice(venues),
            kind=rng.choice((EventKind.FORUM, EventKind.COFFEE)),
            delivery=Delivery.ONLINE if online else Delivery.IN_PERSON,
            status=rng.choices((EventStatus.PUBLISHED, EventStatus.CANCELLED, EventStatus.DRAFT), (12, 1, 1))[0],
            new_date_pending=rng.random() < 0.05,
            first_published_at=None if rng.random() < 0.05 else starts_at - timedelta(days=30),
        )
        for family in rng.sample([*families, None], rng.randint(0, 6)):
            _book(rng, event, family)
        for _answer in range(rng.randint(0, 4)):
            _answer_of(rng, event)


def _book(rng: Random, event: Event, family: Family | None) -> None:
    waited = family is not None and rng.random() < 0.3
    statuses, often = (BookingStatus.CONFIRMED, BookingStatus.WAITING, BookingStatus.CANCELLED), (8, 1, 1)
    booking = went(
        event,
        family,
        *(rng.choice(OUTCOMES) for _ in (family.adults if family else [None])),
        origin=Origin.WALK_IN if family is None else rng.choice((Origin.WEB, Origin.PHONE, Origin.WALK_IN)),
        status=rng.choices(statuses, often)[0],
        queued_at=event.starts_at - timedelta(days=rng.randint(1, 60)) if waited else None,
        kinds=[rng.choice((PersonKind.PARENT_CARER, PersonKind.SUPPORTER)) for _ in range(2)]
        if rng.random() < 0.2
        else None,
    )
    for _need in range(rng.choice((0, 0, 1, 2))):
        said = rng.choice((None, None, NeedState.MET, NeedState.NOT_MET))
        state = rng.choice(list(NeedState))
        booking.needs.append(NeedRequest(code="step_free", state=state, family_outcome=said, lead_ok=True))


def _answer_of(rng: Random, event: Event) -> None:
    db.session.add(
        Feedback(
            event=event,
            origin=FeedbackOrigin.LINK,
            method=FeedbackMethod.NONE,
            answered_at=None if rng.random() < 0.1 else event.ends_at,
            confident=rng.choice(ANSWERS),
        )
    )


@pytest.fixture
def world(in_app: Flask) -> None:
    with transaction():
        write_at_random(Random(7))


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("seed", range(4))
def test_of_random_rows(seed: int) -> None:
    with transaction():
        write_at_random(Random(seed))
    quarters = both_say_the_same()
    assert any(each.new_families < each.families for each in quarters), "somebody came again"
    assert any(each.unmet.whole for each in quarters)
    assert any(each.promises.part for each in quarters)
    assert any(each.confident.part for each in quarters)


@pytest.mark.usefixtures("in_app")
def test_of_nothing() -> None:
    assert all(each.attendances == 0 for each in both_say_the_same())


def counted_places(outcome: Outcome) -> list[Place]:
    """Find the places of an outcome whose sessions count, the newest first."""
    return list(
        db.session.scalars(
            select(Place)
            .join(Booking)
            .join(Event)
            .where(
                Place.outcome == outcome,
                Place.kind == PersonKind.PARENT_CARER,
                Booking.status == BookingStatus.CONFIRMED,
                Booking.origin != Origin.WALK_IN,
                Booking.family_id.is_not(None),
                Event.status == EventStatus.PUBLISHED,
                Event.first_published_at.is_not(None),
                Event.new_date_pending.is_(False),
                Event.register_closed_at.is_not(None),
                Event.starts_at < clock.now(),
                Event.starts_at >= clock.start_of_day(PERIODS[0].start),
            )
            .order_by(Event.starts_at.desc(), Place.id)
        )
    )


def tap() -> None:
    counted_places(Outcome.NOT_RECORDED)[0].outcome = Outcome.ATTENDED


def correct() -> None:
    counted_places(Outcome.ATTENDED)[0].outcome = Outcome.DID_NOT_COME


def swap_two_outcomes() -> None:
    """Change two places so that every sum over all of them stays what it was."""
    came = counted_places(Outcome.ATTENDED)[0]
    stayed = next(
        each for each in counted_places(Outcome.DID_NOT_COME)[::-1] if each.booking.event_id != came.booking.event_id
    )
    came.outcome, stayed.outcome = stayed.outcome, came.outcome


def erase() -> None:
    """Take the oldest place and its booking's family away, as erasing does with what has to go."""
    place = counted_places(Outcome.ATTENDED)[0]
    place.booking.family_id = place.adult_id = None
    db.session.flush()
    db.session.delete(counted_places(Outcome.ATTENDED)[0])


def merge_two_families() -> None:
    kept, gone = (
        place.booking.family_id
        for place in list({place.booking.family_id: place for place in counted_places(Outcome.ATTENDED)}.values())[:2]
    )
    db.session.execute(update(Booking).where(Booking.family_id == gone).values(family_id=kept))


def book_newly() -> None:
    venue = db.session.scalars(select(Venue).where(Venue.district == "ashford")).first()
    went(a_session(clock.london_time(date(2026, 5, 5), 10), venue=venue), a_family(), Outcome.ATTENDED)


def reopen_a_register() -> None:
    event = counted_places(Outcome.ATTENDED)[0].booking.event
    event.register_closed_at = None
    event.starts_at = clock.london_time(date(2026, 4, 14), 10)
    event.ends_at = event.starts_at + timedelta(hours=1)


def import_an_old_session() -> None:
    """Bring in a session of the past, at which families came that are then not new any more."""
    families = list(db.session.scalars(select(Family).order_by(Family.id)))
    event = a_session(clock.london_time(date(2024, 3, 30), 10), venue=a_place_in("dover"))
    for family in families:
        went(event, family, Outcome.ATTENDED)


def move_a_place_to_another_district() -> None:
    db.session.execute(update(Venue).where(Venue.district == "ashford").values(district="thanet"))


def change_a_familys_district() -> None:
    db.session.execute(update(Booking).values(district="dover", profile={"age_phase": ["under_5"]}))


def edit_answers() -> None:
    db.session.execute(update(Feedback).where(Feedback.confident == 4).values(confident=2))


def answer_that_it_was_not_there() -> None:
    db.session.execute(update(NeedRequest).where(NeedRequest.state == NeedState.MET).values(family_outcome="not_met"))


def leave_the_waiting_list() -> None:
    db.session.execute(update(Booking).where(Booking.queued_at.is_not(None)).values(queued_at=None))


def cancel_a_session() -> None:
    counted_places(Outcome.ATTENDED)[0].booking.event.status = EventStatus.CANCELLED


def take_feedback_away() -> None:
    db.session.execute(delete(Feedback))
    db.session.execute(delete(BookingChange))


CHANGES: tuple[tuple[Callable[[], None], bool], ...] = (
    (tap, True),
    (correct, True),
    (swap_two_outcomes, True),
    (erase, True),
    (merge_two_families, True),
    (book_newly, True),
    (reopen_a_register, True),
    (import_an_old_session, True),
    (move_a_place_to_another_district, False),
    (change_a_familys_district, False),
    (edit_answers, True),
    (answer_that_it_was_not_there, True),
    (leave_the_waiting_list, True),
    (cancel_a_session, True),
    (take_feedback_away, True),
)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("change", "shows_in_all"), CHANGES, ids=[change.__name__ for change, _shows in CHANGES])
def test_after_a_change(change: Callable[[], None], shows_in_all: bool) -> None:
    before = both_say_the_same()
    with transaction():
        change()
    after = both_say_the_same()
    assert (after != before) is shows_in_all
