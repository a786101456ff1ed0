"""The map of an area's districts, as drawn by scripts/build_map.py."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from booking.locality.changes import parts_of
from booking.locality.kinds import District, Locality


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


def get_map(area: Locality) -> DistrictMap:
    """Give the map of an area; its districts come in the order of the locality.

    One that others became, and that nobody has drawn yet, is drawn as all of them.
    """
    return _map(area.code, area.districts, tuple(area.register.values()))


@lru_cache(maxsize=16)
def _map(name: str, districts: tuple[District, ...], register: tuple[District, ...]) -> DistrictMap:
    drawn = json.loads(files(f"booking.locality.{name}").joinpath("map.json").read_text(encoding="utf-8"))
    by_code = {shape["code"]: shape for shape in drawn["shapes"]}
    known = {district.code: district for district in register}
    shapes = []
    for district in districts:
        if parts := [by_code[code] for code in _drawn(district.code, known, by_code)]:
            # Between its parts may lie another district, so its name stands in the one with the longest border.
            largest = max(parts, key=lambda part: len(part["path"]))
            shapes.append(
                MapShape(
                    code=district.code,
                    lines=_lines(district.name),
                    inside=district.inside,
                    path="".join(part["path"] for part in parts),
                    label_x=largest["label"][0],
                    label_y=largest["label"][1],
                )
            )
    return DistrictMap(width=drawn["width"], height=drawn["height"], shapes=tuple(shapes))


def _drawn(code: str, register: Mapping[str, District], drawn: Container[str]) -> list[str]:
    """List the codes whose shapes a district is made of: its own, or those of what it was."""
    if code in drawn:
        return [code]
    return [each for part in parts_of(register, code) for each in _drawn(part.code, register, drawn)]


def _lines(name: str) -> tuple[str, ...]:
    """Break a long name in two, before "and" or at its space."""
    if len(name) < 12:
        return (name,)
    first, joined, last = name.partition(" and ")
    return (first, f"and {last}") if joined else tuple(name.split(" ", 1))
