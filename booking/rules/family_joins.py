"""Which grown-ups two records of one family both know (`workstream-1.md`: adults are joined by staff alone)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booking.rules.name_parts import words_of
from booking.rules.words import PersonKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAdult:
    """A grown-up as one record knows it, with the sessions it has a place at."""

    id: int
    name: str
    kind: PersonKind
    sessions: frozenset[int]


def same_adults(kept: Sequence[KnownAdult], other: Sequence[KnownAdult]) -> dict[int, int]:
    """Return for each adult of the other record the one of the kept record that it is, if there is one.

    The same name, or none on both sides, and the same kind; but nobody has two places at one session, so who has a
    place there beside the other is somebody else.
    """
    free, found = list(kept), {}
    for adult in other:
        twin = next((each for each in free if _is_same(each, adult)), None)
        if twin is not None:
            free.remove(twin)
            found[adult.id] = twin.id
    return found


def _is_same(one: KnownAdult, other: KnownAdult) -> bool:
    return (
        one.kind == other.kind
        and sorted(words_of(one.name)) == sorted(words_of(other.name))
        and not one.sessions & other.sessions
    )
