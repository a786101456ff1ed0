"""What readers know of the counts besides sums: which numbers can never be more than others.

A hidden number must not follow from these either. They hold at any place of a table: in all, and in each category.
"""

from __future__ import annotations

from dataclasses import dataclass

from booking.rules.engagement.metric import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """Some measures are together never more than some others, and why; a name given twice counts twice.

    What is not `is_certain` readers take for granted though rare data says otherwise. Where it does, it says nothing.
    """

    parts: tuple[str, ...]
    most: tuple[str, ...]
    why: str
    is_certain: bool = True


_ANSWERED = ("confident", "listened", "what_next", "again", "had_what_needed")

AT_MOST = (
    AtMost(parts=("families",), most=("attended",), why="a family reached came at least once"),
    AtMost(
        parts=("families", "attended_anonymous"), most=("attended",), why="who gave no details belongs to no family"
    ),
    AtMost(parts=("families",), most=("family_sessions",), why="a family reached was at one session at least"),
    AtMost(
        parts=("family_sessions", "attended_anonymous"),
        most=("attended",),
        why="whenever a family was at a session, at least one of it attended",
    ),
    AtMost(parts=("adults",), most=("attended",), why="an adult reached came at least once"),
    AtMost(
        parts=("adults", "attended_anonymous"),
        most=("attended",),
        why="who gave no details is no known adult",
        is_certain=False,
    ),
    AtMost(
        parts=("families",),
        most=("adults",),
        why="somebody of a family came; of some, imported or erased, no adult is kept",
        is_certain=False,
    ),
    AtMost(parts=("attended_anonymous",), most=("attended",), why="they are attendances"),
    AtMost(parts=("attended_by_appointment",), most=("attended",), why="they are attendances"),
    AtMost(parts=("attended_with_format",), most=("attended",), why="they are attendances"),
    AtMost(parts=("seats_used",), most=("attended",), why="a place or an appointment is used by somebody who came"),
    AtMost(
        parts=("attended_with_format",),
        most=("attended_with_need", "attended_walk_in"),
        why="who has a format asked for it; of attendances with a request only booked ones are counted",
        is_certain=False,
    ),
    AtMost(
        parts=("families_with_need",),
        most=("attended_with_need", "attended_walk_in"),
        why="such a family came with a request, booked or without booking",
    ),
    AtMost(
        parts=("families_without_need",),
        most=("attended_without_need", "attended_walk_in"),
        why="such a family came without a request, booked or without booking",
    ),
    AtMost(
        parts=("families_with_need",),
        most=("requests",),
        why="each of them made one request at least",
        is_certain=False,
    ),
    AtMost(
        parts=("kept_bookings", "attended_walk_in"),
        most=("expected",),
        why="a booking holds at least one place; a few hold none of a participant",
        is_certain=False,
    ),
    AtMost(parts=("judged",), most=("requests",), why="what somebody said how it was had been asked for"),
    AtMost(
        parts=("asked_in_time", "asked_late"),
        most=("requests",),
        why="a request left time enough or did not, and of some nobody knows since when they were there",
    ),
    AtMost(
        parts=("waiting_came",),
        most=("offered_a_place",),
        why="who came was offered a place; now and then one is given without an offer",
        is_certain=False,
    ),
    AtMost(
        parts=("waiting_came",),
        most=("families",),
        why="who waited and came was reached, unless only a supporter came",
        is_certain=False,
    ),
    AtMost(parts=("paired", "retro"), most=("answers",), why="an answer was asked for in one way"),
    AtMost(
        parts=("paired", "retro"),
        most=("confident_answered",),
        why="who is compared has answered the question that is asked after, too",
    ),
    *(
        AtMost(parts=(f"{name}_answered",), most=("answers",), why="who answers a question gives an answer")
        for name in _ANSWERED
    ),
    AtMost(
        parts=("answers",),
        most=("attended",),
        why="who says how it was had come; a supporter may say it too, or somebody twice on paper",
        is_certain=False,
    ),
    *(
        limit
        for way in ("paired", "retro")
        for limit in (
            AtMost(
                parts=(f"{way}_up",),
                most=(f"{way}_change", *(f"{way}_down",) * 4),
                why="up is one step at least, and down four at most",
            ),
            AtMost(
                parts=(f"{way}_change", f"{way}_down"),
                most=(f"{way}_up",) * 4,
                why="up is four steps at most, and down one at least",
            ),
        )
    ),
)
"""By measures, in all and in each category of every breakdown that readers have of all of them."""

_ONCE, _TWICE, _OFTEN = (Cell("families", "F", often) for often in ("1", "2", "3+"))
_VISITS = (_ONCE, _TWICE, _TWICE, _OFTEN, _OFTEN, _OFTEN)

CELLS_AT_MOST = (
    (_VISITS, (Cell("family_sessions"),)),
    ((*_VISITS, Cell("attended_anonymous")), (Cell("attended"),)),
)
"""Single numbers that are together never more than others: a family that came three times was at three sessions."""


def visits_at_most(held: int) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Say how often families can have been at sessions, of which so many were held."""
    return (Cell("family_sessions"),), (_ONCE, _TWICE, _TWICE, *(_OFTEN,) * held)


MORE_THAN_ALL = frozenset(
    {"families_without_need", "waiting_did_not_come", "waiting_unmet", "waiting_helped_elsewhere"}
)
"""Measures of which a category can hold more than all together: a family that asked for nothing in one district, and
for something in another, is without a request in the first and not in all. Of all others a category is a part."""
