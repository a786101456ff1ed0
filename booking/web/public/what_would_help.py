"""Ask what would help before anything is booked, so that each session can say what it offers."""

from __future__ import annotations

import re
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from booking.locality.kinds import NeedGroup
from booking.web.public import need_choice
from booking.web.public.blueprint import public
from booking.web.shared.forms import HouseForm
from booking.web.shared.settings import locality

SLUG = re.compile(r"[a-z0-9-]{1,80}")


class WhatWouldHelpForm(HouseForm):
    """The needs to choose from; ticks that are not on the list are left out."""

    needs = SelectMultipleField(_l("Tick what would help"), validate_choice=False)

    @property
    def ticked(self) -> list[str]:
        return [code for code, _label in self.needs.choices if code in (self.needs.data or ())]

    def validate_needs(self, _field: Any) -> None:
        if len(self.ticked) > need_choice.AT_MOST:
            raise ValidationError(
                ngettext(
                    "Choose no more than %(num)d thing here. You can add more when you book.",
                    "Choose no more than %(num)d things here. You can add more when you book.",
                    need_choice.AT_MOST,
                )
            )


@public.app_context_processor
def _what_was_chosen() -> dict[str, Any]:
    """Let every page ask what this browser's family said; only who asks opens the cookie."""
    return {"would_help": need_choice.chosen}


@public.route("/what-would-help", methods=["GET", "POST"])
def what_would_help() -> ResponseReturnValue:
    """Show what can be ticked; keep it in this browser, or take it out again."""
    g.is_personal = True
    before = [need.code for need in need_choice.chosen()]
    form = WhatWouldHelpForm(data={"needs": before})
    first = [code for code in locality().most_asked_codes if code != need_choice.NEEDS_OWN_WORDS]
    by_first = sorted(need_choice.offered(), key=lambda need: first.index(need.code) if need.code in first else 99)
    form.needs.choices = [(need.code, _(need.label)) for need in by_first]
    if form.is_submitted() and request.form.get("action") == "clear":
        need_choice.forget()
        return redirect(_back(), 303)
    if form.validate_on_submit():
        need_choice.keep(form.ticked)
        return redirect(_back(), 303)
    page = render_template(
        "public/what_would_help.html",
        form=form,
        first=first,
        hints={need.code: _(need.help) for need in need_choice.offered() if need.help},
        groups=_groups(first, form.ticked),
        has_choice=bool(before),
        about=_session_asked_from(),
        back=_back(),
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200


def _back() -> str:
    """Give where the family came from: a session's page, or the list."""
    slug = _session_asked_from()
    return url_for("public.session_page", slug=slug) if slug else url_for("public.sessions")


def _session_asked_from() -> str | None:
    slug = request.args.get("session", "")
    return slug if SLUG.fullmatch(slug) else None


def _groups(first: list[str], ticked: list[str]) -> list[tuple[NeedGroup, list[str], bool]]:
    """Give the needs that are not asked most, by group, and whether one of a group is ticked."""
    groups = []
    for group in locality().need_groups:
        rest = [need.code for need in need_choice.offered() if need.group == group.code and need.code not in first]
        if rest:
            groups.append((group, rest, any(code in ticked for code in rest)))
    return groups
