"""References that can be read aloud."""

from __future__ import annotations

import pytest

from booking.rules.references import ALPHABET, make_reference, normal_reference


def test_nothing_in_them_looks_or_sounds_like_another() -> None:
    assert not set(ALPHABET) & set("01258OILZSBAEIU")
    assert all(set(make_reference()) <= set(ALPHABET) and len(make_reference()) == 6 for _ in range(200))


@pytest.mark.parametrize("typed", ["k7m 4px", "K7M4PX", " k7m-4px "])
def test_they_are_known_however_they_are_typed(typed: str) -> None:
    assert normal_reference(typed) == "K7M4PX"


@pytest.mark.parametrize("typed", ["", "K7M4P", "K7M4PXX", "K7M4P0", "О7M4PX"])
def test_what_cannot_be_one_is_none(typed: str) -> None:
    assert normal_reference(typed) is None
