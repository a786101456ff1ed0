"""The file of how many pupils with SEN each district has, as somebody copies it from a published source."""

from __future__ import annotations

from datetime import date

from booking.formats.csv_input import ReadRows, RowReader, day_or, read_rows
from booking.formats.district_words import became, names_of
from booking.locality.changes import parts_of
from booking.locality.kinds import District, Locality
from booking.rules.engagement.facts import Pupils

COLUMNS = ("district", "year", "pupils_sen_support", "pupils_ehcp", "source", "published_on")
MOST_ROWS = 1000
LONGEST_SOURCE = 300
_YEARS = range(2010, 2101)
_MOST_PUPILS = 1_000_000


def read_pupils(content: bytes, locality: Locality, *, today: date) -> ReadRows[Pupils]:
    """Read a file, and say each problem by line and column."""
    return read_rows(
        content,
        columns=COLUMNS,
        needed=COLUMNS,
        most=MOST_ROWS,
        read=lambda row: _pupils(row, locality, today),
        key=lambda pupils: (pupils.district, pupils.year),
        twice=("district", "This district and year stand in the file twice."),
    )


def _pupils(row: RowReader, locality: Locality, today: date) -> Pupils | None:
    district = locality.on(day_or(row.text("published_on"), today)).find_named(row.text("district"))
    if district is None or not district.inside:
        row.wrong("district", "Write the name of a district of the area, such as Ashford.")
    year = _whole(row, "year", _YEARS)
    sen_support = _whole(row, "pupils_sen_support", range(_MOST_PUPILS))
    ehcp = _whole(row, "pupils_ehcp", range(_MOST_PUPILS))
    missing = "Say where the numbers are from: a name and a web address."
    source = row.name("source", missing=missing, longest=LONGEST_SOURCE)
    published_on = row.past_day("published_on", today)
    if district is None or published_on is None or not year:
        return None
    if problem := _why_not(district, year, published_on, locality):
        row.wrong("district", problem)
    if not row.is_sound:
        return None
    return Pupils(
        district=district.code,
        year=year,
        sen_support=sen_support,
        ehcp=ehcp,
        source=source,
        published_on=published_on,
    )


def _why_not(district: District, year: int, published_on: date, locality: Locality) -> str:
    """Say why a district that has ended, or not begun, has no number of its own in a school year.

    A source may still use the districts of the school year it counts, and has none that began after it was published.
    """
    if district.to_date and district.to_date < date(year - 1, 9, 1):
        return f"{became(district, locality)}. Write the number of that for the school year that ends in {year}."
    parts = parts_of(locality.register, district.code)
    if parts and district.from_date and published_on < district.from_date:
        return f"{became(parts[0], locality)}, after this was published. Write {names_of(parts)}, each by itself."
    return ""


def _whole(row: RowReader, column: str, allowed: range) -> int:
    text = row.text(column).replace(",", "")
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        row.wrong(column, f"Write a whole number from {allowed.start:,} to {allowed.stop - 1:,}.")
        return 0
    return int(text)
