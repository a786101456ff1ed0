"""Draw the district map from the postcode table: booking/locality/kent/map.json, committed because it seldom changes.

Every postcode claims the ground nearest to it; the claims of a council together are its district. Land is where
postcodes are not far apart, so marsh and coast are only roughly right: this is a map to choose from, not to walk by.
Needs shapely (a development package). The same table gives the same file, byte for byte.

Source: ONS Postcode Directory, Open Government Licence v3.0; contains OS data and Royal Mail data, Crown copyright
and database right.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from booking.locality.kent.districts import DISTRICTS  # noqa: E402

TABLE = ROOT / "instance" / "postcodes.sqlite"
TARGET = ROOT / "booking" / "locality" / "kent" / "map.json"
CELL = 250  # metres: postcodes closer together than this vote as one
LAND_GAP = 1900  # metres: postcodes closer than twice this have land between them
SHORE = 300  # metres of land beyond the last postcode
TOLERANCE = 340  # metres within which a border may be straightened
SMALLEST_ISLAND = 6_000_000  # square metres
NAME_SHAPE = 2.0  # a name with its figure is this much wider than it is high
WIDTH = 1000
MARGIN = 8
SOURCE = "ONS Postcode Directory; contains OS data and Royal Mail data © Crown copyright and database right; OGL v3.0"


def main() -> None:
    """Build the map and say how big it is."""
    votes = read_votes()
    land = land_of([point for point, council in votes.items() if council in names()])
    shapes = simplify(districts_of(votes, land))
    text = json.dumps(drawing_of(shapes), indent=1, ensure_ascii=False) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(text)} bytes, {len(shapes)} districts")


def names() -> dict[str, str]:
    """Give the district code of each GSS code on the map."""
    # One that was renamed and kept its GSS code stands on the map under its first code: the later one leads to it.
    return {district.gss: district.code for district in reversed(DISTRICTS) if district.gss}


def read_votes() -> dict[tuple[float, float], str]:
    """Give a point and its council for each cell of the grid that holds a postcode."""
    cells: dict[tuple[int, int], list[tuple[int, int, str]]] = defaultdict(list)
    with sqlite3.connect(f"{TABLE.as_uri()}?mode=ro", uri=True) as database:
        for easting, northing, council in database.execute(
            "SELECT easting, northing, council FROM postcode WHERE easting > 530000 ORDER BY postcode"
        ):
            cells[easting // CELL, northing // CELL].append((easting, northing, council))
    database.close()
    votes = {}
    for _, rows in sorted(cells.items()):
        council = Counter(row[2] for row in rows).most_common(1)[0][0]
        mine = [row for row in rows if row[2] == council]
        votes[sum(row[0] for row in mine) / len(mine), sum(row[1] for row in mine) / len(mine)] = council
    return votes


def land_of(points: list[tuple[float, float]]) -> BaseGeometry:
    """Give the ground that lies between postcodes, without holes and without the smallest islands."""
    spread = shapely.unary_union(shapely.buffer(shapely.points(points), LAND_GAP, quad_segs=4))
    closed = shapely.buffer(spread, SHORE - LAND_GAP, quad_segs=4)
    parts = [shapely.Polygon(part.exterior) for part in shapely.get_parts(closed) if part.area > SMALLEST_ISLAND]
    return shapely.unary_union(parts)


def districts_of(votes: dict[tuple[float, float], str], land: BaseGeometry) -> dict[str, BaseGeometry]:
    """Give each district the ground nearest to its postcodes, as far as the land goes."""
    sites = shapely.MultiPoint(list(votes))
    grounds = defaultdict(list)
    for cell, council in zip(
        shapely.get_parts(shapely.voronoi_polygons(sites, ordered=True)), votes.values(), strict=True
    ):
        if council in names():
            grounds[names()[council]].append(cell)
    return {code: shapely.intersection(shapely.unary_union(grounds[code]), land) for code in sorted(grounds)}


def simplify(shapes: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Straighten all borders together, so that neighbours still share them, and drop crumbs."""
    whole = [shapely.MultiPolygon([part for part in _polygons(shape) if part.area > 1e5]) for shape in shapes.values()]
    simple = shapely.coverage_simplify(whole, TOLERANCE)
    kept = [[part for part in _polygons(shape) if part.area > SMALLEST_ISLAND / 3] for shape in simple]
    return {code: shapely.MultiPolygon(parts) for code, parts in zip(shapes, kept, strict=True)}


def drawing_of(shapes: dict[str, BaseGeometry]) -> dict[str, object]:
    """Turn metres on the grid into the whole numbers of an SVG, north at the top."""
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    height = round((north - south) * scale) + 2 * MARGIN

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x - west) * scale) + MARGIN, round((north - y) * scale) + MARGIN

    drawn = []
    for code, shape in shapes.items():
        label = widest_spot(shape)
        path = "".join(_path([place(*corner) for corner in part.exterior.coords]) for part in _polygons(shape))
        drawn.append({"code": code, "label": place(label.x, label.y), "path": path})
    return {"source": SOURCE, "width": WIDTH, "height": height, "shapes": drawn}


def widest_spot(shape: BaseGeometry) -> shapely.Point:
    """Give the spot with most room for a name, which is wider than it is high."""
    squeezed = shapely.transform(shape, lambda corners: corners * (1 / NAME_SHAPE, 1))
    spot = shapely.get_point(shapely.maximum_inscribed_circle(squeezed, tolerance=50), 0)
    return shapely.Point(spot.x * NAME_SHAPE, spot.y)


def _path(corners: list[tuple[int, int]]) -> str:
    (x, y), *others = corners
    steps = []
    for to_x, to_y in others[:-1]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    return f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


if __name__ == "__main__":
    main()
