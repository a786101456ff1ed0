"""A second quarter counted by hand, for what the first has not: waiting, places given back, requests, answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from booking.extensions import db, transaction
from booking.models import (
    Booking,
    BookingChange,
    Feedback,
    Issue,
    NeedRequest,
    PupilCount,
    Subscription,
    Venue,
    VenueFact,
)
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Profile
from booking.rules.words import (
    BookingMode,
    BookingStatus,
    CancelledBy,
    ChangeKind,
    Delivery,
    EventKind,
    FactAnswer,
    FamilyCancelReason,
    FeedbackMethod,
    FeedbackOrigin,
    IssueOutcome,
    NeedState,
    SubscriptionStatus,
    Turn,
)
from tests.figures.quarter import CAME, NOT, UNKNOWN, a_family, a_place_in, a_session, a_slot, at, went
from tests.figures.test_worked_quarter import figures, made_of

NOW = parse_period("2026-27-Q1")
"""The tests' clock stands in this quarter."""


@pytest.fixture
def quarter(in_app: Flask) -> None:
    """Write the quarter down."""
    with transaction():
        write_the_quarter()


def booked(day: str, hour: int = 9, **values: Any) -> dict[str, Any]:
    """Give the moments of a booking that had its place at once."""
    return {"created_at": at(day, hour), "confirmed_at": at(day, hour), **values}


def cancelled(day: str, hour: int, reason: FamilyCancelReason | None = None) -> dict[str, Any]:
    return {
        "status": BookingStatus.CANCELLED,
        "cancelled_at": at(day, hour),
        "cancelled_by": CancelledBy.FAMILY,
        "cancel_reason": reason,
    }


def waited(day: str, **values: Any) -> dict[str, Any]:
    return {"created_at": at(day, 9), "queued_at": at(day, 9), **values}


def asked(booking: Booking, code: str, state: NeedState, **values: Any) -> None:
    booking.needs.append(NeedRequest(code=code, state=state, **{"lead_ok": True} | values))


def basics_at(venue: Venue, checked_on: date) -> None:
    for code in ("step_free_route", "accessible_toilet", "quiet_room"):
        venue.facts.append(VenueFact(code=code, answer=FactAnswer.YES, checked_on=checked_on))


def said(event: Any, method: FeedbackMethod = FeedbackMethod.NONE, **answers: int) -> None:
    db.session.add(
        Feedback(event=event, origin=FeedbackOrigin.LINK, method=method, answered_at=event.ends_at, **answers)
    )


