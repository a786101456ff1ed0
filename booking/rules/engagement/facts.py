"""What the figures are counted from, as plain values, and how what is only derived is derived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from booking.rules.words import CancelledBy, EventStatus, FeedbackMethod, NeedState, Outcome

NEW_AFTER_MONTHS = 24
REGISTER_OPEN_FOR = timedelta(days=14)
SHORT_NOTICE = timedelta(hours=48)
LATE_NOTICE = timedelta(hours=24)
"""A family that cancels later than this before the start gave late notice (M17), earlier made its place free (M18)."""
UNMET_AFTER = timedelta(days=28)
"""Who waited and came to nothing like it within this time after the session was not helped (M24)."""
CLOSED_SOON = timedelta(days=2)
"""A register is closed soon when it is closed within this time after the end (M57)."""
ONLINE = "online"
"""The venue district of a session that has no venue or is held online."""
_LEAD_BANDS = ((0, "same_day"), (2, "1_to_2_days"), (7, "3_to_7_days"), (28, "8_to_28_days"))
LEAD_BANDS = (*(name for _most, name in _LEAD_BANDS), "over_28_days")
"""How long before a session it was booked, in bands of days."""


class SessionState(StrEnum):
    """What became of a session; derived, never stored."""

    HELD = "held"
    CANCELLED = "cancelled"
    PLANNED = "planned"
    POSTPONED = "postponed"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """What the figures know of a session. `seats` is None without a limit or where nothing is booked.

    `has_basics`: step-free entrance, accessible toilet and quiet space, each checked in the 12 months before it.
    """

    id: int
    starts_on: date
    state: SessionState
    kind: str
    delivery: str
    district: str
    time_band: str = ""
    school_time: str = ""
    participation: str = ""
    workstreams: tuple[str, ...] = ()
    seats: int | None = None
    by_appointment: bool = False
    cancel_reason: str = ""
    short_notice: bool = False
    is_register_overdue: bool = False
    closed_soon: bool = False
    has_basics: bool = False

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs."""
        return self.starts_on

    @property
    def has_register(self) -> bool:
        """Whether its register says who came: held, and closed or not yet open for too long."""
        return self.state == SessionState.HELD and not self.is_register_overdue


class PlaceFact(NamedTuple):
    """One adult's place on a confirmed booking. `family` is None for somebody who gave no details.

    `left_unseen`: came to a session with times, and left before it was its turn. `formats_met` are the groups of needs
    in which an interpreter or another format was asked for, and was there. A tuple: a full house has thousands in a
    quarter, and as a dataclass each took six times as long to make.
    """

    id: int
    session: SessionFact
    booking: int
    family: int | None
    adult: int | None
    district: str
    origin: str
    is_walk_in: bool
    is_participant: bool
    outcome: Outcome
    age_phases: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    need_areas: tuple[str, ...] = ()
    has_need: bool = False
    lead_band: str = ""
    left_unseen: bool = False
    formats_met: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the session's."""
        return self.session.starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact:
    """One booking of a session that had a place at some time, whatever became of it; walk-ins are none.

    `lead_days` are days from booking to session. `released_early` and `refilled` are places: given back a day or more
    before the start, and of these taken by another family that could not have come without.
    """

    id: int
    session: SessionFact
    places: int
    lead_days: int
    was_live_a_day_before: bool
    cancelled_late: bool
    is_cancelled: bool = False
    cancelled_by: CancelledBy | None = None
    reason: str = ""
    released_early: int = 0
    refilled: int = 0

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the session's."""
        return self.session.starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFact:
    """One family that joined the waiting list of a session.

    `days_to_offer` is None where nothing was offered. `came`: offered in time, and attended. `was_helped`: came to
    this or another session of the kind, by 28 days after it.
    """

    id: int
    session: SessionFact
    family: int
    district: str
    days_to_offer: int | None
    came: bool
    was_helped: bool

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the session's."""
        return self.session.starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFact:
    """What somebody looked for and did not find, and told us."""

    id: int
    made_on: date
    reason: str
    district: str
    kind: str = ""
    time_band: str = ""

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the one it was told."""
        return self.made_on


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFact:
    """One request on a booking of a session. `outcome` is the one that counts: the family's, else that of staff.

    `in_time`: arranged two working days before the session, None where it was there and nobody knows since when.
    `turned_away`: it could not be met, and the family stayed away for it.
    """

    id: int
    session: SessionFact
    group: str
    is_live: bool
    is_asked: bool
    outcome: NeedState | None
    lead_ok: bool
    in_time: bool | None = None
    turned_away: bool = False

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the session's."""
        return self.session.starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """What one person said of a session: 1 to 5, 0 does not apply, nothing where it was not answered."""

    id: int
    session: SessionFact
    method: FeedbackMethod
    given: Mapping[str, int]

    @property
    def day(self) -> date:
        """The day that decides to which period it belongs: the session's."""
        return self.session.starts_on


