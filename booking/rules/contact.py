"""The normal form of an e-mail address, a phone number and a postcode's first part."""

from __future__ import annotations

import re


def normal_email(address: str) -> str:
    """Return the form under which an address is looked up: trimmed and in small letters."""
    return address.strip().casefold()


def normal_phone(number: str) -> str | None:
    """Return a phone number as digits with its country code; None if it cannot be one.

    Any way of writing it is accepted, as GOV.UK's pattern asks: spaces, brackets, dots, a + or 00.
    """
    digits = re.sub(r"[\s().\-–/]", "", number.strip())
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "44" + digits[1:]
    if digits.startswith("440"):
        digits = "44" + digits[3:]
    return digits if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15 else None


def normal_outcode(text: str) -> str | None:
    """Return the first part of a postcode in capitals, from an outcode or a full postcode; None if it is neither."""
    compact = re.sub(r"\s", "", text).upper()
    full = re.fullmatch(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}", compact)
    if full:
        return full.group(1)
    return compact if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?", compact) else None
