"""What an address may hold: numbers that fit a database column, text without NUL."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class Number(IntegerConverter):
    """A number that an id can be. A larger one leads nowhere, so that no database is asked for it."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST} | kwargs)


def init_app(app: Flask) -> None:
    """Use that converter for `<int:…>`, and refuse addresses with a NUL (PostgreSQL cannot compare with one)."""
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        abort(404)
