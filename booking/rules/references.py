"""Booking references: short, and made to be read aloud and heard right."""

from __future__ import annotations

import re
import secrets

LENGTH = 6
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
"""No 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B; and no vowels, so that no word is spelt by chance."""


def make_reference() -> str:
    """Return six random letters and digits; whether it is free is for the database to say."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_reference(text: str) -> str | None:
    """Return a reference as it is stored, however it was typed; None if it cannot be one."""
    compact = re.sub(r"[\s-]", "", text).upper()
    return compact if len(compact) == LENGTH and set(compact) <= set(ALPHABET) else None
