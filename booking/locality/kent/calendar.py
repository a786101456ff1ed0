"""School terms in Kent and bank holidays in England; the terms are edited each year when the council publishes them.

Terms for 2024-25 and 2025-26 follow what Kent schools printed from the council's calendar (195 days with staff
days); some schools take one week in October and some take two. 2026-27 rests on one school's page and 2027-28 on
nothing yet published: both are marked illustrative.
"""

import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from types import MappingProxyType

from booking.locality.kinds import Term


def _year(school_year: str, *days: tuple[date, date], illustrative: bool) -> tuple[Term, ...]:
    return tuple(
        Term(school_year=school_year, number=number, start=start, end=end, illustrative=illustrative)
        for number, (start, end) in enumerate(days, start=1)
    )


TERMS = (
    *_year(
        "2024-25",
        (date(2024, 9, 2), date(2024, 10, 25)),
        (date(2024, 11, 4), date(2024, 12, 20)),
        (date(2025, 1, 6), date(2025, 2, 14)),
        (date(2025, 2, 24), date(2025, 4, 4)),
        (date(2025, 4, 22), date(2025, 5, 23)),
        (date(2025, 6, 2), date(2025, 7, 22)),
        illustrative=False,
    ),
    *_year(
        "2025-26",
        (date(2025, 9, 1), date(2025, 10, 17)),
        (date(2025, 10, 27), date(2025, 12, 19)),
        (date(2026, 1, 5), date(2026, 2, 13)),
        (date(2026, 2, 23), date(2026, 4, 2)),
        (date(2026, 4, 20), date(2026, 5, 22)),
        (date(2026, 6, 1), date(2026, 7, 21)),
        illustrative=False,
    ),
    *_year(
        "2026-27",
        (date(2026, 9, 1), date(2026, 10, 16)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
        (date(2027, 2, 22), date(2027, 3, 25)),
        (date(2027, 4, 12), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 22)),
        illustrative=True,
    ),
    *_year(
        "2027-28",
        (date(2027, 9, 1), date(2027, 10, 22)),
        (date(2027, 11, 1), date(2027, 12, 17)),
        (date(2028, 1, 4), date(2028, 2, 11)),
        (date(2028, 2, 21), date(2028, 3, 31)),
        (date(2028, 4, 18), date(2028, 5, 26)),
        (date(2028, 6, 5), date(2028, 7, 21)),
        illustrative=True,
    ),
)


def _bank_holidays() -> Mapping[date, str]:
    """Read the list that the govuk-bank-holidays package carries; nothing is asked of the network."""
    listed = json.loads(files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text(encoding="utf-8"))
    events = listed["england-and-wales"]["events"]
    return MappingProxyType({date.fromisoformat(event["date"]): event["title"] for event in events})


BANK_HOLIDAYS = _bank_holidays()
