"""A quarter drawn at random with facts of every kind, small enough that much of it has to be hidden."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from booking.rules.calendar_periods import Period, period_of
from booking.rules.engagement.catalogue import BREAKDOWNS
from booking.rules.engagement.counting import Counted, count
from booking.rules.engagement.facts import (
    AnswerFact,
    BookingFact,
    Facts,
    IssueFact,
    IssueMoment,
    NeedFact,
    PlaceFact,
    SessionFact,
    SessionState,
    WaitFact,
    WishFact,
)
from booking.rules.words import CancelledBy, FeedbackMethod, NeedState, Outcome

DAY = date(2026, 2, 3)
QUARTER: Period = period_of(DAY)
DISTRICTS = ("ashford", "dover", "swale", "thanet")
KINDS = ("forum", "drop_in", "coffee", "webinar")
GROUPS = ("hear", "move", "talk", "quiet")
QUESTIONS = ("confident", "listened", "what_next", "again", "had_what_needed")
_OUTCOMES = ((Outcome.ATTENDED, Outcome.DID_NOT_COME, Outcome.NOT_RECORDED), (8, 2, 1))
_STATES = (NeedState.MET, NeedState.MET, NeedState.PARTLY_MET, NeedState.NOT_MET, NeedState.CONFIRMED_TO_FAMILY)


def counted_quarter(seed: int) -> Counted:
    """Count it with every breakdown."""
    return count(QUARTER, drawn_facts(seed), breakdowns=tuple(BREAKDOWNS))


def drawn_facts(seed: int) -> Facts:
    """Draw sessions, families that book, come, ask and answer, and families that wait."""
    return _Draw(seed).facts()


class _Draw:
    """One draw; every fact has a number of its own."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)
        self._next = 0
        draw = self._draw
        self._sessions = [self._session() for _ in range(draw.randint(3, 14))]
        self._families = [
            {
                "district": draw.choice((*DISTRICTS, "unknown")),
                "age_phases": self._some(("under_5", "r_to_y6", "y7_to_11", "16_to_18")),
                "supports": self._some(("ehcp", "sen_support", "none_yet")),
                "need_areas": self._some(("talking", "learning", "feelings")),
                "adults": draw.choice((1, 1, 2)),
            }
            for _ in range(draw.randint(5, draw.choice((15, 60, 200))))
        ]
        self._places: list[PlaceFact] = []
        self._bookings: list[BookingFact] = []
        self._needs: list[NeedFact] = []
        self._waits: list[WaitFact] = []
        self._answers: list[AnswerFact] = []

    def facts(self) -> Facts:
        draw = self._draw
        for family in range(len(self._families)):
            for session in draw.sample(self._sessions, draw.choice((1, 1, 1, 2, 3))):
                self._book(family, session)
        for _ in range(draw.randint(0, 12)):
            self._arrive(None, draw.choice(self._sessions), is_walk_in=True, has_need=False, formats=())
        return Facts(
            sessions=self._sessions,
            places=self._places,
            attended_on={each: {DAY - timedelta(days=200)} for each in range(0, len(self._families), 3)},
            bookings=self._bookings,
            waits=self._waits,
            wishes=[self._wish() for _ in range(draw.randint(0, 40))],
            needs=self._needs,
            answers=self._answers,
            issues=[self._issue() for _ in range(draw.randint(0, 4))],
        )

    def _book(self, family: int, session: SessionFact) -> None:
        draw = self._draw
        if draw.random() < 0.15:
            self._arrive(family, session, is_walk_in=True, has_need=False, formats=())
            return
        booking = self._number()
        live = draw.random() > 0.15
        formats = self._ask(session, is_live=live) if draw.random() < 0.4 else ()
        if live:
            has_need = any(need.is_live and need.id > booking for need in self._needs)
            self._arrive(family, session, is_walk_in=False, has_need=has_need, formats=formats, booking=booking)
        by_family = not live and draw.random() < 0.8
        self._bookings.append(
            BookingFact(
                id=booking,
                session=session,
                places=draw.choice((1, 2)),
                lead_days=draw.randint(0, 40),
                was_live_a_day_before=live or draw.random() < 0.4,
                cancelled_late=by_family and draw.random() < 0.5,
                is_cancelled=not live,
                cancelled_by=CancelledBy.FAMILY if by_family else None if live else CancelledBy.US,
                reason=draw.choice(("", "transport", "child_unwell")),
                released_early=(given_back := int(by_family) * draw.choice((0, 1, 2))),
                refilled=draw.randint(0, given_back),
            )
        )
        if draw.random() < 0.2:
            self._wait(draw.randrange(len(self._families)))

    def _arrive(
        self,
        family: int | None,
        session: SessionFact,
        *,
        is_walk_in: bool,
        has_need: bool,
        formats: tuple[str, ...],
        booking: int | None = None,
    ) -> None:
        """Add the places of one booking, and what who came says afterwards."""
        draw = self._draw
        known = self._families[family] if family is not None else {"adults": 1, "district": "unknown"}
        origin = "walk_in" if is_walk_in else draw.choice(("web", "web", "phone"))
        for adult in range(known["adults"]):
            place = PlaceFact(
                id=self._number(),
                session=session,
                booking=booking or self._next,
                family=family,
                adult=None if family is None else 10 * family + adult,
                district=known["district"] if draw.random() < 0.9 else draw.choice(DISTRICTS),
                origin=origin,
                is_walk_in=is_walk_in,
                is_participant=True,
                outcome=Outcome.ATTENDED if is_walk_in else draw.choices(*_OUTCOMES)[0],
                age_phases=known.get("age_phases", ()),
                supports=known.get("supports", ()),
                need_areas=known.get("need_areas", ()),
                has_need=has_need,
                lead_band="" if is_walk_in else draw.choice(("same_day", "3_to_7_days")),
                left_unseen=draw.random() < 0.1,
                formats_met=formats,
            )
            self._places.append(place)
            if place.outcome == Outcome.ATTENDED and draw.random() < 0.4:
                self._answer(session)

    def _ask(self, session: SessionFact, *, is_live: bool) -> tuple[str, ...]:
        draw = self._draw
        asked = [
            NeedFact(
                id=self._number(),
                session=session,
                group=draw.choice(GROUPS),
                is_live=is_live,
                is_asked=draw.random() < 0.9,
                outcome=draw.choice((*_STATES[:4], None)),
                lead_ok=draw.random() < 0.8,
                in_time=draw.choice((True, True, False, None)),
                turned_away=not is_live and draw.random() < 0.3,
            )
            for _ in range(draw.choice((1, 1, 2)))
        ]
        self._needs += asked
        return tuple(sorted({need.group for need in asked if need.group == "hear" and need.outcome == NeedState.MET}))

    def _answer(self, session: SessionFact) -> None:
        draw = self._draw
        given = {name: draw.randint(0, 5) for name in QUESTIONS if draw.random() < 0.8}
        if method := draw.choice((FeedbackMethod.PAIRED, FeedbackMethod.RETRO, None)):
            given["before_confident"] = draw.randint(0, 5)
        self._answers.append(
            AnswerFact(id=self._number(), session=session, method=method or FeedbackMethod.NONE, given=given)
        )

    def _wait(self, family: int) -> None:
        draw = self._draw
        offered = draw.choice((None, 1, 4))
        came = offered is not None and draw.random() < 0.5
        self._waits.append(
            WaitFact(
                id=self._number(),
                session=draw.choice(self._sessions),
                family=family,
                district=draw.choice((self._families[family]["district"], "dover")),
                days_to_offer=offered,
                came=came,
                was_helped=came or draw.random() < 0.3,
            )
        )

    def _session(self) -> SessionFact:
        draw = self._draw
        online = draw.random() < 0.2
        return SessionFact(
            id=self._number(),
            starts_on=DAY,
            state=SessionState.HELD,
            kind=draw.choice(KINDS),
            delivery="online" if online else "in_person",
            district="online" if online else draw.choice(DISTRICTS),
            time_band=draw.choice(("school_run_safe", "evening")),
            school_time=draw.choice(("term", "holidays")),
            participation=draw.choice(("inform", "consult")),
            workstreams=draw.choice(((), ("1",), ("1", "2"), ("3",))),
            seats=draw.choice((None, 20)),
            by_appointment=draw.random() < 0.3,
            closed_soon=True,
        )

    def _wish(self) -> WishFact:
        draw = self._draw
        return WishFact(
            id=self._number(),
            made_on=DAY,
            reason=draw.choice(("nothing_near", "wrong_time")),
            district=draw.choice(DISTRICTS),
            kind=draw.choice(("", *KINDS)),
            time_band=draw.choice(("", "evening")),
        )

    def _issue(self) -> IssueFact:
        return IssueFact(
            id=self._number(),
            day=DAY,
            moment=IssueMoment.ANSWERED,
            district="dover",
            theme="ehcp",
            workstream="1",
            owner="kcc",
            contactable=(there := self._draw.randint(0, 20)),
            told=self._draw.randint(0, there),
        )

    def _some(self, of: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(self._draw.sample(of, self._draw.choice((0, 1, 1, 2)))))

    def _number(self) -> int:
        self._next += 1
        return self._next
