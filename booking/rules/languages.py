"""The languages of the pages and messages, as data: a new one is a line here and a catalogue of its texts."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT = "en"
"""The language of addresses without a language in front."""
EASY = "easy"
"""English in short sentences with pictures. Its catalogue holds only what it says in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLanguage:
    """One language. `html` is what the page's `lang` says, `locale` the name of its catalogue and of its dates."""

    code: str
    html: str
    locale: str
    own_name: str
    direction: str = "ltr"
    is_reviewed: bool
    """Whether somebody who speaks it has read the texts; a page says so as long as nobody has."""

    @property
    def prefix(self) -> str:
        """Return what stands in front of every address in this language."""
        return "" if self.code == DEFAULT else f"/{self.code}"


LANGUAGES = (
    PageLanguage(code=DEFAULT, html="en-GB", locale="en_GB", own_name="English", is_reviewed=True),
    PageLanguage(code=EASY, html="en-GB", locale="en_GB@easy", own_name="Easy Read", is_reviewed=False),
    PageLanguage(code="pl", html="pl", locale="pl", own_name="Polski", is_reviewed=False),
)
