"""The demonstration keeps every promise of the system and tells its stories."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db, transaction
from booking.models import (
    Adult,
    Booking,
    Consent,
    Event,
    Family,
    Feedback,
    MayCome,
    Message,
    NeedRequest,
    Place,
    Series,
    Venue,
    VenueFact,
)
from booking.queries.installation import our_locality, own_domain
from booking.queries.targets import targets_at
from booking.queries.wishes import count_wishes, wishes_by_district, wishes_in_words
from booking.rules.calendar_periods import period_of
from booking.rules.contact import normal_phone
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ConsentSubject,
    EventCancelReason,
    EventStatus,
    FactAnswer,
    FamilyCancelReason,
    FeedbackMethod,
    FeedbackOrigin,
    MessageStatus,
    NeedState,
    Origin,
    Outcome,
)
from booking.services.check_counters import find_problems
from booking.services.make_demo import make_demo

DRAMA = re.compile(r"44(1632960|7700900)\d{3}")


def _event(**values: object) -> Event:
    return db.session.scalars(select(Event).filter_by(**values)).one()


def _fact(venue: str, code: str) -> VenueFact:
    return db.session.scalars(select(VenueFact).join(Venue).where(Venue.code == venue, VenueFact.code == code)).one()


def _upcoming(**values: object) -> list[Event]:
    return list(
        db.session.scalars(
            select(Event).filter_by(**values).where(Event.starts_at > clock.now()).order_by(Event.starts_at)
        )
    )


class TestPromises:
    def test_flask_check_finds_nothing(self, in_demo: Flask) -> None:
        assert list(find_problems()) == []

    def test_a_second_run_changes_nothing(self, in_demo: Flask) -> None:
        before = db.session.scalar(select(func.count(Booking.id)))
        with transaction():
            assert make_demo(locality=our_locality(), domain=own_domain()) is None
        assert db.session.scalar(select(func.count(Booking.id))) == before

    def test_families_said_how_it_was_and_old_answers_lead_to_nobody(self, in_demo: Flask) -> None:
        rows = db.session.scalars(select(Feedback)).all()
        assert {row.origin for row in rows} == set(FeedbackOrigin)
        assert {row.method for row in rows} == set(FeedbackMethod)
        assert any(row.change for row in rows)
        assert any(row.booking_id for row in rows)
        too_old = clock.now() - timedelta(days=60)
        assert not [row for row in rows if row.booking_id and row.event.starts_at < too_old]

    def test_no_mail_waits_to_be_sent(self, in_demo: Flask) -> None:
        assert set(db.session.scalars(select(Message.status))) == {MessageStatus.SENT}

    def test_everything_says_that_it_is_a_demonstration(self, in_demo: Flask) -> None:
        assert set(db.session.scalars(select(Venue.is_demo))) == {True}
        assert set(db.session.scalars(select(Family.is_demo))) == {True}

    def test_mail_goes_to_example_org_and_calls_to_drama_numbers(self, in_demo: Flask) -> None:
        rows = db.session.execute(select(Booking.email, Booking.phone)).all()
        mails = {row.email for row in rows if row.email}
        phones = {normal_phone(row.phone) or "" for row in rows if row.phone}
        assert len(mails) > 50
        assert all(mail.endswith("@example.org") for mail in mails)
        assert len(phones) > 30
        assert all(DRAMA.fullmatch(phone) for phone in phones)

    def test_needs_and_answers_are_kept_with_consent_only(self, in_demo: Flask) -> None:
        agreed = {
            subject: set(db.session.scalars(select(Consent.booking_id).where(Consent.subject == subject)))
            for subject in ConsentSubject
        }
        booked = Booking.origin != Origin.WALK_IN
        with_profile = set(db.session.scalars(select(Booking.id).where(booked, Booking.profile.is_not(None))))
        assert set(db.session.scalars(select(NeedRequest.booking_id))) == agreed[ConsentSubject.NEEDS]
        assert with_profile == agreed[ConsentSubject.PROFILE]

    def test_what_is_arranged_by_somebody_says_by_whom_and_for_how_much(self, in_demo: Flask) -> None:
        rows = [
            need for need in db.session.scalars(select(NeedRequest)) if need.code in ("bsl", "creche", "spoken_lang")
        ]
        done = [need for need in rows if need.state in (NeedState.ARRANGED, NeedState.MET, NeedState.NOT_MET)]
        assert done
        assert all(need.supplier and need.code in need.supplier.codes and need.cost_p for need in done)
        assert not any(need.supplier for need in rows if need.state == NeedState.REQUESTED)

    def test_nobody_books_before_publication_or_comes_before_booking(self, in_demo: Flask) -> None:
        too_early = select(func.count(Booking.id)).join(Event).where(Booking.created_at < Event.first_published_at)
        in_future = select(func.count(Booking.id)).where(Booking.created_at > clock.now())
        assert (db.session.scalar(too_early), db.session.scalar(in_future)) == (0, 0)

    def test_nobody_has_an_outcome_without_a_place_or_before_the_day(self, in_demo: Flask) -> None:
        recorded = select(func.count(Place.id)).join(Booking).join(Event).where(Place.outcome != Outcome.NOT_RECORDED)
        no_place = recorded.where(Booking.status != BookingStatus.CONFIRMED)
        assert db.session.scalar(no_place) == 0
        assert db.session.scalar(recorded.where(Event.starts_at > clock.now())) == 0


class TestPlaces:
    def test_there_are_24_places_and_the_online_room_each_in_its_district(self, in_demo: Flask) -> None:
        venues = db.session.scalars(select(Venue)).all()
        assert len(venues) == 25
        per_district = Counter(venue.district for venue in venues if venue.easting)
        assert set(per_district.values()) == {2, 3} or sum(per_district.values()) == 24
        assert set(per_district) == {district.code for district in our_locality().inside_districts}

    def test_facts_are_kinds_of_the_area_and_say_who_looked_when(self, in_demo: Flask) -> None:
        codes = {kind.code for kind in our_locality().facts}
        facts = db.session.scalars(select(VenueFact)).all()
        assert {fact.code for fact in facts} <= codes
        for fact in facts:
            assert (fact.answer == FactAnswer.NOT_CHECKED) == (fact.checked_on is None) == (not fact.checked_by)

    def test_each_place_has_its_character(self, in_demo: Flask) -> None:
        assert _fact("SWA3", "step_free_route").answer == FactAnswer.NO
        assert _fact("CAN2", "hearing_loop").answer == FactAnswer.NOT_CHECKED
        assert _fact("DAR1", "changing_places").answer == FactAnswer.YES
        assert "1 in 10" in _fact("DOV1", "gradient").note
        checked_on = _fact("TON2", "step_free_route").checked_on
        assert checked_on is not None
        assert clock.today() - checked_on > timedelta(days=400)


class TestStories:
    def test_ashford_has_a_forum_with_free_places_soon_and_more(self, in_demo: Flask) -> None:
        ashford = [event for event in _upcoming() if event.venue and event.venue.town == "Ashford"]
        forum = next(event for event in ashford if event.title.startswith("Parent and carer forum"))
        assert forum.starts_at - clock.now() < timedelta(days=16)
        assert forum.capacity is not None
        assert forum.capacity - forum.places_taken >= 10
        assert len(ashford) >= 3

    def test_a_roadshow_is_full_and_23_families_wait(self, in_demo: Flask) -> None:
        (roadshow,) = _upcoming(capacity=120)
        waiting = select(func.count(Booking.id)).filter_by(event_id=roadshow.id, status=BookingStatus.WAITING)
        assert (roadshow.places_taken, db.session.scalar(waiting)) == (120, 23)

    def test_snow_cancelled_one_session_and_everybody_booked(self, in_demo: Flask) -> None:
        event = _event(cancel_reason=EventCancelReason.WEATHER)
        assert clock.in_london(event.starts_at).month == 1
        bookings = db.session.scalars(select(Booking).where(Booking.event_id == event.id)).all()
        assert len(bookings) > 10
        assert {booking.cancelled_by for booking in bookings} == {CancelledBy.US}

    def test_a_session_moved_and_two_families_could_not_come_there(self, in_demo: Flask) -> None:
        moved = db.session.scalars(select(Booking).filter_by(cancel_reason=FamilyCancelReason.MOVED)).all()
        assert len(moved) == 2
        assert {booking.event.feed_sequence for booking in moved} == {1}

    def test_a_hearing_loop_failed_and_that_is_on_record(self, in_demo: Flask) -> None:
        rows = db.session.scalars(select(NeedRequest).filter_by(state=NeedState.NOT_MET)).all()
        gravesend = [need for need in rows if need.code == "loop" and need.booking.event.venue.code == "GRA1"]
        assert gravesend

    def test_people_are_expected_today_and_tomorrow_and_nobody_is_recorded_yet(self, in_demo: Flask) -> None:
        soon = select(Event).where(
            Event.starts_at >= clock.start_of_day(clock.today()),
            Event.starts_at < clock.end_of_day(clock.today() + timedelta(days=1)),
        )
        events = db.session.scalars(soon).all()
        assert len(events) >= 3
        for event in events:
            assert event.places_taken > 5
            assert event.register_closed_at is None

    def test_one_place_is_told_only_to_who_has_booked_and_one_session_needs_no_booking(self, in_demo: Flask) -> None:
        assert [event for event in _upcoming() if event.venue and event.venue.is_confidential]
        assert _upcoming(booking_mode=BookingMode.OPEN)
        assert [event for event in _upcoming() if event.capacity and event.capacity - event.places_taken == 3]
        assert _event(status=EventStatus.DRAFT).first_published_at is None


class TestHistory:
    def test_each_of_nine_quarters_has_its_sessions(self, in_demo: Flask) -> None:
        quarters = Counter(
            period_of(clock.in_london(at).date()).code
            for at in db.session.scalars(select(Event.starts_at).where(Event.starts_at < clock.now()))
        )
        assert len(quarters) == 10
        assert min(number for code, number in quarters.items() if code != period_of(clock.today()).code) >= 30

    def test_outcomes_and_origins_are_near_what_was_asked_for(self, in_demo: Flask) -> None:
        origins = Counter(db.session.scalars(select(Booking.origin)))
        shares = {origin: 100 * number / origins.total() for origin, number in origins.items()}
        for origin, share in {"web": 68, "phone": 14, "walk_in": 12, "staff": 4, "trusted_person": 2}.items():
            assert shares[Origin(origin)] == pytest.approx(share, abs=3)
        outcomes = Counter(
            db.session.scalars(
                select(Place.outcome)
                .join(Booking)
                .join(Event)
                .where(
                    Booking.status == BookingStatus.CONFIRMED,
                    Booking.origin != Origin.WALK_IN,
                    Event.delivery == "in_person",
                    Event.ends_at < clock.now() - timedelta(days=1),
                )
            )
        )
        assert 100 * outcomes[Outcome.ATTENDED] / outcomes.total() == pytest.approx(83, abs=4)
        assert 100 * outcomes[Outcome.DID_NOT_COME] / outcomes.total() == pytest.approx(13, abs=3)

    def test_120_families_with_160_adults_and_two_districts_hardly_reached(self, in_demo: Flask) -> None:
        assert db.session.scalar(select(func.count(Family.id))) == 120
        assert db.session.scalar(select(func.count(Adult.id))) == 160
        pairs = db.session.execute(select(Booking.district, Booking.family_id).distinct())
        families = Counter(district for district, family in pairs if family is not None)
        assert max(families["dover"], families["sevenoaks"]) < min(
            number for code, number in families.items() if code not in ("dover", "sevenoaks", "medway", "unknown")
        )


class TestWishes:
    @pytest.mark.one_database
    def test_most_come_from_where_few_are_reached_and_some_are_of_this_month(self, in_demo: Flask) -> None:
        of_all = wishes_by_district(since=clock.now() - timedelta(days=365))
        assert {of_all[0].district, of_all[1].district} == {"dover", "sevenoaks"}
        assert 10 <= count_wishes(since=clock.now() - timedelta(days=30)) < sum(each.total for each in of_all)
        assert any(each.text for each in wishes_in_words(since=clock.now() - timedelta(days=30)))


class TestWhatWasAgreed:
    @pytest.mark.one_database
    def test_targets_say_that_they_are_made_up(self, in_demo: Flask) -> None:
        targets = targets_at(clock.today())
        assert {metric for metric, _breakdown, _category in targets} == {"M06", "M15", "M29", "M42"}
        assert all("ILLUSTRATIVE" in target.agreed_by for target in targets.values())


class TestAtRest:
    @pytest.mark.one_database
    def test_a_copy_of_the_file_shows_no_name_no_address_and_no_words_about_needs(self, in_demo: Flask) -> None:
        secrets = {name for name in db.session.scalars(select(Adult.name)) if name}
        secrets |= {mail for mail in db.session.scalars(select(Booking.email)) if mail}
        secrets |= {phone for phone in db.session.scalars(select(Booking.phone)) if phone}
        secrets |= {detail for detail in db.session.scalars(select(NeedRequest.detail)) if detail and len(detail) > 8}
        secrets |= {question for question in db.session.scalars(select(Booking.question)) if question}
        path = Path(str(db.engine.url.database))
        at_rest = b"".join(each.read_bytes() for each in (path, Path(f"{path}-wal")) if each.exists())
        assert len(secrets) > 300
        assert [secret for secret in secrets if secret.encode() in at_rest] == []


class TestTheCourse:
    def test_is_six_tuesdays_ahead_booked_whole_by_some(self, in_demo: Flask) -> None:
        series = db.session.scalars(select(Series)).one()
        assert len(series.events) == 6
        assert {clock.in_london(event.starts_at).weekday() for event in series.events} == {1}
        assert min(event.starts_at for event in series.events) > clock.now()
        groups = Counter(db.session.scalars(select(Booking.group_key).where(Booking.group_key.is_not(None))))
        assert Counter(groups.values())[6] >= 3

    def test_some_may_come_to_what_is_open(self, in_demo: Flask) -> None:
        modes = set(db.session.scalars(select(Event.booking_mode).join(MayCome, MayCome.event_id == Event.id)))
        assert modes == {BookingMode.OPEN}
