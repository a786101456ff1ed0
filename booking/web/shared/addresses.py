"""What an address may hold: numbers that fit a database column, and text without NUL, which PostgreSQL refuses."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter
from werkzeug.utils import cached_property

LARGEST = 2**31 - 1
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Number(IntegerConverter):
    """A number that an id can be. A larger one leads nowhere, so that no database is asked for it."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST} | kwargs)


class Text(UnicodeConverter):
    """A part of an address. With a NUL it is the name of nothing, and gets the answer that every such name gets."""

    def to_python(self, value: str) -> str:
        return _readable(super().to_python(value))


class ReadableRequest(Request):
    """A request whose question marks' values never hold a NUL."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        pairs = super().args.items(multi=True)
        return ImmutableMultiDict([(_readable(name), _readable(value)) for name, value in pairs])


def init_app(app: Flask) -> None:
    """Use these for every address of the app."""
    app.url_map.converters["int"] = Number
    app.url_map.converters["string"] = app.url_map.converters["default"] = Text
    app.request_class = ReadableRequest


def _readable(text: str) -> str:
    return text.replace("\0", UNREADABLE)
