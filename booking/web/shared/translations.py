"""Translate in templates as Flask-Babel does, but look the catalogue up once for a page, not for each sentence."""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_babel import get_locale, get_translations


def init_app(app: Flask) -> None:
    """Give the templates our `gettext` and `ngettext`, in place of those that Flask-Babel has just given them."""
    environment: Any = app.jinja_env
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)


def _gettext(text: str) -> str:
    said: str = _catalogue().ugettext(text)
    return said


def _ngettext(one: str, many: str, number: int) -> str:
    said: str = _catalogue().ungettext(one, many, number)
    return said


def _catalogue() -> Any:
    """Return the catalogue of the language that is spoken now; `force_locale` changes it in the middle of a deed."""
    locale = get_locale()
    if g.get("catalogue_of") is not locale:
        g.catalogue_of, g.catalogue = locale, get_translations()
    return g.catalogue
