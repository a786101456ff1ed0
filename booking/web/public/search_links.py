"""A search as addresses: every page and every smaller search has one that can be kept and passed on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from booking.rules.months import month_code
from booking.web.public.search_form import FIT, SearchForm


def arguments_of(form: SearchForm) -> dict[str, Any]:
    """Give the search as the arguments of an address, without what is not set."""
    values: dict[str, Any] = {
        "view": form.view.data,
        "place": form.place.data,
        "district": form.district.data,
        "kind": form.kind.data,
        "topic": form.topic.data,
        "when": form.when.data,
        "month": form.month.data,
        "time": form.time.data,
        "online": "y" if form.online.data else None,
        "with": list(form.with_.data or ()),
        "fit": form.fit.data,
    }
    return {name: value for name, value in values.items() if value}


def ways_to_ask_for_less(form: SearchForm) -> list[tuple[str, str]]:
    """Give a sentence for each part of the search, with the address of the search without that part."""
    sentences = {
        "place": _("Look in all places"),
        "district": _("Look in all districts"),
        "kind": _("Look for all kinds of session"),
        "topic": _("Look for all topics"),
        "when": _("Look in term time and in the holidays"),
        "month": _("Look in all months"),
        "time": _("Look at any time of day"),
        "online": _("Look at sessions you go to, too"),
        "with": _("Look at all places, whatever they have"),
        "fit": _("Show all sessions, not only those that fit what you ticked"),
    }
    asked = arguments_of(form)
    return [(sentences[name], _address(asked, **{name: None})) for name in asked if name in sentences]


def page_link(form: SearchForm, page: int) -> str:
    """Give the address of another page of the list."""
    return _address(arguments_of(form), page=page if page > 1 else None)


def list_link(form: SearchForm) -> str:
    """Give the address of the same search as a list of all months."""
    return _address(arguments_of(form), view=None, month=None)


def month_link(form: SearchForm, month: date | None = None) -> str:
    """Give the address of the same search as a calendar; without a month it opens where the first session is."""
    return _address(arguments_of(form), view="month", month=month_code(month) if month else form.month.data or None)


def wish_link(form: SearchForm) -> str:
    """Give the address where somebody tells what would suit them, with what they searched for."""
    kept = ("place", "district", "kind", "time", "online")
    return url_for("public.wish", **{name: value for name, value in arguments_of(form).items() if name in kept})


def news_link(form: SearchForm) -> str:
    """Give the address where somebody asks to be told when something like it appears."""
    kept = ("place", "district", "kind", "online")
    return url_for("public.news", **{name: value for name, value in arguments_of(form).items() if name in kept})


def fit_link(form: SearchForm) -> str:
    """Give the address of the same search, only for what fits this family or for everything."""
    return _address(arguments_of(form), fit=None if form.fit.data else FIT)


def _address(arguments: dict[str, Any], **changed: Any) -> str:
    kept = {name: value for name, value in (arguments | changed).items() if value}
    return url_for("public.sessions", **kept)
