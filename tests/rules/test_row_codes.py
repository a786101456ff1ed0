"""Codes of the rows on a paper register: short, found again, and a slip of the pen is no other row's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from booking.rules.references import ALPHABET
from booking.rules.row_codes import place_of_row, row_code

places = st.integers(min_value=1, max_value=10**9)


@given(places)
def test_a_code_leads_back_to_its_row_however_it_is_typed(place_id: int) -> None:
    code = row_code(place_id)
    assert place_of_row(code) == place_id
    assert place_of_row(code.lower()) == place_id
    assert place_of_row(f"{code[0]}-{code[1:]}") == place_id


@given(places, st.data())
def test_one_wrong_letter_is_no_row_at_all(place_id: int, data: st.DataObject) -> None:
    code = row_code(place_id)
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != code[at]]))
    assert place_of_row(code[:at] + wrong + code[at + 1 :]) is None


def test_the_codes_of_a_whole_county_are_short() -> None:
    assert (len(row_code(1)), len(row_code(400)), len(row_code(100_000))) == (3, 3, 5)


def test_what_is_no_code_is_nobody() -> None:
    assert [place_of_row(text) for text in ("", "C", "CC", "12", "ö", "C" * 50, "CCC=")] == [None] * 7