class IssueMoment(StrEnum):
    """What happened to something that families raised: one thing counts in the period of each."""

    RAISED = "raised"
    DUE = "due"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFact:
    """One moment of something that families raised; `day` is when it was.

    `days_to_done` from raising to the answer that it is done. `contactable` families of those who were there could be
    told of the answer, and `told` were.
    """

    id: int
    day: date
    moment: IssueMoment
    district: str
    theme: str
    workstream: str
    owner: str
    is_in_time: bool = False
    outcome: str = ""
    days_to_done: int | None = None
    contactable: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupils:
    """How many pupils with SEN go to school in a district, in a year of a published source."""

    district: str
    year: int
    sen_support: int
    ehcp: int
    source: str
    published_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheTime:
    """What can only be counted on the day the figures are made, because who stops is deleted and facts are rewritten.

    `subscribers` are people who asked to be told of new sessions, by district; `place_facts` and `place_facts_old` are
    facts about venues, and those of them checked more than 12 months ago, by district.
    """

    subscribers: Mapping[str, int]
    place_facts: Mapping[str, int]
    place_facts_old: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the figures of a period are counted from.

    `came_before` are families that came before the period, and in the 24 months before its last day; `attended_on`
    holds the days on which each other family came, before the period and in it. `now` is None where the period is
    over for so long that today says nothing of it.
    """

    sessions: Collection[SessionFact] = ()
    places: Collection[PlaceFact] = ()
    came_before: Set[int] = frozenset()
    attended_on: Mapping[int, Collection[date]] = field(default_factory=dict)
    bookings: Collection[BookingFact] = ()
    waits: Collection[WaitFact] = ()
    wishes: Collection[WishFact] = ()
    needs: Collection[NeedFact] = ()
    answers: Collection[AnswerFact] = ()
    issues: Collection[IssueFact] = ()
    pupils: Collection[Pupils] = ()
    now: AtTheTime | None = None


def state_of(
    status: EventStatus, *, ends_at: datetime, was_published: bool, new_date_pending: bool, now: datetime
) -> SessionState:
    """Derive what became of a session. A postponed one counts once, on its final date (2)."""
    if not was_published or status == EventStatus.DRAFT:
        return SessionState.DRAFT
    if status == EventStatus.CANCELLED:
        return SessionState.CANCELLED
    if new_date_pending:
        return SessionState.POSTPONED
    return SessionState.HELD if ends_at <= now else SessionState.PLANNED


def is_register_overdue(*, closed_at: datetime | None, ends_at: datetime, now: datetime) -> bool:
    """Tell whether a register was never closed within 14 days: its outcomes then count as not recorded (18)."""
    return closed_at is None and now - ends_at > REGISTER_OPEN_FOR


def is_closed_soon(*, closed_at: datetime | None, ends_at: datetime) -> bool:
    """Tell whether a register was closed within two days after the end (M57)."""
    return closed_at is not None and closed_at - ends_at <= CLOSED_SOON


def is_short_notice(*, cancelled_at: datetime | None, starts_at: datetime) -> bool:
    """Tell whether we cancelled less than 48 hours before the start."""
    return cancelled_at is not None and starts_at - cancelled_at < SHORT_NOTICE


def was_live_a_day_before(*, confirmed_at: datetime, cancelled_at: datetime | None, starts_at: datetime) -> bool:
    """Tell whether a booking held its places 24 hours before the start (M17)."""
    then = starts_at - LATE_NOTICE
    return confirmed_at <= then and (cancelled_at is None or cancelled_at > then)


def outcome_of(place: PlaceFact) -> Outcome:
    """Give the outcome as the figures see it: not recorded where the register was never closed (18)."""
    return Outcome.NOT_RECORDED if place.session.is_register_overdue else place.outcome


def came(place: PlaceFact) -> bool:
    """Tell whether somebody attended."""
    return place.outcome is Outcome.ATTENDED and not place.session.is_register_overdue


def is_due(place: PlaceFact) -> bool:
    """Tell whether a place is in the attendance rate: booked, and somebody recorded what became of it (3)."""
    return not place.is_walk_in and outcome_of(place) != Outcome.NOT_RECORDED


def new_families(
    places: Iterable[PlaceFact], *, came_before: Set[int], attended_on: Mapping[int, Collection[date]]
) -> frozenset[int]:
    """Find the families that came and had not come in the 24 months before their first session of the period (14).

    Whoever came in the 24 months before the period's last day, and before its first, is not new, on whichever day of
    it the family came: of them, `came_before`, no days need be known. `attended_on` has the days of the others.
    """
    first: dict[int, date] = {}
    for place in places:
        if place.family is not None and place.family not in came_before and came(place):
            first[place.family] = min(place.day, first.get(place.family, place.day))
    return frozenset(family for family, day in first.items() if not had_come(day, attended_on.get(family, ())))


def had_come(day: date, days: Iterable[date]) -> bool:
    """Tell whether one of the days on which a family came lies in the 24 months before another: it is then not new."""
    since = months_before(day, NEW_AFTER_MONTHS)
    return any(since <= each < day for each in days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The places that one booking held of a session with a limit, from when to when."""

    booking: int
    places: int
    from_: datetime
    until: datetime | None = None


def refilled_places(held: Collection[Held], *, capacity: int, starts_at: datetime) -> dict[int, tuple[int, int]]:
    """Work out for each booking that gave places back early: how many, and how many of these were taken again (M18).

    A place is taken again only when every place that nobody ever had was gone: a family that came later to a
    half-empty session did not need it. What was given back first is taken first.
    """
    free, given_back, early = capacity, [], {}
    moves = sorted(
        [(each.from_, 1, each) for each in held] + [(each.until, 0, each) for each in held if each.until is not None],
        key=lambda move: (move[0], move[1], move[2].booking),
    )
    taken: dict[int, int] = {}
    for at, is_taking, each in moves:
        if not is_taking:
            given_back += [each.booking] * each.places
            if starts_at - at >= LATE_NOTICE:
                early[each.booking] = each.places
            continue
        fresh = min(free, each.places)
        free -= fresh
        for _ in range(min(each.places - fresh, len(given_back))):
            again = given_back.pop(0)
            taken[again] = taken.get(again, 0) + 1
    return {booking: (places, taken.get(booking, 0)) for booking, places in early.items()}


def months_before(day: date, months: int) -> date:
    """Give the same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def lead_band(days: int) -> str:
    """Say in which band a booking lies that was made so many days before the session."""
    return next((name for most, name in _LEAD_BANDS if days <= most), LEAD_BANDS[-1])
