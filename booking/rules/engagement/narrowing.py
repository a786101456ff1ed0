"""Narrow the facts to some sessions: by the district of their venue, their kind, and how they are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace

from booking.rules.engagement.facts import Facts, SessionFact, SessionState, WishFact

FEWEST_PEOPLE = 5
"""Of one session that fewer people came to nothing is broken down, not even for staff (`workstream-1.md` 2.3 i)."""

PeopleAt = Callable[[Set[int]], Mapping[int, int]]
"""Counts the people who came to some sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which sessions are looked at; what is empty narrows nothing."""

    district: str = ""
    kind: str = ""
    delivery: str = ""

    @property
    def is_any(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.district or self.kind or self.delivery)

    def holds(self, session: SessionFact) -> bool:
        """Tell whether a session is one of them."""
        return (
            self.district in ("", session.district)
            and self.kind in ("", session.kind)
            and self.delivery in ("", session.delivery)
        )


def narrowed(facts: Facts, to: Narrowing) -> Facts:
    """Keep what happened at these sessions.

    A wish has no session: it is kept by where its family lives and by the kind it wished for, whatever the delivery.
    What families raised is kept by the district it was raised in. A family is new if it had come to nothing at all.
    """
    if not to.is_any:
        return facts
    return replace(
        facts,
        sessions=[session for session in facts.sessions if to.holds(session)],
        places=[place for place in facts.places if to.holds(place.session)],
        bookings=[booking for booking in facts.bookings if to.holds(booking.session)],
        waits=[wait for wait in facts.waits if to.holds(wait.session)],
        wishes=[wish for wish in facts.wishes if _is_wished(wish, to)],
        needs=[need for need in facts.needs if to.holds(need.session)],
        answers=[answer for answer in facts.answers if to.holds(answer.session)],
        issues=[issue for issue in facts.issues if to.district in ("", issue.district)],
    )


def _is_wished(wish: WishFact, to: Narrowing) -> bool:
    return to.district in ("", wish.district) and to.kind in ("", wish.kind)


def is_one_small_session(*, held: int, people: int) -> bool:
    """Tell whether figures are of one session alone that fewer than five people came to: then they stay together."""
    return held == 1 and people < FEWEST_PEOPLE


def of_one_small_session(
    sessions: Iterable[SessionFact], category: Callable[[SessionFact], str], people_at: PeopleAt
) -> frozenset[str]:
    """Find the categories in which one small session is all that was held."""
    held: dict[str, list[SessionFact]] = {}
    for session in sessions:
        if session.state == SessionState.HELD:
            held.setdefault(category(session), []).append(session)
    alone = {each: there[0] for each, there in held.items() if len(there) == 1}
    people = people_at({session.id for session in alone.values() if session.has_register})
    return frozenset(
        each for each, session in alone.items() if is_one_small_session(held=1, people=people.get(session.id, 0))
    )
