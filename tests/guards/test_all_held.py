"""A family that asks is told every column that is kept of it, or it is said why not."""

from __future__ import annotations

from flask import Flask

from booking.formats.held_words import SECTIONS
from booking.models import Base, Family
from booking.queries.all_held import NOT_TOLD, TOLD, Found, all_held

OF_A_FAMILY = {"family", "booking", "subscription", "complaint"}
"""What hangs on one of these is a family's."""
KNOWN_OTHERWISE = {
    "complaint_note": "how we looked into a complaint; what came of it is told",
    "family_join": "which records were made one: numbers alone",
    "draft": "gone after 24 hours, and opened only by the browser that began it",
    "told": "which news left for whom: the messages say so",
    "place_report": "nobody's: we do not ask who it is",
    "wish": "nobody's: we do not ask who it is",
}


def columns(model: type[Base]) -> set[str]:
    return {column.name for column in model.__table__.columns}


def test_each_column_is_told_or_left_out_on_purpose() -> None:
    assert set(TOLD) | {Family} == set(NOT_TOLD)
    for model, left_out in NOT_TOLD.items():
        told = set(TOLD.get(model, ()))
        assert columns(model) - told - left_out == set(), model.__name__
        assert told & left_out == set(), model.__name__
        assert told <= columns(model), model.__name__


def test_every_table_that_hangs_on_a_family_is_known() -> None:
    known = {model.__tablename__ for model in NOT_TOLD} | set(KNOWN_OTHERWISE)
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in OF_A_FAMILY for key in table.foreign_keys)
    }
    assert sorted(hanging - known) == []


def test_every_section_has_a_heading(in_app: Flask) -> None:
    assert list(SECTIONS) == list(all_held(Found(family_id=None, email_hash=None)).sections)
