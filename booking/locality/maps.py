"""The map of an area's districts, as drawn by scripts/build_map.py."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from booking.locality import get_locality


@dataclass(frozen=True, slots=True)
class MapShape:
    """One district on the map: its SVG path, and where its name stands, broken into lines."""

    code: str
    lines: tuple[str, ...]
    inside: bool
    path: str
    label_x: int
    label_y: int

    @property
    def name(self) -> str:
        """Give the district's whole name."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """All districts of an area in one drawing."""

    width: int
    height: int
    shapes: tuple[MapShape, ...]

    @property
    def view_box(self) -> str:
        """Give the drawing's extent as SVG says it."""
        return f"0 0 {self.width} {self.height}"


@cache
def get_map(name: str) -> DistrictMap:
    """Give the map of the area called `name`; its districts come in the order of the locality."""
    drawn = json.loads(files(f"booking.locality.{name}").joinpath("map.json").read_text(encoding="utf-8"))
    by_code = {shape["code"]: shape for shape in drawn["shapes"]}
    shapes = tuple(
        MapShape(
            code=district.code,
            lines=_lines(district.name),
            inside=district.inside,
            path=by_code[district.code]["path"],
            label_x=by_code[district.code]["label"][0],
            label_y=by_code[district.code]["label"][1],
        )
        for district in get_locality(name).districts
        if district.code in by_code
    )
    return DistrictMap(width=drawn["width"], height=drawn["height"], shapes=shapes)


def _lines(name: str) -> tuple[str, ...]:
    """Break a long name in two, before "and" or at its space."""
    if len(name) < 12:
        return (name,)
    first, joined, last = name.partition(" and ")
    return (first, f"and {last}") if joined else tuple(name.split(" ", 1))
