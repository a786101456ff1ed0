"""What a mail that came back means: for good or only late, and the sentence staff read (RFC 3463, RFC 3464)."""

from __future__ import annotations

import re

LATE = "A mail server on the way has it and goes on trying"


def bounce_code(status: str) -> str:
    """Return a status code that is fit to be kept: such as 5.1.1, or nothing."""
    return status if re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", status) else ""


def came_back(code: str) -> str:
    """Return what staff read of a mail that will never arrive."""
    return f"It came back ({code or 'no code'}): please ring the family."


def is_late(code: str) -> str:
    """Return what staff read of a mail that may still arrive."""
    return f"{LATE} ({code or 'no code'})."
