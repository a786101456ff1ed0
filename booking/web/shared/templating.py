"""What every template can use: our look, dates and words, the help block."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from jinja2.environment import create_cache

from booking.extensions import current_lang, language_of
from booking.formats import words_for
from booking.queries.installation import is_demonstration
from booking.web.shared import easy_read, fields, fragments, translations
from booking.web.shared.settings import locality, settings

KEEP_ALL = -1
"""There are more templates than the 400 that Jinja keeps: one thrown out is compiled again for the next reader."""


def init_app(app: Flask) -> None:
    """Teach Jinja our loaders, filters and globals."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loaders = [loader for loader in (app.jinja_loader, govuk) if loader is not None]
    app.jinja_env.loader = ChoiceLoader(loaders)
    app.jinja_env.cache = create_cache(KEEP_ALL)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, words=words_for, fields=fields)
    translations.init_app(app)
    fragments.init_app(app)
    easy_read.init_app(app)
    app.context_processor(_about_this_page)


def _about_this_page() -> dict[str, Any]:
    return {
        "brand": locality().brand,
        "help_email": settings().help_email,
        "help_phone": settings().help_phone,
        "lang": current_lang(),
        "language": language_of(current_lang()),
        "csp_nonce": g.get("csp_nonce", ""),
        "is_demonstration": is_demonstration,
    }


def asset(name: str) -> str:
    """Return the address of a built asset: `app.css` has its content's hash in its name."""
    built = _manifest(Path(current_app.static_folder or "") / "built" / "manifest.json")
    return url_for("static", filename=f"built/{built[name]}")


@cache
def _manifest(path: Path) -> dict[str, str]:
    if not path.exists():
        raise RuntimeError("The styles are not built: run `make run` or `make test` once.")
    names: dict[str, str] = json.loads(path.read_text())
    return names
