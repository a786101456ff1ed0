"""The catalogues are whole: nothing that a parent reads is missing in Polish, nothing is half said in any language."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

import pytest
from babel.messages import Message

from booking.rules.languages import DEFAULT, LANGUAGES, PageLanguage
from scripts import texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WHOLE = [language for language in LANGUAGES if language.code != DEFAULT and language.locale != texts.PARTIAL]


def path_of(locale: str) -> Path:
    return texts.TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def forms_of(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def said(locale: str) -> list[Message]:
    """Return what a catalogue holds, without its head."""
    return [message for message in texts.read(path_of(locale)) if message.id]


@pytest.fixture(scope="module")
def wanted() -> dict[str, Message]:
    """Every text that a parent can read, by its first form."""
    return {forms_of(message.id)[0]: message for message in texts.extract() if message.id}


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.parent.parent.name for path in texts.catalogues()} == {
        language.locale for language in LANGUAGES if language.code != DEFAULT
    }


def test_texts_of_every_audience_of_parents_are_collected(wanted: dict[str, Message]) -> None:
    for text in ("Find a session near you", "You have a place", "Who is coming?", "Hearing loop", "Plenty of places"):
        assert text in wanted, text
    assert "Staff menu" not in wanted


@pytest.mark.parametrize("language", WHOLE, ids=lambda language: language.code)
class TestAWholeLanguage:
    def test_says_everything_and_nothing_old(self, language: PageLanguage, wanted: dict[str, Message]) -> None:
        catalogue = {forms_of(message.id)[0]: message for message in said(language.locale)}
        missing = [text for text in wanted if text not in catalogue or not texts.translations(catalogue[text])]
        assert missing == [], "run `make texts` and translate these"
        assert sorted(set(catalogue) - set(wanted)) == [], "run `make texts`"

    def test_has_all_its_plural_forms(self, language: PageLanguage) -> None:
        catalogue = texts.read(path_of(language.locale))
        assert catalogue.num_plurals == {"pl": 3}[language.code]
        wrong = [
            message.id
            for message in catalogue
            if message.id and message.pluralizable and len(forms_of(message.string)) != catalogue.num_plurals
        ]
        assert wrong == []


@pytest.mark.parametrize("locale", [path.parent.parent.name for path in texts.catalogues()])
class TestEveryCatalogue:
    def test_is_as_make_texts_writes_it(self, locale: str) -> None:
        path = path_of(locale)
        again = texts.written(texts.updated(texts.read(path), texts.extract()))
        assert path.read_bytes() == again, "run `make texts`"

    def test_has_nothing_that_is_only_guessed(self, locale: str) -> None:
        assert [message.id for message in said(locale) if message.fuzzy] == []

    def test_keeps_what_is_filled_in(self, locale: str) -> None:
        wrong = [
            (message.id, string)
            for message in said(locale)
            for english, string in zip_longest(forms_of(message.id), texts.translations(message), fillvalue=None)
            if string is not None and not fills_in_the_same(string, english or forms_of(message.id)[-1])
        ]
        assert wrong == []

    def test_holds_no_markup_and_no_space_that_english_has_not(self, locale: str) -> None:
        wrong = [
            (message.id, string)
            for message in said(locale)
            for string in texts.translations(message)
            if "<" in string or (is_trimmed(forms_of(message.id)[0]) and not is_trimmed(string))
        ]
        assert wrong == []


def fills_in_the_same(string: str, english: str) -> bool:
    return set(PLACEHOLDER.findall(string)) == set(PLACEHOLDER.findall(english)) and "%" not in PLACEHOLDER.sub(
        "", string
    )


def is_trimmed(text: str) -> bool:
    return text == text.strip()


def test_easy_read_is_short() -> None:
    """Ten words a sentence, twelve where names are filled in; longer lines are said in two."""
    long = [
        sentence
        for message in said(texts.PARTIAL)
        for string in texts.translations(message)
        for sentence in re.split(r"(?<=[.!?:])\s+", string)
        if len(sentence.split()) > (12 if "%(" in sentence else 10)
    ]
    assert long == []
