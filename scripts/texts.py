"""Bring the catalogues of the other languages up to date with the texts that parents can read (`make texts`).

Polish, and every other whole language, gets each new text with an empty translation. Easy Read is English, too: its
catalogue holds only what it says in another way, and all else falls back.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "booking" / "translations"
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
FOLDERS = ("booking", "templates")
HEAD = """msgid ""
msgstr ""
"Project-Id-Version: send-forum-booking\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PARTIAL = "en_GB@easy"
"""The locale whose catalogue is not meant to be whole."""


def main() -> None:
    """Update every catalogue and say what is missing in it."""
    texts = extract()
    for path in catalogues():
        catalogue = updated(read(path), texts)
        path.write_bytes(written(catalogue))
        missing = sum(1 for message in catalogue if message.id and not translations(message))
        print(f"{path.parent.parent.name}: {len(catalogue)} texts, {missing} without a translation")


def catalogues() -> list[Path]:
    """Return the files of all catalogues."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def extract() -> Catalog:
    """Collect every text that a parent can read."""
    with (TRANSLATIONS / "parents.cfg").open() as lines:
        methods, options = parse_mapping_cfg(lines)
    texts = Catalog(fuzzy=False)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",), directory_filter=_is_ours
    )
    for _file, _line, text, comments, _context in found:
        texts.add(text, auto_comments=comments)
    return texts


def read(path: Path) -> Catalog:
    """Read a catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def updated(catalogue: Catalog, texts: Catalog) -> Catalog:
    """Return the catalogue with the texts of today: new ones empty, old ones gone, nothing guessed."""
    catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.pluralizable and not translations(message):
            message.string = ("",) * catalogue.num_plurals
            message.flags.discard("fuzzy")
    if str(catalogue.locale_identifier) == PARTIAL:
        for message in [each for each in catalogue if each.id and not translations(each)]:
            catalogue.delete(message.id)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file holds it: by text, so that two changes seldom meet in one line."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, no_location=True, sort_output=True, omit_header=True)
    head = HEAD.format(locale=catalogue.locale_identifier, plurals=catalogue.plural_forms)
    return head.encode() + file.getvalue()


def translations(message: object) -> list[str]:
    """Return what a text is in the language: one form, or one for each plural; nothing if one of them is missing."""
    string = message.string  # type: ignore[attr-defined]
    forms = list(string) if isinstance(string, (list, tuple)) else [string]
    return forms if forms and all(forms) else []


def _is_ours(path: str) -> bool:
    folder = Path(path).relative_to(ROOT)
    return folder.parts[:1] == () or folder.parts[0] in FOLDERS


if __name__ == "__main__":
    main()
