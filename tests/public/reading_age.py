"""How many years of school a page needs, by the lengths of its sentences and words (Flesch and Kincaid)."""

from __future__ import annotations

import re
from html import unescape

BLOCKS = re.compile(r"</(p|li|h[1-6]|td|th|dt|dd|label|legend|caption|a|button|summary)>", re.IGNORECASE)
LEFT_OUT = re.compile(r"<(script|style|svg|dl|select)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


def grade(markup: str) -> float:
    """Return the school years that the paragraphs and lists of a page ask for; addresses and numbers are left out."""
    text = BLOCKS.sub(" . ", LEFT_OUT.sub(" ", markup))
    text = unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"\S*[@/]\S*|\b[\w-]+\.[\w.]+\b|\d[\d ]*", " ", text)
    sentences = [words for part in re.split(r"[.!?:;]+\s", text) if (words := re.findall(r"[A-Za-z’']+", part))]
    sentences = [words for words in sentences if len(words) > 3]  # headings and buttons would flatter the rest
    words = [word for sentence in sentences for word in sentence]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    plain = re.sub(r"[^a-z]", "", word.lower())
    plain = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", plain) or plain
    return max(1, len(re.findall(r"[aeiouy]{1,2}", plain)))
