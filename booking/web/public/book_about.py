"""The booking pages that may all be skipped: the children, what would make it easier, a question for the panel."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.locality.kinds import Need, NeedGroup
from booking.models import Event
from booking.rules.access_needs import needs_for
from booking.web.public.answers import WITH_PANEL
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import MOST_CHILDREN, PROFILE, ChildForm, NeedsForm, QuestionForm
from booking.web.public.draft_pages import open_page, wants_check
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
    before = page.answers.of("needs")
    kinds = first_needs(page.event, page.answers.needs)
    form = NeedsForm.of(kinds, locality(), data=_as_typed(before))
    if form.is_submitted() and request.form.get("action") == "more":
        form.validate()
        if not form.need_detail.errors:
            return page.keep(_kept(form, form.ticked), then="more_needs")
    elif form.validate_on_submit():
        return page.keep(_kept(form, form.chosen))
    hints = {kind.code: _(kind.help) for kind in kinds if kind.help}
    return page.show("public/book/needs.html", form, hints=hints)


@public.route("/book/<draft>/needs/more", methods=["GET", "POST"])
def book_more_needs(draft: str) -> ResponseReturnValue:
    """Offer all other kinds of support, group by group; then back to the page that asks for consent."""
    page = open_page(draft, "needs")
    first = {need.code for need in first_needs(page.event, ())}
    rest = [need for need in needs_for(locality().needs, page.event.delivery) if need.code not in first]
    form = NeedsForm.of(rest, locality(), data={"needs": page.answers.needs})
    if form.is_submitted():
        before = page.answers.of("needs")
        chosen = [code for code in page.answers.needs if code in first] + form.ticked
        return page.keep({**before, "chosen": chosen, "any": "yes" if chosen else before.get("any")}, then="needs")
    return page.show("public/book/more_needs.html", form, groups=grouped(rest, page.answers.needs))


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


def grouped(needs: list[Need], chosen: list[str]) -> list[tuple[NeedGroup, list[dict[str, Any]]]]:
    """Return needs by their group, as items of checkboxes."""
    groups = []
    for group in locality().need_groups:
        items = [
            {
                "value": need.code,
                "text": _(need.label),
                "checked": need.code in chosen,
                **({"hint": {"text": _(need.help)}} if need.help else {}),
            }
            for need in needs
            if need.group == group.code
        ]
        if items:
            groups.append((group, items))
    return groups


def _as_typed(before: dict[str, Any]) -> dict[str, Any]:
    return {
        "any_needs": before.get("any"),
        "needs": before.get("chosen", []),
        "need_detail": before.get("detail", ""),
        "consent_needs": before.get("consent", False),
        "remember_needs": before.get("remember", False),
    }


def _kept(form: NeedsForm, chosen: list[str]) -> dict[str, Any]:
    return {
        "any": form.any_needs.data or ("yes" if chosen else "no"),
        "chosen": chosen,
        "detail": form.need_detail.data or "",
        "consent": bool(form.consent_needs.data),
        "remember": bool(form.remember_needs.data),
    }


def _child_asked_for() -> int:
    text = request.args.get("child", "")
    return int(text) - 1 if text in {str(number) for number in range(1, MOST_CHILDREN + 1)} else 0
