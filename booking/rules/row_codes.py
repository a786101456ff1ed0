"""Codes of the rows on a paper register: short, and a mistyped one is no other row's."""

from __future__ import annotations

from booking.rules.references import ALPHABET

SHORTEST = 3
"""Letters, the check letter among them."""
LONGEST = 10


def row_code(place_id: int) -> str:
    """Return the code of a place's row: its number in base 22, and a check letter behind it."""
    digits: list[int] = []
    while place_id:
        place_id, digit = divmod(place_id, len(ALPHABET))
        digits.insert(0, digit)
    digits = [0] * (SHORTEST - 1 - len(digits)) + digits
    return "".join(ALPHABET[digit] for digit in (*digits, _check_digit(digits)))


def place_of_row(code: str) -> int | None:
    """Return the place whose row has this code, however it was typed; None if it can be no row's."""
    letters = code.replace("-", "").upper()
    if not SHORTEST <= len(letters) <= LONGEST or not set(letters) <= set(ALPHABET):
        return None
    *digits, check = (ALPHABET.index(letter) for letter in letters)
    if check != _check_digit(digits):
        return None
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + digit
    return number if row_code(number) == letters else None


def _check_digit(digits: list[int]) -> int:
    """Return Luhn's check digit modulo N: one wrong letter always shows, two swapped ones nearly always."""
    base = len(ALPHABET)
    doubled = [digit * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return -sum(value // base + value % base for value in doubled) % base
