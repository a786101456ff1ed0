"""Parts of pages that are made once and kept by every value that they say, so that none is older than what it tells."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import cast

from flask import Flask, current_app, request
from markupsafe import Markup

from booking.extensions import current_lang

AT_MOST = 400


def init_app(app: Flask) -> None:
    """Begin with nothing kept, and give the templates `{% call made_once("name", …values) %}`."""
    app.extensions["fragments"] = {}
    app.jinja_env.globals["made_once"] = made_once


def made_once(name: str, *says: Hashable, caller: Callable[[], str]) -> Markup:
    """Return what `caller` made for these values, else have it made now. Give it every value that the part says.

    The language and where the site is mounted are always part of them. Time never is: give the day, or what follows
    from the hour. Nothing that belongs to one visitor (a token, a nonce, a name) may stand in a kept part.
    """
    fragments = cast("dict[Hashable, Markup]", current_app.extensions["fragments"])
    key = (name, current_lang(), request.script_root, says)
    made = fragments.get(key)
    if made is None:
        if len(fragments) >= AT_MOST:
            for oldest in list(fragments)[: AT_MOST // 4]:
                fragments.pop(oldest, None)
        made = fragments[key] = Markup(caller())  # noqa: S704 (a template made it, and has escaped what it prints)
    return made
