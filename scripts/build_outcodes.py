"""Build booking/locality/kent/outcodes.json: where the middle of each of the area's outcodes lies on the globe.

A browser that is asked for "near me" reads it and finds the nearest outcode by itself. Source:
instance/postcodes.sqlite (scripts/build_postcodes.py). Run it again when outcodes change, which is rare.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from booking.locality import get_locality  # noqa: E402
from booking.locality.postcodes import PostcodeTable  # noqa: E402
from booking.rules.distance import to_latitude_longitude  # noqa: E402

POSTCODES = ROOT / "instance" / "postcodes.sqlite"
TARGET = ROOT / "booking" / "locality" / "kent" / "outcodes.json"


def main() -> None:
    """Write latitude and longitude, to about 100 metres, of every outcode that lies in one of our districts."""
    locality = get_locality("kent")
    ours = {district.code for district in locality.inside_districts}
    table = PostcodeTable(POSTCODES, locality)
    with sqlite3.connect(POSTCODES) as database:
        outcodes = [row[0] for row in database.execute("SELECT DISTINCT outcode FROM postcode ORDER BY outcode")]
    middles = {}
    for outcode in outcodes:
        middle = table.find_place(outcode)
        if middle and ours.intersection(table.districts_of(outcode)):
            latitude, longitude = to_latitude_longitude(middle)
            middles[outcode] = [round(latitude, 3), round(longitude, 3)]
    TARGET.write_text(json.dumps(middles, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
