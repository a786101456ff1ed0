"""How a sealed name is found by the beginnings of its words."""

from __future__ import annotations

import pytest

from booking.rules.name_parts import beginnings_of, how_near, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Zoë O'Brien-Lee", ["zoe", "obrien", "lee"]),
        ("Łukasz  Żak", ["lukasz", "zak"]),
        ("J. Smith, Ann", ["j", "smith", "ann"]),
        ("李 小龙", ["李", "小龙"]),
        ("", []),
        ("—’–", []),
    ],
)
def test_names_are_compared_without_what_people_leave_out(name: str, words: list[str]) -> None:
    assert words_of(name) == words


def test_one_letter_is_no_beginning() -> None:
    assert beginnings_of("J Smith-Jones") == {"sm", "jo"}


@pytest.mark.parametrize(
    ("typed", "near"),
    [("ann ash", 2), ("ash an", 1), ("an", 0), ("ann ann", None), ("ben", None), ("ann ash ben", None), ("as ann", 1)],
)
def test_each_typed_word_begins_a_word_of_its_own(typed: str, near: int | None) -> None:
    assert how_near("Ann Ash", typed) == near
