"""A language that is not one: every translated text comes back in brackets, so that the others show."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import Domain

from booking.web.public import cards, search_form
from tests.page_checks import read

OPEN, CLOSE = "⟦", "⟧"


def bracket(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


class PseudoTranslations:
    """Looks like gettext's translations."""

    def gettext(self, text: str) -> str:
        return bracket(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return bracket(one if number == 1 else many)

    def pgettext(self, _context: str, text: str) -> str:
        return bracket(text)

    def npgettext(self, _context: str, one: str, many: str, number: int) -> str:
        return self.ngettext(one, many, number)

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext


def speak_pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    translations: Any = PseudoTranslations()
    monkeypatch.setattr(Domain, "get_translations", lambda _self: translations)
    # What is kept by the language's code is said afresh: this language has no code of its own.
    for module, name in ((search_form, "_choices"), (cards, "_hours"), (cards, "_day")):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)


def words_left_in_english(html: str) -> list[str]:
    """Return the visible texts of a page that stand outside all brackets and hold letters."""
    depth, left = 0, []
    for tag, text in read(html).texts:
        if tag in ("script", "style"):
            continue
        outside = ""
        for letter in text:
            if letter == OPEN:
                depth += 1
            elif letter == CLOSE:
                depth -= 1
            elif depth == 0:
                outside += letter
        if any(letter.isalpha() for letter in outside):
            left.append(outside.strip())
    return left
