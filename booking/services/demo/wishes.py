"""What would make it easier for the demonstration's families to come, and how far each request got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from booking import clock
from booking.locality.kinds import Locality, Need
from booking.models import NeedRequest
from booking.rules.access_needs import due_on, is_lead_ok
from booking.rules.words import Alternative, CannotReason, NeedState
from booking.services.demo.chance import pick

HAS_WISHES = 0.42
HOW_MANY = {1: 55, 2: 27, 3: 12, 4: 6}
"""Of the families who ask for anything: 1.7 things each, on average."""

ASKED = {
    "quiet_space": 14,
    "know_ahead": 12,
    "bring_baby": 9,
    "phone_on": 8,
    "step_free": 8,
    "supporter": 8,
    "blue_badge": 7,
    "low_sensory": 6,
    "time_fit": 6,
    "acc_toilet": 5,
    "large_print": 5,
    "spoken_lang": 5,
    "loop": 5,
    "camera_off": 4,
    "creche": 4,
    "talk_to_me": 4,
    "bsl": 3,
    "diet": 3,
    "fidget_move": 3,
    "text_only": 3,
    "easy_read": 2,
    "one_to_one": 2,
}

DETAILS = {
    "bring_baby": ("A baby of seven months in a sling.", "A toddler. She may sing."),
    "time_fit": ("I have to leave by 11:15 for the school run.", "I come late, after the taxi."),
    "large_print": ("20 point, please.", "24 point on yellow paper."),
    "spoken_lang": ("Polish", "Romanian", "Nepali", "Punjabi", "Ukrainian"),
    "creche": ("One child of three years. Walks on tiptoe and loves trains.",),
    "diet": ("I am allergic to nuts.", "No gluten, please."),
    "step_free": ("I use a powered chair.", "I walk with two sticks."),
    "low_sensory": ("Not under a strip light, please.",),
    "talk_to_me": ("After 4pm is best.",),
    "bsl": ("I sign BSL and lipread a little.",),
}

_PAST = {NeedState.MET: 88, NeedState.PARTLY_MET: 7, NeedState.NOT_MET: 3, NeedState.CANNOT_MEET: 2}
_ARRANGED_BEFORE = (NeedState.ARRANGED, NeedState.CONFIRMED_TO_FAMILY, NeedState.MET, NeedState.PARTLY_MET)
_COMING = {
    NeedState.REQUESTED: 25,
    NeedState.PLANNING: 25,
    NeedState.ARRANGED: 25,
    NeedState.CONFIRMED_TO_FAMILY: 23,
    NeedState.CANNOT_MEET: 2,
}


@dataclass(frozen=True)
class Wish:
    """One thing a family asks for, with its own words."""

    code: str
    detail: str | None = None


def draw_wishes(rng: Random) -> tuple[Wish, ...]:
    """Draw what a family asks for; most ask for nothing."""
    if rng.random() >= HAS_WISHES:
        return ()
    weights: dict[str, float] = dict(ASKED)
    wishes = []
    for _number in range(pick(rng, HOW_MANY)):
        code = pick(rng, weights)
        del weights[code]
        wishes.append(make_wish(rng, code))
    return tuple(wishes)


def make_wish(rng: Random, code: str) -> Wish:
    """Ask for one thing; two in three families add something in their own words where there is something to say."""
    details = DETAILS.get(code)
    return Wish(code, rng.choice(details) if details and rng.random() < 0.67 else None)


def make_request(
    rng: Random, wish: Wish, *, asked_on: date, session_on: date, today: date, locality: Locality
) -> NeedRequest:
    """Build the request, as far as it got by today."""
    need = locality.get_need(wish.code)
    holidays = locality.bank_holidays
    due = due_on(need, asked_on=asked_on, session_on=session_on, holidays=holidays)
    state = _state(rng, need, asked_on=asked_on, is_past=session_on < today, today=today)
    is_off = state == NeedState.CANNOT_MEET
    is_arranged = state in _ARRANGED_BEFORE and due <= today
    return NeedRequest(
        code=wish.code,
        detail=wish.detail,
        state=state,
        reason=CannotReason.NOBODY_FREE if is_off else None,
        alternative=Alternative.CALL if is_off else None,
        tell_by=due if is_off else None,
        lead_ok=is_lead_ok(need, asked_on=asked_on, session_on=session_on, holidays=holidays),
        due_on=due,
        arranged_at=clock.london_time(due, 17) if is_arranged else None,
    )


def _state(rng: Random, need: Need, *, asked_on: date, is_past: bool, today: date) -> NeedState:
    if is_past:
        return pick(rng, _PAST)
    if today - asked_on < timedelta(days=2):
        return NeedState.REQUESTED
    return pick(rng, _COMING)
