"""How a sealed name is found: by how its words begin, in any order, without accents, capitals or apostrophes."""

from __future__ import annotations

import re
import unicodedata

BEGINNING = 2
"""Letters of a word by which rows are looked up; what is typed beyond them is compared with the opened name."""

_BETWEEN_WORDS = re.compile(r"[\s\-‐‑–./,]+")


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared: “Zoë O'Brien-Lee” gives zoe, obrien and lee."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L")).casefold()
    words = _BETWEEN_WORDS.split(plain)
    return [kept for word in words if (kept := "".join(letter for letter in word if letter.isalnum()))]


def beginnings_of(text: str) -> set[str]:
    """Return the first letters of each word that has so many."""
    return {word[:BEGINNING] for word in words_of(text) if len(word) >= BEGINNING}


def how_near(name: str, typed: str) -> int | None:
    """Return how many typed words are whole words of a name; None unless each begins a word of its own."""
    free, whole = words_of(name), 0
    for word in sorted(words_of(typed), key=len, reverse=True):
        found = word if word in free else next((each for each in free if each.startswith(word)), None)
        if found is None:
            return None
        free.remove(found)
        whole += found == word
    return whole
