"""Find a session: the first page, and what fits a search, as a list or as a calendar."""

from __future__ import annotations

from functools import partial

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking import clock
from booking.locality.kinds import Point
from booking.locality.maps import get_map
from booking.queries.find_sessions import Wanted, count_by_district, find_sessions
from booking.rules.calendar_periods import SchoolTime
from booking.rules.months import month_of, parse_month
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind
from booking.web.public.blueprint import public
from booking.web.public.cards import by_day, cards_for
from booking.web.public.matches import made_for_this_family
from booking.web.public.month_view import calendar_month
from booking.web.public.need_choice import chosen
from booking.web.public.search import Answer, Hit, Search, answer, instead_of
from booking.web.public.search_form import SearchForm, is_search, read_search
from booking.web.public.search_links import (
    arguments_of,
    fit_link,
    list_link,
    month_link,
    news_link,
    page_link,
    ways_to_ask_for_less,
    wish_link,
)
from booking.web.public.typed_place import less_than_typed, middle_of
from booking.web.shared.pages import page_asked
from booking.web.shared.settings import locality, postcodes

NEXT = 6


@public.get("/")
def find() -> ResponseReturnValue:
    """Show the search, the map of districts, the same as a list, and what comes next."""
    now = clock.now()
    hits = tuple(Hit(session=row) for row in find_sessions(Wanted(), now=now, limit=NEXT))
    counts = count_by_district(now=now)
    month = month_of(clock.today())
    says = (hits, month, locality().inside_districts, *sorted(counts.items()))
    content = made_for_this_family("find", *says, caller=lambda: _first_page(hits, counts))
    return render_template("public/find.html", content=content)


@public.get("/sessions")
def sessions() -> ResponseReturnValue:
    """Show the sessions that fit the search in the page's address."""
    here, page = locality(), page_asked()
    if not is_search(request.args):
        found = answer(Search(), here, now=clock.now(), locate=postcodes().find_place, page=page)
        month = month_of(clock.today())
        content = made_for_this_family(
            "sessions",
            found,
            month,
            here.inside_districts,
            caller=lambda: _list(read_search(None, here), Search(), found),
        )
        return render_template("public/sessions.html", content=content)
    form = read_search(request.args, here)
    asked_district = form.district.data or ""
    form.validate()
    if shorter := less_than_typed(form.place.data or "", asked_district):
        return redirect(url_for("public.sessions", **arguments_of(form) | shorter), 303)
    search = _search(form)
    if chosen():
        g.is_personal = True
    if form.view.data:
        content = Markup(_calendar(form, search))  # noqa: S704 (a template made it)
    else:
        found = answer(search, here, now=clock.now(), locate=postcodes().find_place, page=page)
        says = (found, month_of(clock.today()), here.inside_districts, *form.says)
        content = made_for_this_family("search", *says, caller=lambda: _list(form, search, found))
    return render_template("public/sessions.html", content=content, has_errors=bool(form.errors))


def _first_page(hits: tuple[Hit, ...], counts: dict[str, int]) -> str:
    here = locality()
    return render_template(
        "public/parts/find.html",
        form=read_search(None, here),
        map=get_map(here),
        counts=counts,
        links={each.code: url_for("public.sessions", district=each.code) for each in here.inside_districts},
        districts=here.inside_districts,
        cards=cards_for(hits, here),
    )


def _list(form: SearchForm, search: Search, found: Answer) -> str:
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
        changes=ways_to_ask_for_less(form),
        wish_link=wish_link(form),
        news_link=news_link(form),
        list_link=list_link(form),
        fit=search.fit,
        fit_link=fit_link(form),
        month_link=month_link(form),
        page_link=partial(page_link, form),
    )


def _calendar(form: SearchForm, search: Search) -> str:
    here, locate = locality(), postcodes().find_place
    shown = calendar_month(search, here, locate=locate)
    nothing = not (shown.total or shown.around)
    instead, online = instead_of(search, now=clock.now(), locate=locate) if nothing else ((), ())
    return render_template(
        "public/parts/month.html",
        form=form,
        shown=shown,
        links={month: month_link(form, month) for month in (shown.earlier, shown.later, shown.around) if month},
        month_link=month_link(form, shown.month),
        list_link=list_link(form),
        fit=search.fit,
        fit_link=fit_link(form),
        instead=cards_for(instead, here),
        online_instead=cards_for(online, here),
        changes=ways_to_ask_for_less(form),
        wish_link=wish_link(form),
        news_link=news_link(form),
    )


def _search(form: SearchForm) -> Search:
    return Search(
        near=_find_place(form),
        middle=middle_of(form.district.data) if form.district.data else None,
        district=form.district.data or None,
        kind=EventKind(form.kind.data) if form.kind.data else None,
        topic=form.topic.data or None,
        when=SchoolTime(form.when.data) if form.when.data else None,
        month=parse_month(form.month.data) if form.month.data else None,
        band=TimeBand(form.time.data) if form.time.data else None,
        online=bool(form.online.data),
        facts=tuple(form.with_.data or ()),
        fit=bool(form.fit.data and chosen()),
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
