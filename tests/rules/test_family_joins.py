"""Which grown-ups two records of one family both know."""

from __future__ import annotations

from booking.rules.family_joins import KnownAdult, same_adults
from booking.rules.words import PersonKind


def adult(number: int, name: str, *sessions: int, kind: PersonKind = PersonKind.PARENT_CARER) -> KnownAdult:
    return KnownAdult(id=number, name=name, kind=kind, sessions=frozenset(sessions))


def test_the_same_name_is_the_same_adult_however_it_is_written() -> None:
    assert same_adults([adult(1, "Zoë Ash", 7)], [adult(2, "ash, zoe", 8)]) == {2: 1}


def test_two_without_a_name_are_paired_once() -> None:
    assert same_adults([adult(1, "", 7)], [adult(2, "", 8), adult(3, "", 9)]) == {2: 1}


def test_two_places_at_one_session_are_two_people() -> None:
    assert same_adults([adult(1, "Ann Ash", 7)], [adult(2, "Ann Ash", 7)]) == {}


def test_a_young_person_is_not_a_parent() -> None:
    assert same_adults([adult(1, "Ann")], [adult(2, "Ann", kind=PersonKind.YOUNG_PERSON)]) == {}
