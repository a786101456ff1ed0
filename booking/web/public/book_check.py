"""The last booking page: every answer with a way to change it, and the one press that books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Refusal, SessionFull
from booking.extensions import current_lang, limiter, transaction
from booking.formats import refusals, words_for
from booking.queries.bookings import room_in
from booking.rules.places import fits
from booking.rules.words import ContactBy, HelperKind
from booking.services.book_draft import book_draft
from booking.services.book_places import mark_of
from booking.web.public.answers import WITH_PANEL, Answers, to_request
from booking.web.public.asked_needs import need_lines
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import PROFILE, TrapForm
from booking.web.public.chosen_time import chosen_time, full_times, words_of
from booking.web.public.course_check import button_for, chosen_dates, dates_to_book, full_dates, lines_of
from booking.web.public.draft_pages import DraftPage, address_after, open_page, refuse_if_closed, slow_down
from booking.web.shared.settings import locality

MENDED_ON = {
    "slot": "who",
    "dates": "who",
    "adults": "who",
    "consent_needs": "needs",
    "needs": "needs",
    "consent_profile": "children",
}


@dataclass(frozen=True)
class Row:
    """One answer on the check page; no words means that it was skipped."""

    label: str
    words: list[str]
    page: str


@public.route("/book/<draft>/check", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"], on_breach=slow_down)
def book_check(draft: str) -> ResponseReturnValue:
    """Show every answer; book, or join the waiting list."""
    page = open_page(draft, "check")
    form = TrapForm()
    if form.is_submitted() and page.answers.first_missing:
        return page.go_on(page.answers.pages, then="check")
    if not form.validate_on_submit():
        return _show(page, form, full=_full_now(page))
    return _book(page, form, accept_list=request.form.get("waiting_list") == "yes")


def _book(page: DraftPage, form: TrapForm, *, accept_list: bool) -> ResponseReturnValue:
    asked = to_request(
        page.answers,
        event_id=page.draft.event_id,
        draft_id=page.draft.id,
        lang=current_lang(),
        accept_list=accept_list,
    )
    asked = replace(asked, seen=tuple(request.form.getlist("seen")))
    dates = dates_to_book(page)
    try:
        with transaction():
            then = address_after(book_draft(asked, dates=dates), draft=page.token)
    except SessionFull as refusal:
        return _show(page, form, full=_full_now(page) or refusal, status=409)
    except Refusal as refusal:
        return _refused(page, form, refusal)
    return redirect(then, 303)


def _refused(page: DraftPage, form: TrapForm, refusal: Refusal) -> ResponseReturnValue:
    """Show why not, with a way to the page where it can be mended; a session that closed meanwhile has its own page."""
    refuse_if_closed(page.event)
    form.form_errors.append(refusal.sentence)
    mend = page.address(MENDED_ON[refusal.field]) if refusal.field in MENDED_ON else None
    return _show(page, form, full=_full_now(page) if chosen_dates(page) else None, status=refusal.status, mend=mend)


def _show(
    page: DraftPage, form: TrapForm, *, full: SessionFull | None, status: int | None = None, mend: str | None = None
) -> ResponseReturnValue:
    dates = chosen_dates(page)
    button = button_for(dates, full, needed=_needed(page))
    rows = rows_of(page)
    shown = [mark_of(event) for event in (page.event, *(each.event for each in dates))]
    return page.show(
        "public/book/check.html",
        form,
        status=status,
        rows=rows,
        full=full,
        mend=mend,
        dates=dates,
        button=button,
        shown=list(dict.fromkeys(shown)),
    )


def rows_of(page: DraftPage) -> list[Row]:
    """Return every answer in the order it was given, one row a question."""
    answers = page.answers
    rows = [*_who(page), *_contact(answers)]
    if "children" in answers.steps(page.event.kind):
        rows.append(Row(_("About your child or children"), _profile(answers), "children"))
    rows.append(Row(_("What would make it easier"), _needs(answers), "needs"))
    if page.event.kind in WITH_PANEL:
        question = answers.of("questions").get("question")
        rows.append(Row(_("Your question for the panel"), [question] if question else [], "questions"))
    return rows


def _who(page: DraftPage) -> list[Row]:
    who = page.answers.of("who")
    rows = [
        Row(_("Who you book for"), [words_for.wording(page.answers.booking_for)], "who"),
        Row(_("Who is coming"), _coming(who), "who"),
    ]
    if page.answers.is_helped:
        helper = page.answers.of("helper")
        words = [helper["name"], words_for.wording(HelperKind(helper["kind"]))] if helper else []
        rows.append(Row(_("Your own name"), words, "helper"))
    if dates := chosen_dates(page):
        rows.append(Row(_("Your dates"), lines_of(dates, needed=_needed(page)), "who"))
    if (time := chosen_time(page)) is not None:
        rows.append(Row(_("Your time"), words_of(time), "who"))
    return rows


def _coming(who: dict[str, Any]) -> list[str]:
    supporters, interpreters = int(who.get("supporters") or 0), int(who.get("interpreters") or 0)
    words = [words_for.adults(int(who.get("adults", 1))), words_for.children(int(who.get("children", 0)))]
    words += [words_for.supporters(supporters)] if supporters else []
    return words + ([words_for.interpreters(interpreters)] if interpreters else [])


def _contact(answers: Answers) -> list[Row]:
    contact, helped = answers.of("contact"), answers.is_helped
    if not contact:
        return [Row(_("Your name and contact"), [], "contact")]
    names = [contact["full_name"], *contact["other_names"]]
    ways = [words_for.wording(ContactBy(contact["contact_by"])), contact["email"], contact["phone"]]
    if contact.get("may_text"):
        ways.append(_("You may text this number"))
    if contact.get("wants_morning_text"):
        ways.append(_("A text on the morning, too"))
    district = locality().get_district(contact["district"])
    area = [_(district.name)] if district.code != "unknown" else []
    place = [contact["outcode"], *area] if contact["outcode"] else []
    return [
        Row(_("Names"), names, "contact"),
        Row(
            _("How we contact the family") if helped else _("How we contact you"),
            [each for each in ways if each],
            "contact",
        ),
        Row(_("Where the family lives") if helped else _("Where you live"), place, "contact"),
    ]


def _profile(answers: Answers) -> list[str]:
    said = answers.profile
    questions = [locality().get_question(name) for name in PROFILE]
    return [
        _(option.label)
        for question in questions
        for option in question.options
        if option.code in said.get(question.code, [])
    ]


def _needs(answers: Answers) -> list[str]:
    if not answers.has("needs"):
        return []
    return need_lines(answers.of("needs")) or [_("Nothing")]


def _full_now(page: DraftPage) -> SessionFull | None:
    """Return what would be said if the family booked now and did not fit; None when it fits."""
    if dates := chosen_dates(page):
        return full_dates(dates, needed=_needed(page))
    time = chosen_time(page)
    room = room_in(page.event, role=time.first.role if time else None)
    if room.waiting and room.left != 0:
        return refusals.others_wait()
    if time is not None:
        return full_times(page, time)
    return None if fits(_needed(page), room.left) else refusals.full(room.left or 0)


def _needed(page: DraftPage) -> int:
    return int(page.answers.of("who").get("adults", 1))
