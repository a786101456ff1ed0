"""Build static/built/: style sheets and scripts under names that change with their content, compressed.

The GOV.UK front end is free to use, its font and its crest are not ours to show: this project is not government.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
GOVUK_CSS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.css"
BUILT = ROOT / "static" / "built"
SYSTEM_FONT = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif"
NOTICE = "/*! Contains GOV.UK Frontend, copyright Crown Copyright (Government Digital Service), MIT licence. */\n"

# Pattern, what to put there, how many version 6.3.0 holds. Another version must first be looked at by a person.
CHANGES = (
    (r"/\*!(?:(?!\*/).)*Margaret Calvert(?:(?!\*/).)*\*/", "", 1),
    (r"@font-face\{[^{}]*\}", "", 2),
    (r"font-family:GDS Transport,arial,sans-serif", f"font-family:{SYSTEM_FONT}", 55),
    (r"\.govuk-footer__copyright-logo:before\{[^{}]*\}", "", 3),
    (r"/\*# sourceMappingURL=[^*]*\*/", "", 1),
)
NEVER = ("GDS Transport", "govuk-crest", "@font-face", "url(")


class UnexpectedContent(Exception):
    """The GOV.UK style sheet is not the one this step was written for."""


def main() -> None:
    """Write the files and the manifest that names them."""
    script = join_files(sorted((ROOT / "static" / "js").glob("*.js")))
    manifest = {
        "app.css": _publish("app", ".css", style_sheet()),
        "staff.css": _publish("staff", ".css", staff_style()),
        "app.js": _publish("app", ".js", script),
        "board.css": _publish("board", ".css", join_files(sorted((ROOT / "static" / "board").glob("*.css")))),
        "board.js": _publish("board", ".js", join_files(sorted((ROOT / "static" / "board").glob("*.js")))),
        "import.js": _publish("import", ".js", join_files(sorted((ROOT / "static" / "import").glob("*.js")))),
        "overview.css": _publish("overview", ".css", join_files(sorted((ROOT / "static" / "overview").glob("*.css")))),
        "door.css": _publish("door", ".css", door_style()),
        "door.js": _publish("door", ".js", door_script()),
    }
    _write(BUILT / "manifest.json", json.dumps(manifest, indent=1).encode())
    _remove_old(manifest.values())


def door_script() -> str:
    """Return the script of the door's page: its files, in their order, in one room of their own.

    It comes over bad lines: without comments, and without the room before lines.
    """
    script = join_files(sorted((ROOT / "static" / "door").glob("*.js")))
    lines = (re.sub(r"(^|\s+)// .*", "", line.strip()) for line in script.splitlines())
    text = "\n".join(line for line in lines if line)
    return f'(() => {{\n"use strict";\n{text}\n}})();\n'


def door_style() -> str:
    """Return the style sheet of the door's page, without comments and without the room around what is said."""
    style = _without_comments(join_files(sorted((ROOT / "static" / "door").glob("*.css"))))
    lines = (re.sub(r"\s*([{};])\s*", r"\1", line).replace(";}", "}").strip() for line in style.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def style_sheet() -> str:
    """Return the GOV.UK style sheet without what is not ours, followed by our own without comments."""
    ours = sorted((ROOT / "static" / "css").glob("*.css"))
    return strip_govuk(GOVUK_CSS.read_text(encoding="utf-8")) + _without_comments(join_files(ours))


def staff_style() -> str:
    """Return what only pages of staff and the door need, without comments: no parent has to load it."""
    return _without_comments(join_files(sorted((ROOT / "static" / "staff").glob("*.css"))))


def _without_comments(style: str) -> str:
    return re.sub(r"[ ]*/\*.*?\*/\n?", "", style, flags=re.DOTALL)


def strip_govuk(css: str) -> str:
    """Take the font and the crest out. Raise UnexpectedContent when there is more, or less, to take than is known."""
    for pattern, replacement, expected in CHANGES:
        css, count = re.subn(pattern, replacement, css, flags=re.DOTALL)
        if count != expected:
            raise UnexpectedContent(f"Expected {expected} of {pattern!r} in govuk-frontend.min.css but found {count}.")
    if left := [text for text in NEVER if text in css]:
        raise UnexpectedContent(f"govuk-frontend.min.css still holds {', '.join(left)}.")
    charset = '@charset "UTF-8";'
    return charset + NOTICE + css.removeprefix(charset).strip() + "\n"


def join_files(paths: Iterable[Path]) -> str:
    """Return the files one after the other."""
    return "".join(path.read_text(encoding="utf-8").strip() + "\n" for path in paths)


def _publish(stem: str, suffix: str, text: str) -> str:
    content = text.encode()
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    _write(BUILT / f"{name}.br", brotli.compress(content, quality=11, lgwin=22, mode=brotli.MODE_TEXT))
    _write(BUILT / f"{name}.gz", gzip.compress(content, compresslevel=9, mtime=0))
    _write(BUILT / name, content)
    return name


def _write(path: Path, content: bytes) -> None:
    """Write a file in one move, so that a running server never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _remove_old(current: Iterable[str]) -> None:
    keep = {"manifest.json", *(name + ending for name in current for ending in ("", ".br", ".gz"))}
    for path in BUILT.iterdir():
        if path.name not in keep:
            path.unlink()


if __name__ == "__main__":
    main()