def write_the_quarter() -> None:
    ashford, swale = a_place_in("ashford"), a_place_in("swale")
    basics_at(ashford, date(2026, 1, 1))
    basics_at(swale, date(2025, 1, 1))  # checked too long before
    a, b, c, d, e, f, g, h, i = (a_family() for _ in range(9))
    of_a = {"district": "dover", "profile": {"age_phase": ["under_5"], "support": ["ehcp"]}}

    # S1: three places for A, B and C. B cancels 22 hours before, C four days before; D waited, got C's place and came.
    # E and F waited and were never offered one.
    s1 = a_session(at("2026-02-10", 10), venue=ashford, capacity=3)
    first = went(s1, a, CAME, **booked("2026-02-01"), **of_a)
    asked(first, "step_free", NeedState.MET, arranged_at=at("2026-02-05", 9))
    went(s1, b, UNKNOWN, **booked("2026-02-03"), **cancelled("2026-02-09", 12, FamilyCancelReason.CHILD_UNWELL))
    went(s1, c, UNKNOWN, **booked("2026-02-02"), **cancelled("2026-02-06", 10, FamilyCancelReason.TRANSPORT))
    second = went(s1, d, CAME, district="swale", **waited("2026-02-04", confirmed_at=at("2026-02-06", 12)))
    db.session.flush()
    db.session.add(
        BookingChange(booking_id=second.id, at=at("2026-02-06", 11), kind=ChangeKind.OFFERED, actor="system")
    )
    went(s1, e, UNKNOWN, **waited("2026-02-05", status=BookingStatus.WAITING))
    went(s1, f, UNKNOWN, **waited("2026-02-05", status=BookingStatus.WAITING))

    # S2 is online two weeks later, of the same kind: A and E come, G books the same day and does not.
    s2 = a_session(at("2026-02-24", 19, 30), delivery=Delivery.ONLINE, capacity=None)
    went(s2, a, CAME, **booked("2026-02-20"), **of_a)
    other = went(s2, e, CAME, district="swale", **booked("2026-02-20"))
    asked(other, "bsl", NeedState.PARTLY_MET, lead_ok=False, family_outcome=NeedState.MET)
    went(s2, g, NOT, **booked("2026-02-24"))

    # S3 has three appointments: H left before its turn; I could not get what it asked for, and cancelled early.
    s3 = a_session(
        at("2026-03-10", 10),
        kind=EventKind.DROP_IN,
        booking_mode=BookingMode.SLOTS,
        venue=swale,
        capacity=None,
        register_closed_at=at("2026-03-13", 12),
    )
    one, two, _three = (a_slot(s3, number) for number in range(3))
    went(s3, h, CAME, slot=one, turn=Turn.LEFT, **booked("2026-03-01"))
    away = went(s3, i, UNKNOWN, slot=two, **booked("2026-03-01"), **cancelled("2026-03-07", 10))
    asked(away, "quiet_space", NeedState.CANNOT_MEET)

    said(s1, FeedbackMethod.PAIRED, before_confident=2, confident=4, listened=5, again=0)
    said(s1, FeedbackMethod.PAIRED, before_confident=3, confident=3, listened=4)
    said(s1, FeedbackMethod.RETRO, before_confident=4, confident=2, listened=2)

    published = {"year": 2025, "source": "Made up for a test", "published_on": date(2025, 7, 1)}
    db.session.add(PupilCount(district="dover", sen_support=2000, ehcp=1000, **published))
    db.session.add(PupilCount(district="swale", sen_support=700, ehcp=300, **published))
    late = published | {"year": 2026, "published_on": date(2026, 4, 1)}
    db.session.add(PupilCount(district="swale", sen_support=1, ehcp=1, **late))  # nobody knew it in this quarter


def value(metric: str, category: str = "all", by: str = "") -> str:
    shown = figures(by=by)[metric, category].value
    return shown.flag.value or str(shown.value)


