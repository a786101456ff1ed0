"""What fits into a text, in the phones' own alphabet, and which numbers can have one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from booking.rules.texts import (
    BESIDE_MAIL,
    LONGEST,
    TEXTED,
    fit,
    in_phone_letters,
    length,
    may_have_text,
    mobile_number,
)
from booking.rules.words import MessageKind


@pytest.mark.parametrize("written", ["07700 900982", "+44 7700 900 982", "(07700) 900-982", "0044 7700900982"])
def test_a_uk_mobile_number_is_known_however_it_is_written(written: str) -> None:
    assert mobile_number(written) == "447700900982"


def test_a_phone_on_the_isle_of_man_is_a_mobile() -> None:
    assert mobile_number("07624 123456") == "447624123456"


@pytest.mark.parametrize(
    "number", ["01632 960001", "07600 123456", "070 1234 5678", "+33 6 12 34 56 78", "", "x", None]
)
def test_other_numbers_get_no_text(number: str | None) -> None:
    assert mobile_number(number) is None


def test_quotes_dashes_and_accents_are_said_in_the_phones_letters() -> None:
    assert in_phone_letters("Zoë’s “place” – it is ready…") == 'Zoe\'s "place" - it is ready...'
    assert in_phone_letters("Łódź, café, niño, ą ę") == "Lodz, café, niño, a e"


def test_what_no_phone_letter_can_say_is_left_out() -> None:
    assert fit(["We look forward 😀 to it"]) == "We look forward to it"


@given(some.text())
def test_a_text_never_needs_more_than_the_phones_own_letters(text: str) -> None:
    said = in_phone_letters(text)
    assert in_phone_letters(said) == said
    assert length(said) >= len(said)


@given(some.lists(some.text(max_size=120), max_size=6))
def test_what_is_fitted_is_never_longer_than_one_text(parts: list[str]) -> None:
    assert length(fit(parts)) <= LONGEST


def test_a_part_that_does_not_fit_is_left_out_whole_and_a_later_one_may_still_fit() -> None:
    assert fit(["a" * 150, "b" * 20, "c" * 9]) == "a" * 150 + " " + "c" * 9


def test_signs_that_cost_two_are_counted_so() -> None:
    assert length("€[]") == 6
    assert fit(["€" * 80]) == "€" * 80
    assert fit(["€" * 81]) == ""


def test_without_email_all_that_matters_is_texted_and_beside_email_only_what_cannot_wait() -> None:
    assert {kind for kind in MessageKind if may_have_text(kind, has_email=False)} == TEXTED
    assert {kind for kind in MessageKind if may_have_text(kind, has_email=True)} == BESIDE_MAIL
    assert BESIDE_MAIL < TEXTED
    assert MessageKind.REMINDER_7_DAYS not in TEXTED
