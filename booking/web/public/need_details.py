"""The page that may be skipped: a few words on each need, and who it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.formats import words_for
from booking.locality.kinds import Need as NeedKind
from booking.rules.access_needs import IN_OWN_WORDS
from booking.rules.words import ForWhom
from booking.web.public.asked_needs import who_it_may_be_for
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import DETAIL
from booking.web.public.draft_pages import open_page
from booking.web.public.matches import said_at
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.shared.settings import locality


@public.route("/book/<draft>/needs/details", methods=["GET", "POST"])
def book_need_details(draft: str) -> ResponseReturnValue:
    """Take a few words on each need, and who it is for when more than one person comes; all of it optional."""
    page = open_page(draft, "needs")
    before = page.answers.of("needs")
    kinds = [locality().get_need(code) for code in page.answers.needs]
    if not kinds:
        return redirect(page.address("needs"), 303)
    form = details_form(kinds, who_it_may_be_for(page.answers.of("who")), before.get("details", {}))
    if form.validate_on_submit():
        return page.keep({**before, "details": details_typed(form, kinds)})
    said = {need.code: need for need in said_at(page.event, kinds)}
    return page.show("public/book/need_details.html", form, kinds=kinds, said=said)


def details_form(
    kinds: Sequence[NeedKind], people: Sequence[ForWhom], before: dict[str, Any], **more: Any
) -> HouseForm:
    """Return a form with a box for each need, and the question whom it is for; `more` are further fields."""
    questions: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for kind in kinds:
        own = before.get(kind.code, {})
        if people:
            questions[_for_name(kind)] = _for_whom(kind, people)
            data[_for_name(kind)] = own.get("for")
        if kind.code != IN_OWN_WORDS:  # its words are those of the page before
            questions[_detail_name(kind)] = TextAreaField(
                _("%(need)s: anything we should know? (optional)", need=_(kind.label)), validators=[AtMost(DETAIL)]
            )
            data[_detail_name(kind)] = own.get("words", "")
    form: HouseForm = type("NeedDetailsForm", (HouseForm,), questions | more)(data=data)
    return form


def details_typed(form: HouseForm, kinds: Sequence[NeedKind]) -> dict[str, dict[str, str]]:
    """Return what was said of each need: its `words` and whom it is `for`; nothing of a need left empty."""
    kept = {}
    for kind in kinds:
        names = {"words": _detail_name(kind), "for": _for_name(kind)}
        own = {part: form[name].data for part, name in names.items() if name in form and form[name].data}
        if own:
            kept[kind.code] = own
    return kept


def _for_whom(kind: NeedKind, people: Sequence[ForWhom]) -> RadioField:
    return RadioField(
        _("%(need)s: who is this for? (optional)", need=_(kind.label)),
        choices=[SelectChoice(each.value, words_for.wording(each)) for each in people],
        validate_choice=False,
        validators=[_one_of(people)],
    )


def _one_of(people: Sequence[ForWhom]) -> Any:
    def validate(_form: HouseForm, field: Any) -> None:
        if field.data and field.data not in set(people):
            raise ValidationError(_("Choose who this is for from the list."))

    return validate


def _detail_name(kind: NeedKind) -> str:
    return f"detail_{kind.code}"


def _for_name(kind: NeedKind) -> str:
    return f"for_{kind.code}"
