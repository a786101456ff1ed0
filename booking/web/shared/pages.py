"""A list in pages: which one the address asks for, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The page of a list that is shown, of how many, and how many lines stand before it."""

    page: int
    pages: int
    start: int


def pages_of(total: int, *, on_each: int, page: int) -> Pages:
    """Cut a list into pages; a page that it does not have is the nearest that it has."""
    pages = max(1, -(-total // on_each))
    page = min(max(page, 1), pages)
    return Pages(page=page, pages=pages, start=(page - 1) * on_each)


def page_asked() -> int:
    """Return the number of the page in the address; nonsense means the first."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