@pytest.mark.usefixtures("quarter")
class TestWorkedCatalogue:
    def test_all(self) -> None:
        expected: dict[str, tuple[str, tuple[int, int] | None]] = {
            "M06": ("4", None),  # A D E H
            "M10": ("1.25", None),  # A twice, the others once: 5 ÷ 4
            "M13": ("x", None),
            "M14": ("x", None),  # the quarter is over for so long that today says nothing of it
            "M17": ("16.7", (1, 6)),  # B of A B D in S1, A E in S2, H in S3; C and I were gone, G came later
            "M18": ("50.0", (1, 2)),  # C's place went to D; I's appointment to nobody
            "M19": ("5.0", None),  # 9 A, 6 D, 4 A, 4 E, 0 G, 9 H: the middle of 0 4 4 6 9 9
            "M20": ("3", None),  # B C I
            "M21b": ("100.0", (1, 1)),  # H
            "M22": ("3", None),  # D E F
            "M22b": ("2.0", None),  # D: two days and two hours
            "M23": ("33.3", (1, 3)),  # D
            "M24": ("33.3", (1, 3)),  # F; E came to S2
            "M26": ("1", None),  # I
            "M27": ("x", None),
            "M28": ("2", None),  # A and E; I's booking is no more
            "M29": ("100.0", (2, 2)),  # E says it was there, and that counts more than "partly"
            "M30": ("100.0", (1, 1)),  # A's, three working days before
            "M30b": ("1", None),  # E's
            "M31": ("50.0", (2, 4)),  # A and E
            "M32": ("z", None),  # far fewer than 20
            "M33": ("50.0", (1, 2)),  # S1; what is known of S3's place is too old
            "M34": ("z", (0, 0)),
            "M35": ("75.0", (3, 4)),
            "M36": ("50.0", (1, 2)),
            "M36b": ("50.0", (1, 2)),
            "M36c": ("0.0", (0, 2)),
            "M36d": ("1.00", None),  # +2 and 0
            "M36r": ("0.0", (0, 1)),
            "M36rb": ("0.0", (0, 1)),
            "M36rc": ("100.0", (1, 1)),
            "M36rd": ("-2.00", None),
            "M37": ("33.3", (1, 3)),  # 4 of 4 3 2
            "M38": ("66.7", (2, 3)),  # 5 and 4 of 5 4 2
            "M39": ("z", (0, 0)),
            "M40": ("z", (0, 0)),  # "does not apply" is no answer
            "M46": ("3", None),
            "M47": ("x", None),
            "M48": ("0.5", (2, 4000)),  # S1 and S3
            "M49": ("1.0", (4, 4000)),
            "M50": ("z", None),
            "M53": ("3", None),
            "M53b": ("5", None),  # A D A E H
            "M54": ("40.0", (2, 5)),  # A and E online
            "M55": ("1", None),  # E's interpreter
            "M56": ("25.0", (1, 4)),  # H
            "M56b": ("75.0", (3, 4)),  # all but A
            "M56c": ("75.0", (3, 4)),
            "M57": ("66.7", (2, 3)),  # S3's was closed after three days
            "M58": ("x", None),
        }
        rows = figures()
        found = [rows[metric, "all"] for metric in expected]
        said = {row.metric.id: (row.value.flag.value or str(row.value.value), made_of(row)) for row in found}
        assert said == expected

    def test_how_often_families_came_adds_up(self) -> None:
        assert [value("M10b", often, by="F") for often in ("1", "2")] == ["3", "1"]

    def test_why_families_cancelled(self) -> None:
        reasons = ("child_unwell", "transport", "unknown")
        assert [value("M20", reason, by="Y") for reason in reasons] == ["1", "1", "1"]

    def test_requests_by_group(self) -> None:
        assert value("M28", "getting_in", by="G") == "1"
        assert value("M55", "hearing", by="G") == "1"
        assert value("M26", "calm", by="G") == "1"

    def test_shares_of_pupils(self) -> None:
        assert value("M48", "swale", by="V") == "1.0"  # S3 for 1,000 pupils
        assert value("M48", "ashford", by="V") == "x", "nobody said how many pupils it has, so nothing is guessed"
        assert value("M49", "dover", by="D") == "0.3"  # A for 3,000
        assert value("M50", "dover", by="D") == "0.33"  # a quarter of the families, three quarters of the pupils
        assert value("M50", "swale", by="D") == "2.00"  # D and E: half of the families, a quarter of the pupils

    def test_attendance_rate_by_what_was_asked_for_and_when_it_was_booked(self) -> None:
        assert value("M15", "yes", by="H") == "100.0"  # A at S1, E at S2
        assert value("M15", "no", by="H") == "75.0"  # D, A at S2 and H came, G did not
        assert value("M15", "same_day", by="B") == "0.0"  # G

    def test_answers_say_between_which_shares_the_truth_lies(self) -> None:
        low, high = figures()["M38", "all"].interval or (0, 0)
        assert (str(low), str(high)) == ("20.8", "93.9")  # 2 of 3

    def test_in_public_so_few_give_no_mean_and_no_median(self) -> None:
        rows = figures(profile=Profile.PUBLIC)
        assert {rows[metric, "all"].value.flag.value for metric in ("M10", "M19", "M22b", "M36d", "M29")} == {"c"}


