"""Every code has words, and every message its three parts; one that is texted has a fourth."""

from __future__ import annotations

import inspect
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask

from booking.formats.words_for import wording
from booking.rules import words
from booking.rules.texts import TEXT_ONLY, TEXTED
from booking.rules.words import MessageKind

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ENUMS = [
    enum
    for _name, enum in inspect.getmembers(words, inspect.isclass)
    if issubclass(enum, StrEnum) and enum is not StrEnum
]


@pytest.mark.one_database
@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_code_has_words(app: Flask, enum: type[StrEnum]) -> None:
    with app.test_request_context():
        for code in enum:
            assert wording(code).strip(), code


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_message_has_its_parts(kind: MessageKind) -> None:
    folder = TEMPLATES / "messages" / kind.value
    mail = [] if kind in TEXT_ONLY else ["body.html", "body.txt", "subject.txt"]
    text = ["text.txt"] if kind in TEXTED else []
    assert sorted(path.name for path in folder.iterdir()) == [*mail, *text]


def test_no_message_folder_is_left_over() -> None:
    folders = {path.name for path in (TEMPLATES / "messages").iterdir() if path.is_dir()}
    assert folders == {kind.value for kind in MessageKind}
