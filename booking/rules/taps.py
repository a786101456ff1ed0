"""Decisions at a door, taken on several phones and in any order: what one may say, and which one counts.

A decision is about one subject: whether somebody on the register came (`place:12`), how many children a family brought
(`children:7`), whether a family without a place came all the same (`came:7`), how far one got with its desk (`turn:7`),
whether somebody without a booking came in (`walk_in:…`). The latest one counts, by our clock; at the very same moment
the one with the greater id, so that every phone and every order ends the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from booking.errors import Refusal
from booking.rules.words import Outcome, Turn

MOST_ADULTS = 6
MOST_CHILDREN = 10
LONGEST_NAME = 120
LONGEST_REASON = 120
TAP_ID = re.compile(r"[A-Za-z0-9-]{1,30}")
_LONGEST_MS = 10**14


class About(StrEnum):
    """What a decision is about: the first part of its subject."""

    PLACE = "place"
    CHILDREN = "children"
    CAME = "came"
    TURN = "turn"
    WALK_IN = "walk_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: `at` by our clock, `value` in codes and numbers, `names` of somebody who walked in."""

    tap: str
    subject: str
    value: Mapping[str, Any]
    at: datetime
    seq: int = 0
    names: tuple[str, ...] = field(default=(), repr=False)

    @property
    def about(self) -> About:
        """Return what it is about."""
        return About(self.subject.partition(":")[0])


class Unreadable(Refusal):
    """What a phone sent is no decision."""

    def __init__(self) -> None:
        super().__init__("The phone sent something that cannot be read.")


def subject_of(about: About, key: int | str) -> str:
    """Name a subject."""
    return f"{about}:{key}"


def number_of(subject: str) -> int:
    """Return the number in a subject that has one."""
    return int(subject.partition(":")[2])


def latest(decisions: Iterable[Decision]) -> Decision | None:
    """Return the decision that counts among those about one subject."""
    return max(decisions, key=_order, default=None)


def began(decisions: Iterable[Decision]) -> datetime | None:
    """Return since when the decision that counts has stood: who was marked "here" twice came the first time."""
    moment = None
    counting: object = None
    for decision in sorted(decisions, key=_order, reverse=True):
        said = decision.value.get("here", decision.value)
        if moment is not None and said != counting:
            break
        moment, counting = decision.at, said
    return moment


def by_our_clock(at: datetime, *, received_at: datetime) -> datetime:
    """Return when something was decided: never after it reached us, whatever a phone believes."""
    return min(at, received_at)


def read_decision(tap: str, told: object, *, received_at: datetime) -> Decision:
    """Read what a phone recorded: `{seq, at, subject, value}`, `at` in milliseconds since 1970 by our clock.

    Raise Unreadable for anything else.
    """
    match told:
        case {"seq": int(seq), "at": int(moment), "subject": str(subject), "value": dict(said)}:
            about, _colon, key = subject.partition(":")
            if not 0 < seq < 10**6 or not 0 < moment < _LONGEST_MS or about not in set(About):
                raise Unreadable
            value, names = _READ[About(about)](said)
            _check_key(About(about), key)
            at = datetime.fromtimestamp(moment / 1000, UTC)
            return Decision(
                tap=tap,
                subject=subject,
                value=value,
                at=by_our_clock(at, received_at=received_at),
                seq=seq,
                names=names,
            )
    raise Unreadable


def _check_key(about: About, key: str) -> None:
    is_good = TAP_ID.fullmatch(key) if about == About.WALK_IN else re.fullmatch(r"[1-9][0-9]{0,11}", key)
    if not is_good:
        raise Unreadable


def _order(decision: Decision) -> tuple[datetime, str]:
    return decision.at, decision.tap


_Read = tuple[dict[str, Any], tuple[str, ...]]


def _outcome(said: Mapping[str, Any]) -> _Read:
    match said:
        case {"outcome": str(outcome)} if outcome in set(Outcome):
            return {"outcome": outcome}, ()
    raise Unreadable


def _children(said: Mapping[str, Any]) -> _Read:
    return {"children": _number(said.get("children"), 0, MOST_CHILDREN)}, ()


def _came(said: Mapping[str, Any]) -> _Read:
    here = _truth(said.get("here"))
    if "children" not in said:
        return {"here": here}, ()
    first_time = said.get("first_time")
    return {
        "here": here,
        "children": _number(said["children"], 0, MOST_CHILDREN),
        "first_time": None if first_time is None else _truth(first_time),
    }, ()


def _turn(said: Mapping[str, Any]) -> _Read:
    turn = said.get("turn", "")
    if turn is None or turn in set(Turn):
        return {"turn": turn}, ()
    raise Unreadable


def _walk_in(said: Mapping[str, Any]) -> _Read:
    here = _truth(said.get("here"))
    if "adults" not in said:
        return {"here": here}, ()
    names = said.get("names", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unreadable
    first_time = said.get("first_time")
    value = {
        "here": here,
        "adults": _number(said["adults"], 1, MOST_ADULTS),
        "children": _number(said.get("children", 0), 0, MOST_CHILDREN),
        "where": _text(said.get("where", ""), 40),
        "first_time": None if first_time is None else _truth(first_time),
        "override": _text(said.get("override", ""), LONGEST_REASON),
    }
    kept = tuple(_text(name, LONGEST_NAME).strip() for name in names[:MOST_ADULTS])
    return value, tuple(name for name in kept if name)


def _number(said: object, least: int, most: int) -> int:
    if isinstance(said, int) and not isinstance(said, bool) and least <= said <= most:
        return said
    raise Unreadable


def _truth(said: object) -> bool:
    if isinstance(said, bool):
        return said
    raise Unreadable


def _text(said: object, longest: int) -> str:
    if isinstance(said, str) and len(said) <= longest and said.isprintable():
        return said
    raise Unreadable


_READ = {
    About.PLACE: _outcome,
    About.CHILDREN: _children,
    About.CAME: _came,
    About.TURN: _turn,
    About.WALK_IN: _walk_in,
}
