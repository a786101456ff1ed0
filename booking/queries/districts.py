"""What is in a district today, under whichever code it was written down: nothing is written anew when one changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from booking.queries.installation import our_locality


def codes_of(district: str) -> tuple[str, ...]:
    """Return the codes under which what is in a district today may be written down; an old code leads on."""
    here = our_locality()
    return here.codes_of(here.code_of(district) or district)


def is_in(column: InstrumentedAttribute[Any], district: str) -> ColumnElement[bool]:
    """Return the condition that a column's district is this one today."""
    return column.in_(codes_of(district))


def district_today(code: str) -> str:
    """Return the code of the district that something is in today; what is no district stays as it is."""
    return our_locality().code_of(code) or code


def codes_named(text: str) -> list[str]:
    """Return the codes of what is in a district today whose name holds the text."""
    part = text.strip().casefold()
    return [code for code, name in our_locality().district_names.items() if part and part in name.casefold()]
