"""What is taken out of the GOV.UK style sheet is counted, so that another version cannot slip its font or crest in."""

from __future__ import annotations

import json
from pathlib import Path

import build_assets
import pytest

GOVUK = build_assets.GOVUK_CSS.read_text(encoding="utf-8")


PARTS = ("app", "board", "door")
"""The page itself, what only the pages at the door need, and the door on a phone."""
ALONE = {"staff.css", "overview.css", "import.js"}
"""The pages of staff, their charts, and how far their file is: no parent has to load these."""


def test_no_font_and_no_crest_of_the_government_is_left() -> None:
    css = build_assets.strip_govuk(GOVUK)
    for never in ("GDS Transport", "crest", "@font-face", "url(", "sourceMappingURL"):
        assert never not in css
    assert "font-family:system-ui" in css
    assert ".govuk-button{" in css


@pytest.mark.parametrize(
    "change",
    [
        GOVUK + "@font-face{font-family:New Transport;src:local(x)}",
        GOVUK.replace("font-family:GDS Transport,arial,sans-serif", "font-family:New Transport", 1),
        GOVUK + ".crown{background:url(/assets/images/crown.svg)}",
    ],
)
def test_a_style_sheet_that_holds_something_else_is_refused(change: str) -> None:
    with pytest.raises(build_assets.UnexpectedContent):
        build_assets.strip_govuk(change)


def test_files_are_named_by_their_content_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    static = tmp_path / "static"
    (static / "css").mkdir(parents=True)
    (static / "js").mkdir()
    monkeypatch.setattr(build_assets, "ROOT", tmp_path)
    monkeypatch.setattr(build_assets, "BUILT", static / "built")
    (static / "css" / "b.css").write_text(".second{}")
    (static / "css" / "a.css").write_text(".first{}")
    build_assets.main()
    before = json.loads((static / "built" / "manifest.json").read_text())
    assert (static / "built" / before["app.css"]).read_text().endswith(".first{}\n.second{}\n")

    (static / "css" / "a.css").write_text(".changed{}")
    (static / "js" / "a.js").write_text("const one = 1;")
    build_assets.main()
    after = json.loads((static / "built" / "manifest.json").read_text())
    assert set(before) == set(after) == {f"{part}.{kind}" for part in PARTS for kind in ("css", "js")} | ALONE
    assert not {before[name] for name in ("app.css", "app.js")} & set(after.values())
    names = {path.name for path in (static / "built").iterdir()}
    assert names == {"manifest.json", *(name + end for name in after.values() for end in ("", ".br", ".gz"))}
