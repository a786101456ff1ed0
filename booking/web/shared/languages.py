"""Pages in other languages: `/pl/…` is the same site with `/pl` in front of every address of a parent's page.

The language moves from the path to the mount point (SCRIPT_NAME), so that each `url_for` keeps it. What is not
for parents to read (styles, feeds, the API, staff and door pages) has one address only, without a language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, abort, g, request
from markupsafe import Markup

from booking.extensions import ASKED_IN, LANGUAGES, current_lang, language_of
from booking.rules.languages import DEFAULT, PageLanguage
from booking.web.shared.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SPEAKS = "public"
"""The blueprint whose pages are there in every language."""
FOR_MACHINES = frozenset({"public.security_txt", "public.photo"})


@dataclass(frozen=True, slots=True)
class Choice:
    """This page in one of the languages."""

    language: PageLanguage
    href: str
    full_address: str
    is_current: bool

    @property
    def is_alternate(self) -> bool:
        """Tell whether search engines can tell it from the others by its language."""
        return self.language.code in (self.language.html, DEFAULT)


class Site(Flask):
    """The app, whose addresses keep the language of the page they stand on."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return an address; what does not speak has none under a language."""
        address = super().url_for(endpoint, **values)
        lang = current_lang()
        if lang == DEFAULT or speaks(endpoint):
            return address
        root = request.script_root
        return address.replace(root, root.removesuffix(language_of(lang).prefix), 1)


def init_app(app: Flask) -> None:
    """Understand the language in front of an address."""
    app.wsgi_app = LanguageInFront(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_only_what_speaks)
    app.jinja_env.globals.update(language_choices=language_choices, is_personal=_is_personal, as_written=as_written)


class LanguageInFront:
    """Moves a language from the path to the mount point, and notes which it is."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        code = path[1:].partition("/")[0]
        language = LANGUAGES.get(code)
        if language is not None and language.prefix:
            mount = environ.get("SCRIPT_NAME", "")
            rest = path[len(language.prefix) :]
            environ = {**environ, "SCRIPT_NAME": mount + language.prefix, "PATH_INFO": rest, ASKED_IN: code}
        return self.wsgi_app(environ, start_response)


def speaks(endpoint: str) -> bool:
    """Tell whether a page is there in every language."""
    blueprint = (request.blueprint or "") if endpoint.startswith(".") else endpoint.partition(".")[0]
    return blueprint == SPEAKS and endpoint not in FOR_MACHINES


def this_address() -> str:
    """Return the path of this page as a browser sees it, language and all."""
    return request.script_root + request.path


def in_language(address: str, lang: str) -> str:
    """Return a path of ours, made for this page's language, in another language."""
    here = request.script_root
    return _mount() + language_of(lang).prefix + address.removeprefix(here)


def language_choices() -> list[Choice]:
    """Return this page in each language; none where there is no such page to open."""
    rule = request.url_rule
    if g.get("is_error") or rule is None or not speaks(rule.endpoint) or "GET" not in (rule.methods or ()):
        return []
    query = request.query_string.decode("latin-1")
    now, mount, site = current_lang(), _mount(), settings().public_url
    return [
        Choice(language, mount + path, site + path, is_current=code == now)
        for code, language in LANGUAGES.items()
        for path in [language.prefix + quote(request.path) + (f"?{query}" if query else "")]
    ]


def _is_personal() -> bool:
    return bool(g.get("is_personal"))


def as_written() -> Markup:
    """Return the attributes of what staff have written: it is English on every page, and reads from left to right."""
    language, written = language_of(current_lang()), LANGUAGES[DEFAULT]
    if language.html == written.html:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(written.html, written.direction)


def _mount() -> str:
    """Return where the site itself is mounted, without a language."""
    return request.script_root.removesuffix(language_of(current_lang()).prefix)


def _only_what_speaks() -> None:
    if current_lang() != DEFAULT and request.endpoint is not None and not speaks(request.endpoint):
        abort(404)
