"""The description of the interface for other programs, in OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from booking.rules.words import BookingMode, Delivery, EventKind


def description(*, title: str, public_url: str, districts: Iterable[str], page_size: int) -> dict[str, Any]:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "Sessions that are published and still to come. Free to read, no key, no cookie.",
        },
        "servers": [{"url": public_url}],
        "paths": {"/api/v1/sessions": {"get": _list_sessions(list(districts), page_size)}},
        "components": {"schemas": {"Session": _session(list(districts)), "Problem": _problem()}},
    }


def _list_sessions(districts: list[str], page_size: int) -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    return {
        "operationId": "listSessions",
        "summary": f"List the coming sessions by start, {page_size} at a time",
        "parameters": [
            _parameter("from", day, "First day, by London's calendar. Days that are over give nothing."),
            _parameter("to", day, "Last day, by London's calendar."),
            _parameter(
                "district",
                {"type": "string", "enum": districts},
                "Only sessions in a place in this district. A former code leads on.",
            ),
            _parameter("kind", _codes(EventKind), "Only this kind."),
            _parameter("cursor", {"type": "string"}, "`next` of the page before, as it was given."),
        ],
        "responses": {
            "200": _answer("One page", _page()),
            "400": _answer("Something was asked wrongly", {"$ref": "#/components/schemas/Problem"}),
        },
    }


def _page() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["sessions", "next"],
        "additionalProperties": False,
        "properties": {
            "sessions": {"type": "array", "items": {"$ref": "#/components/schemas/Session"}},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page; null on the last."},
        },
    }


def _session(districts: list[str]) -> dict[str, Any]:
    moment = {"type": "string", "format": "date-time", "description": "With London's offset on that day."}
    properties: dict[str, Any] = {
        "slug": {"type": "string"},
        "title": {"type": "string"},
        "kind": _codes(EventKind),
        "delivery": _codes(Delivery),
        "booking_mode": _codes(BookingMode),
        "starts_at": moment,
        "ends_at": moment,
        "venue": {"type": ["string", "null"], "description": "Null when online, or when the place is confidential."},
        "district": {"type": ["string", "null"], "enum": [*districts, None], "description": "Null when online."},
        "places_left": {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "Null when there is no limit, or nothing to book.",
        },
        "url": {"type": "string", "format": "uri"},
    }
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["error"],
        "additionalProperties": False,
        "properties": {"error": {"type": "string", "description": "What to change, in one sentence."}},
    }


def _parameter(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": text}


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _codes(codes: type[StrEnum]) -> dict[str, Any]:
    return {"type": "string", "enum": [code.value for code in codes]}
