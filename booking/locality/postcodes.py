"""Where a postcode, outcode or town lies, and the districts an outcode straddles; what is asked is not kept."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from statistics import median
from threading import Lock

from booking.locality.kinds import Locality, Point, Town

_SLIVER = 0.02
_OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_DIGIT_FOR = str.maketrans("OIL", "011")


class PostcodeTableMissing(RuntimeError):
    """The postcode table has not been built."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The postcode table {path} is missing. `make run` builds it (scripts/build_postcodes.py).")


class PostcodeTable:
    """The postcodes in and around an area, read from the table that scripts/build_postcodes.py makes."""

    def __init__(self, path: str | Path, locality: Locality, *, today: Callable[[], date] | None = None) -> None:
        """Read this table; districts are those of `today`, or of the day that is asked about."""
        self.path = Path(path)
        self._locality, self._today = locality, today
        self._towns = {_plain(name): town for town in locality.towns for name in (town.name, *town.other_names)}
        # A district that is renamed can keep its GSS code: either code leads to the same one.
        self._district_of = {district.gss: district.code for district in locality.register.values() if district.gss}
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None
        self._outcode = lru_cache(maxsize=512)(self._read_outcode)

    def find_place(self, text: str) -> Point | None:
        """Find the point a postcode, outcode or town stands for; a postcode we lack stands at its outcode's middle."""
        town = self._towns.get(_plain(text))
        if town:
            return _point_of(town)
        outcode, inward = split_postcode(text)
        if outcode is None:
            return None
        return (self._find_postcode(outcode, inward) if inward else None) or self._outcode(outcode)[0]

    def find_outcode(self, text: str) -> str | None:
        """Find the outcode at the start of what was typed, in its usual spelling, if there is one we know."""
        outcode, _ = split_postcode(text)
        return outcode if outcode and self._outcode(outcode)[0] else None

    def districts_of(self, outcode: str, *, on: date | None = None) -> tuple[str, ...]:
        """Give the codes of the districts an outcode lies in, most postcodes first; none for an unknown outcode."""
        known = self.find_outcode(outcode)
        return self._there(self._outcode(known)[1], on) if known else ()

    def main_district(self, outcode: str, *, on: date | None = None) -> str:
        """Give the code of the district in which most of an outcode's postcodes lie; "unknown" for an unknown one."""
        return next(iter(self.districts_of(outcode, on=on)), "unknown")

    def _there(self, codes: tuple[str, ...], on: date | None) -> tuple[str, ...]:
        """Lead the codes of the table, which may be older or newer, to the districts of the day."""
        day = on or (self._today() if self._today else None)
        if day is None:
            return codes
        area = self._locality.on(day)
        return tuple(dict.fromkeys(led for code in codes if (led := area.code_of(code))))

    def _find_postcode(self, outcode: str, inward: str) -> Point | None:
        rows = self._rows("SELECT easting, northing FROM postcode WHERE postcode = ?", outcode + inward)
        return Point(int(rows[0][0]), int(rows[0][1]), label=outcode, found_by="postcode") if rows else None

    def _read_outcode(self, outcode: str) -> tuple[Point | None, tuple[str, ...]]:
        rows = self._rows("SELECT easting, northing, council FROM postcode WHERE outcode = ?", outcode)
        if not rows:
            return None, ()
        middle = Point(
            round(median(int(row[0]) for row in rows)),
            round(median(int(row[1]) for row in rows)),
            label=outcode,
            found_by="outcode",
        )
        shares = Counter(self._district_of.get(str(row[2]), "outside") for row in rows)
        return middle, tuple(code for code, count in shares.most_common() if count >= _SLIVER * len(rows))

    def _rows(self, statement: str, *values: str) -> list[tuple[int | str, ...]]:
        with self._lock:
            if self._database is None:
                if not self.path.is_file():
                    raise PostcodeTableMissing(self.path)
                address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
                self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
            return self._database.execute(statement, values).fetchall()


def split_postcode(text: str) -> tuple[str | None, str]:
    """Split what was typed into an outcode and an inward code ("" when incomplete), mending O for 0 and I or L for 1.

    "ct9 1aa", "CT91AA" and "CT9-1AA" are alike; "CT9", "CT9 1" and "CT9 1A" give the outcode alone; else (None, "").
    """
    parts = re.findall(r"[A-Z0-9]+", text.upper()[:20])
    joined = "".join(parts)
    inward = joined[-3:-2].translate(_DIGIT_FOR) + joined[-2:]
    if len(joined) >= 5 and re.fullmatch(r"[0-9][A-Z]{2}", inward):
        outcode = _mend_outcode(joined[:-3])
        if outcode:
            return outcode, inward
    started = len(parts) == 2 and re.fullmatch(r"[0-9OIL][A-Z]?", parts[1])
    return _mend_outcode(parts[0] if started and _mend_outcode(parts[0]) else joined), ""


def _mend_outcode(text: str) -> str | None:
    letters = "".join("O" if letter == "0" else letter for letter in text[:2])
    for area in (letters[:2], letters[:1]):
        mended = area + text[len(area) :].translate(_DIGIT_FOR)
        if area.isalpha() and len(mended) <= 4 and _OUTCODE.fullmatch(mended):
            return mended
    return None


def _point_of(town: Town) -> Point:
    return Point(town.easting, town.northing, label=town.name, found_by="town")


def _plain(text: str) -> str:
    """Reduce a name to what two spellings of it share."""
    return "".join(letter for letter in text.lower().replace("&", "and") if letter.isalnum())