@pytest.mark.usefixtures("in_app")
def test_what_families_raised_counts_when_it_was_raised_due_answered_and_closed() -> None:
    # 42 days from 10 January are over on 21 February; from 1 March on 12 April, in the next quarter.
    with transaction():
        forum = a_session(at("2026-01-10", 10), venue=a_place_in("dover"))
        first = {"event": forum, "raised_at": at("2026-01-10", 12), "owner": "kcc", "theme": "ehcp", "workstream": 3}
        done = {"outcome": IssueOutcome.DONE, "answered_at": at("2026-02-21", 23), "outcome_at": at("2026-02-21", 23)}
        late = {"outcome": IssueOutcome.CANNOT, "answered_at": at("2026-02-22", 1), "outcome_at": at("2026-02-22", 1)}
        db.session.add(Issue(**first, **done, contactable=10, told=9))
        db.session.add(Issue(**first, **late, contactable=2, told=0))
        db.session.add(Issue(**first))
        db.session.add(Issue(event=forum, raised_at=at("2026-03-01", 12)))
    expected = {
        "M41": ("4", None),
        "M42": ("33.3", (1, 3)),  # the last day is still on time
        "M43": ("50.0", (1, 2)),
        "M44": ("42.0", None),
        "M45": ("75.0", (9, 12)),
    }
    rows = figures()
    assert {id_: (str(rows[id_, "all"].value.value), made_of(rows[id_, "all"])) for id_ in expected} == expected
    assert value("M41", "unknown", by="I") == "1"
    assert value("M42", "kcc", by="E") == "33.3"
    assert value("M41", "dover", by="V") == "4"
    following = figures(NOW)
    assert made_of(following["M42", "all"]) == (0, 1)
    assert following["M41", "all"].value.value == 0


@pytest.mark.usefixtures("in_app")
def test_what_only_today_says_is_counted_while_the_period_lasts() -> None:
    with transaction():
        for number, district in enumerate(("dover", "dover", "", "swale")):
            db.session.add(
                Subscription(
                    email="somebody@example.org",
                    email_hash=f"{number}" if district != "swale" else "0",
                    district=district,
                    status=SubscriptionStatus.ASKED if number == 1 else SubscriptionStatus.ACTIVE,
                )
            )
        basics_at(a_place_in("dover"), date(2026, 6, 1))
        basics_at(a_place_in("swale"), date(2025, 6, 1))
    rows = figures(NOW, by="V")
    assert rows["M14", "all"].value.value == 2, "one person follows two districts, and one has not confirmed"
    assert str(rows["M58", "all"].value.value) == "50.0"
    assert str(rows["M58", "swale"].value.value) == "100.0"


@pytest.mark.usefixtures("in_app")
def test_a_place_given_back_late_is_no_early_one() -> None:
    with transaction():
        forum = a_session(at("2026-02-10", 10), capacity=1)
        went(forum, a_family(), UNKNOWN, **booked("2026-02-01"), **cancelled("2026-02-09", 12))
        went(forum, a_family(), CAME, **booked("2026-02-09", 13))
    assert value("M18") == "z"


@pytest.mark.usefixtures("in_app")
def test_a_place_that_nobody_needed_was_not_used_again() -> None:
    with transaction():
        forum = a_session(at("2026-02-10", 10), capacity=10)
        went(forum, a_family(), UNKNOWN, **booked("2026-02-01"), **cancelled("2026-02-02", 12))
        went(forum, a_family(), CAME, **booked("2026-02-03"))
    assert value("M18") == "0.0"


@pytest.mark.usefixtures("in_app")
def test_who_could_not_come_because_we_moved_the_session_gave_no_late_notice() -> None:
    with transaction():
        forum = a_session(at("2026-02-10", 10))
        went(
            forum, a_family(), UNKNOWN, **booked("2026-02-01"), **cancelled("2026-02-09", 20, FamilyCancelReason.MOVED)
        )
        went(forum, a_family(), CAME, **booked("2026-02-01"))
    assert value("M17") == "0.0"


@pytest.mark.usefixtures("in_app")
def test_who_came_to_the_kind_more_than_28_days_later_was_not_helped() -> None:
    with transaction():
        family, other = a_family(), a_family()
        forum = a_session(at("2026-02-03", 10), capacity=1)
        for each in (family, other):
            went(forum, each, UNKNOWN, **waited("2026-02-01", status=BookingStatus.WAITING))
        went(a_session(at("2026-02-03", 10) + timedelta(days=28)), family, CAME)
        went(a_session(at("2026-02-03", 10) + timedelta(days=29)), other, CAME)
    assert value("M24") == "50.0"
