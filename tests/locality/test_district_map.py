"""The map shows every district once, where it lies, and its links say in words what they show."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import shapely
from jinja2 import Environment, FileSystemLoader

from booking.locality import get_locality
from booking.locality.maps import MapShape, get_map
from scripts import build_map
from tests.made_up_districts import CHANGE, with_districts

KENT = get_locality("kent")
CHANGED = with_districts(KENT)
MAP = get_map(KENT)
SHAPES = {shape.code: shape for shape in MAP.shapes}


class TestTheDrawing:
    def test_the_twelve_and_medway_are_on_it(self) -> None:
        assert [shape.code for shape in MAP.shapes] == [district.code for district in KENT.districts if district.gss]
        assert [shape.code for shape in MAP.shapes if not shape.inside] == ["medway"]

    def test_it_stays_small(self) -> None:
        assert sum(len(shape.path) for shape in MAP.shapes) < 10_000

    def test_names_stand_on_their_own_district(self) -> None:
        for shape in MAP.shapes:
            assert _ground(shape).contains(shapely.Point(shape.label_x, shape.label_y)), shape.code

    def test_districts_do_not_overlap_and_leave_no_gaps(self) -> None:
        grounds = [_ground(shape) for shape in MAP.shapes]
        together = shapely.unary_union(grounds)
        assert together.area == pytest.approx(sum(ground.area for ground in grounds), rel=0.005)
        holes = sum(shapely.Polygon(ring).area for part in shapely.get_parts(together) for ring in part.interiors)
        assert holes < together.area * 0.001

    def test_neighbours_touch(self) -> None:
        for one, other in [
            ("ashford", "maidstone"),
            ("dover", "thanet"),
            ("sevenoaks", "dartford"),
            ("swale", "medway"),
        ]:
            assert _ground(SHAPES[one]).distance(_ground(SHAPES[other])) < 2

    def test_thanet_is_east_dartford_north_west_and_the_marsh_south(self) -> None:
        assert max(MAP.shapes, key=lambda shape: shape.label_x).code == "thanet"
        assert min(MAP.shapes, key=lambda shape: shape.label_y).code == "dartford"
        assert max(MAP.shapes, key=lambda shape: _ground(shape).bounds[3]).code == "folkestone-and-hythe"

    def test_it_fits_its_frame(self) -> None:
        west, north, east, south = shapely.total_bounds([_ground(shape) for shape in MAP.shapes])
        assert west >= 0
        assert north >= 0
        assert east <= MAP.width
        assert south <= MAP.height

    def test_the_committed_drawing_is_what_the_postcodes_give(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(build_map, "ROOT", tmp_path)
        monkeypatch.setattr(build_map, "TARGET", tmp_path / "map.json")
        build_map.main()
        committed = Path(str(build_map.__file__)).parent.parent / "booking" / "locality" / "kent" / "map.json"
        assert (tmp_path / "map.json").read_text(encoding="utf-8") == committed.read_text(encoding="utf-8")


class TestTheMacro:
    def test_each_link_says_its_district_and_how_many_sessions(self) -> None:
        names = [link["aria-label"] for link in _links({"ashford": 3, "dover": 1})]
        assert names[0] == "Ashford: 3 sessions"
        assert "Dover: 1 session" in names
        assert "Folkestone and Hythe: no sessions yet" in names
        assert len(names) == 12

    def test_links_lead_where_the_page_says(self) -> None:
        assert next(link["href"] for link in _links({})) == "/sessions?district=ashford&kind=forum"

    def test_the_chosen_district_is_told_by_words_tick_and_line(self) -> None:
        html = _render({"thanet": 2}, current="thanet")
        chosen = [link for link in _links({"thanet": 2}, current="thanet") if "aria-current" in link]
        assert [link["aria-label"] for link in chosen] == ["Thanet: 2 sessions"]
        assert "✓ Thanet" in html
        assert html.count("district-map__outline") == 1

    def test_nothing_is_chosen_by_default(self) -> None:
        html = _render({})
        assert "aria-current" not in html
        assert "✓" not in html

    def test_medway_is_drawn_but_leads_nowhere(self) -> None:
        html = _render({})
        assert html.count("<path") == 13
        assert "Medway" in html
        assert "district=medway" not in html

    def test_it_needs_no_inline_style_or_script(self) -> None:
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", _render({"ashford": 1}, current="ashford"))

    def test_words_from_outside_are_escaped(self) -> None:
        html = _render({}, hrefs={"ashford": '"><script>'})
        assert "<script>" not in html


def _render(counts: Mapping[str, int], *, hrefs: Mapping[str, str] | None = None, current: str | None = None) -> str:
    folder = Path(__file__).parents[2] / "templates"
    pages = Environment(loader=FileSystemLoader(folder), extensions=["jinja2.ext.i18n"], autoescape=True)
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    if hrefs is None:
        inside = KENT.inside_districts
        hrefs = {district.code: f"/sessions?district={district.code}&kind=forum" for district in inside}
    macro = pages.get_template("components/district_map.html").module.district_map  # type: ignore[attr-defined]
    return str(macro(MAP, counts, hrefs, current))


def _links(counts: Mapping[str, int], *, current: str | None = None) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                found.append(dict(attrs))

    Links().feed(_render(counts, current=current))
    return found


def _ground(shape: MapShape) -> shapely.MultiPolygon:
    """Read the path as the browser does: M absolute, then relative lines."""
    parts = []
    for part in shape.path.split("z")[:-1]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        x, y = numbers[:2]
        corners = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            corners.append((x, y))
        parts.append(shapely.Polygon(corners).buffer(0))
    return shapely.unary_union(parts)


def test_districts_that_became_one_are_drawn_as_all_of_them_under_one_name() -> None:
    after, parts = get_map(CHANGED.on(CHANGE)), {shape.code: shape for shape in MAP.shapes}
    drawn = {shape.code: shape for shape in after.shapes}
    isles, largest = drawn["isles"], parts["swale"]
    assert isles.path == parts["swale"].path + parts["thanet"].path
    assert (isles.label_x, isles.label_y, isles.name) == (largest.label_x, largest.label_y, "North Isles")
    assert drawn["white-cliffs"].path == parts["dover"].path
    assert set(parts) - set(drawn) == {"swale", "thanet", "dover"}
    assert get_map(CHANGED.on(CHANGE - timedelta(days=1))).shapes == MAP.shapes
