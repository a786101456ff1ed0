"""The booking pages that may all be skipped: the children, what would make it easier, a question for the panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking.locality.kinds import Need, NeedGroup
from booking.models import Event
from booking.rules.access_needs import needs_for
from booking.web.public.answers import WITH_PANEL
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import DETAIL, MOST_CHILDREN, PROFILE, ChildForm, NeedsForm, QuestionForm
from booking.web.public.draft_pages import DraftPage, open_page, wants_check
from booking.web.public.matches import hints_at
from booking.web.public.need_choice import chosen as chosen_needs
from booking.web.shared.settings import locality


@public.route("/book/<draft>/children", methods=["GET", "POST"])
def book_children(draft: str) -> ResponseReturnValue:
    """Ask the three optional questions, about one child at a time; "Add another" needs no script."""
    page = open_page(draft, "children")
    before = page.answers.of("children")
    told = page.answers.children
    number = min(_child_asked_for(), len(told))
    this_child = told[number] if number < len(told) else {}
    form = ChildForm.of(locality(), data={**this_child, "consent_profile": before.get("consent", False)})
    if form.validate_on_submit():
        told[number : number + 1] = [form.child]
        told = [child for child in told if child]
        answer = page.keep({"list": told, "consent": bool(form.consent_profile.data)})
        if request.form.get("action") == "another" and len(told) < MOST_CHILDREN:
            back_to = "&to=check" if wants_check() else ""
            return redirect(f"{page.address('children')}?child={len(told) + 1}{back_to}", 303)
        return answer
    questions = [(form[name], locality().get_question(name)) for name in PROFILE]
    return page.show("public/book/children.html", form, questions=questions, number=number, told=told)


@public.route("/book/<draft>/needs", methods=["GET", "POST"])
def book_needs(draft: str) -> ResponseReturnValue:
    """Ask what would make it easier: the most asked first, and whatever was chosen from the longer list."""
    page = open_page(draft, "needs")
    before, is_prefilled = _said_before(page)
    kinds = first_needs(page.event, before.get("chosen", []))
    form = NeedsForm.of(kinds, locality(), helped=page.answers.is_helped, data=_as_typed(before))
    if form.is_submitted() and request.form.get("action") == "more":
        form.validate()
        if len(form.need_detail.data or "") <= DETAIL:
            return _keep_and_open(page, "more_needs", _kept(form, form.ticked, before))
    elif form.validate_on_submit():
        kept = _kept(form, form.chosen, before)
        if request.form.get("action") == "details" and form.chosen:
            return _keep_and_open(page, "need_details", kept)
        return page.keep(kept)
    return page.show(
        "public/book/needs.html", form, hints=hints_at(page.event, kinds), is_prefilled=is_prefilled and not form.errors
    )


@public.route("/book/<draft>/needs/more", methods=["GET", "POST"])
def book_more_needs(draft: str) -> ResponseReturnValue:
    """Offer all other kinds of support, group by group; then back to the page that asks for consent."""
    page = open_page(draft, "needs")
    before, _is_prefilled = _said_before(page)
    chosen_before = before.get("chosen", [])
    first = {need.code for need in first_needs(page.event, ())}
    rest = [need for need in needs_for(locality().needs, page.event.delivery) if need.code not in first]
    form = NeedsForm.of(rest, locality(), data={"needs": chosen_before})
    if form.is_submitted():
        chosen = [code for code in chosen_before if code in first] + form.ticked
        kept = {**before, "chosen": chosen, "any": "yes" if chosen else before.get("any")}
        return _keep_and_open(page, "needs", kept)
    groups = grouped(rest, chosen_before, hints=hints_at(page.event, rest))
    return page.show("public/book/more_needs.html", form, groups=groups)


@public.route("/book/<draft>/questions", methods=["GET", "POST"])
def book_questions(draft: str) -> ResponseReturnValue:
    """Take a question for the panel; only forums have one."""
    page = open_page(draft, "questions")
    if page.event.kind not in WITH_PANEL:
        return redirect(page.address("check"), 303)
    form = QuestionForm(data=page.answers.of("questions"))
    if form.validate_on_submit():
        return page.keep({"question": form.question.data or ""})
    return page.show("public/book/questions.html", form)


def first_needs(event: Event, chosen: Any) -> list[Need]:
    """Return the most asked needs that make sense at this session, and after them what was chosen besides."""
    fitting = needs_for(locality().needs, event.delivery)
    most_asked = [need for need in locality().most_asked if need in fitting]
    return most_asked + [need for need in fitting if need.code in chosen and need not in most_asked]


def grouped(
    needs: list[Need], chosen: list[str], *, hints: Mapping[str, Markup] | None = None
) -> list[tuple[NeedGroup, list[dict[str, Any]]]]:
    """Return needs by their group, as items of checkboxes; `hints` stand in for each need's own help."""
    groups = []
    for group in locality().need_groups:
        items = [
            {
                "value": need.code,
                "text": _(need.label),
                "checked": need.code in chosen,
                **_hint(need, hints),
            }
            for need in needs
            if need.group == group.code
        ]
        if items:
            groups.append((group, items))
    return groups


def _hint(need: Need, hints: Mapping[str, Markup] | None) -> dict[str, Any]:
    if hints is not None:
        return {"hint": {"html": hints[need.code]}}
    return {"hint": {"text": _(need.help)}} if need.help else {}


def _said_before(page: DraftPage) -> tuple[dict[str, Any], bool]:
    """Return what was said on this page, else what was ticked before booking began, and whether it is that."""
    if page.answers.has("needs"):
        return page.answers.of("needs"), False
    fitting = needs_for(locality().needs, page.event.delivery)
    ticked = [need.code for need in chosen_needs() if need in fitting]
    return ({"any": "yes", "chosen": ticked}, True) if ticked else ({}, False)


def _keep_and_open(page: DraftPage, name: str, given: dict[str, Any]) -> ResponseReturnValue:
    """Keep the answers and open one of the pages about needs; from there the way leads back to where it began."""
    page.keep(given)
    return redirect(page.address(name) + ("?to=check" if wants_check() else ""), 303)


def _as_typed(before: dict[str, Any]) -> dict[str, Any]:
    return {
        "any_needs": before.get("any"),
        "needs": before.get("chosen", []),
        "need_detail": before.get("detail", ""),
        "consent_needs": before.get("consent", False),
        "remember_needs": before.get("remember", False),
    }


def _kept(form: NeedsForm, chosen: list[str], before: dict[str, Any]) -> dict[str, Any]:
    details = {code: said for code, said in before.get("details", {}).items() if code in chosen}
    return {
        **({"details": details} if details else {}),
        "any": form.any_needs.data or ("yes" if chosen else "no"),
        "chosen": chosen,
        "detail": form.need_detail.data or "",
        "consent": bool(form.consent_needs.data),
        "remember": bool("remember_needs" in form and form.remember_needs.data),
    }


def _child_asked_for() -> int:
    text = request.args.get("child", "")
    return int(text) - 1 if text in {str(number) for number in range(1, MOST_CHILDREN + 1)} else 0
