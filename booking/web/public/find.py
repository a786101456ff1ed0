"""Find a session: the first page, and the list with its search."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking import clock
from booking.locality.kinds import Point
from booking.locality.maps import get_map
from booking.locality.postcodes import split_postcode
from booking.queries.find_sessions import Wanted, count_by_district, find_sessions
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind
from booking.web.public.blueprint import public
from booking.web.public.cards import by_day, cards_for
from booking.web.public.search import Answer, Hit, Search, answer
from booking.web.public.search_form import SearchForm, is_search, read_search
from booking.web.shared.fragments import made_once
from booking.web.shared.settings import locality, postcodes

NEXT = 6


@public.get("/")
def find() -> ResponseReturnValue:
    """Show the search, the map of districts, the same as a list, and what comes next."""
    now = clock.now()
    hits = tuple(Hit(session=row) for row in find_sessions(Wanted(), now=now, limit=NEXT))
    counts = count_by_district(now=now)
    content = made_once("find", hits, *sorted(counts.items()), caller=lambda: _first_page(hits, counts))
    return render_template("public/find.html", content=content)


@public.get("/sessions")
def sessions() -> ResponseReturnValue:
    """List the sessions that fit the search in the page's address."""
    here, page = locality(), _page_number(request.args.get("page", ""))
    if not is_search(request.args):
        found = answer(Search(), here, now=clock.now(), locate=postcodes().find_place, page=page)
        content = made_once("sessions", found, caller=lambda: _results(read_search(None, here), Search(), found))
        return render_template("public/sessions.html", content=content)
    form = read_search(request.args, here)
    form.validate()
    if shorter := _without_what_we_need_not_know(form.place.data or ""):
        return redirect(url_for("public.sessions", **_arguments(form) | shorter), 303)
    search = _search(form)
    found = answer(search, here, now=clock.now(), locate=postcodes().find_place, page=page)
    content = Markup(_results(form, search, found))  # noqa: S704 (a template made it)
    return render_template("public/sessions.html", content=content, has_errors=bool(form.errors))


def _first_page(hits: tuple[Hit, ...], counts: dict[str, int]) -> str:
    here = locality()
    return render_template(
        "public/parts/find.html",
        form=read_search(None, here),
        map=get_map(here.code),
        counts=counts,
        links={each.code: url_for("public.sessions", district=each.code) for each in here.inside_districts},
        districts=here.inside_districts,
        cards=cards_for(hits, here),
    )


def _results(form: SearchForm, search: Search, found: Answer) -> str:
    here = locality()
    cards = cards_for(found.hits, here)
    return render_template(
        "public/parts/sessions.html",
        form=form,
        found=found,
        near=search.near,
        cards=cards,
        days=[] if search.near else by_day(cards),
        not_checked=cards_for(found.not_checked, here),
        instead=cards_for(found.instead, here),
        online_instead=cards_for(found.online_instead, here),
        changes=_changes(form),
        earlier=_page_link(form, found.page - 1) if found.page > 1 else None,
        later=_page_link(form, found.page + 1) if found.page < found.pages else None,
    )


def _without_what_we_need_not_know(place: str) -> dict[str, str | None] | None:
    """Give what to ask for instead: a full postcode's first part, or the district that was typed as a place."""
    outcode, inward = split_postcode(place)
    if outcode and inward:
        return {"place": outcode}
    if place and postcodes().find_place(place) is None:
        district = locality().find_district(place)
        if district and district.inside:
            return {"place": None, "district": district.code}
    return None


def _search(form: SearchForm) -> Search:
    return Search(
        near=_find_place(form),
        middle=_middle_of(form.district.data) if form.district.data else None,
        district=form.district.data or None,
        kind=EventKind(form.kind.data) if form.kind.data else None,
        band=TimeBand(form.time.data) if form.time.data else None,
        online=bool(form.online.data),
        facts=tuple(form.with_.data or ()),
    )


def _find_place(form: SearchForm) -> Point | None:
    if not form.place.data or form.place.errors:
        return None
    point = postcodes().find_place(form.place.data)
    if point is None:
        sentence = _(
            "We cannot find that place. Check the spelling, try a town nearby, or the first part of a postcode, "
            "for example CT9."
        )
        form.place.errors = [*form.place.errors, sentence]
    return point


def _middle_of(district: str) -> Point | None:
    """Give the middle of a district's towns, from which the nearest sessions outside it are counted."""
    towns = [town for town in locality().towns if postcodes().districts_of(town.outcodes[0])[:1] == (district,)]
    if not towns:
        return None
    return Point(sum(town.easting for town in towns) // len(towns), sum(town.northing for town in towns) // len(towns))


def _arguments(form: SearchForm) -> dict[str, Any]:
    """Give the search as the arguments of an address, without what is not set."""
    values: dict[str, Any] = {
        "place": form.place.data,
        "district": form.district.data,
        "kind": form.kind.data,
        "time": form.time.data,
        "online": "y" if form.online.data else None,
        "with": list(form.with_.data or ()),
    }
    return {name: value for name, value in values.items() if value}


def _changes(form: SearchForm) -> list[tuple[str, str]]:
    """Give the ways to ask for less: a sentence and the address of the search without that part."""
    sentences = {
        "place": _("Look in all places"),
        "district": _("Look in all districts"),
        "kind": _("Look for all kinds of session"),
        "time": _("Look at any time of day"),
        "online": _("Look at sessions you go to, too"),
        "with": _("Look at all places, whatever they have"),
    }
    asked = _arguments(form)
    return [
        (sentences[name], url_for("public.sessions", **{key: value for key, value in asked.items() if key != name}))
        for name in asked
    ]


def _page_link(form: SearchForm, page: int) -> str:
    return url_for("public.sessions", **_arguments(form), page=page if page > 1 else None)


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
