"""The first booking pages: who is coming and how to reach them. `book_about.py` and `book_check.py` hold the others."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby, takewhile
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.extensions import known_lang, limiter, transaction
from booking.formats import words_for
from booking.models import Event, Slot
from booking.queries.bookings import find_session, roles_waited_for, room_in
from booking.rules.words import BookingFor, BookingMode
from booking.services.keep_draft import begin_draft, clear_draft
from booking.web.public import prefill
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import ContactForm, DistrictForm, WhoAndWhenForm, WhoForm
from booking.web.public.chosen_time import may_be_longer
from booking.web.public.course_forms import ask_for_dates, dates_chosen
from booking.web.public.draft_pages import DraftPage, browser_secret, open_page, refuse_if_closed, slow_down
from booking.web.public.helper_forms import FamilyContactForm
from booking.web.shared.languages import in_language, this_address
from booking.web.shared.settings import locality, postcodes


@public.route("/sessions/<slug>/book", methods=["GET", "POST"])
@limiter.limit("240 per hour", methods=["POST"], on_breach=slow_down)
def start_booking(slug: str) -> ResponseReturnValue:
    """Ask who is coming; the answer begins a draft."""
    event = _session(slug)
    refuse_if_closed(event)
    form = _who_form(event, prefill.who_before())
    if form.validate_on_submit() and may_be_longer(form, event):
        lang = known_lang(form.lang.data)
        helps = form.booking_for.data == BookingFor.FAMILY
        answers = prefill.answers_from(_who(form, event), event)
        with transaction():
            token = begin_draft(event.id, browser=browser_secret(), answers=answers, lang=lang)
        then = "helper" if helps else prefill.first_page(answers)
        return redirect(in_language(url_for(f"public.book_{then}", draft=token), lang), 303)
    page = render_template(
        "public/book/who.html",
        event=event,
        form=form,
        action=this_address(),
        back=url_for("public.session_page", slug=slug),
        has_errors=bool(form.errors),
        **_around_who(event, form),
    )
    return page, 422 if form.errors else 200


@public.route("/book/<draft>/who", methods=["GET", "POST"])
def book_who(draft: str) -> ResponseReturnValue:
    """Change who is coming."""
    page = open_page(draft, "who")
    form = _who_form(page.event, page.answers.of("who"))
    if form.validate_on_submit() and may_be_longer(form, page.event):
        return page.keep(_who(form, page.event))
    return page.show("public/book/who.html", form, **_around_who(page.event, form))


@public.route("/book/<draft>/contact", methods=["GET", "POST"])
def book_contact(draft: str) -> ResponseReturnValue:
    """Ask how to reach the family."""
    page = open_page(draft, "contact")
    before = page.answers.of("contact") if page.answers.knows_whose_contact else {}
    kind = FamilyContactForm if page.answers.is_helped else ContactForm
    form = kind(data={**before, "other_names": "\n".join(before.get("other_names", []))})
    if form.validate_on_submit():
        return _keep_contact(page, form)
    return page.show("public/book/contact.html", form, adults=int(page.answers.of("who").get("adults", 1)))


@public.route("/book/<draft>/district", methods=["GET", "POST"])
def book_district(draft: str) -> ResponseReturnValue:
    """Ask which district is meant by an outcode that lies in several."""
    page = open_page(draft, "contact")
    contact = page.answers.of("contact")
    if not contact:
        return redirect(page.address("contact"), 303)
    said = contact["district"] if contact["district"] != "unknown" else None
    form = DistrictForm.of(_districts(contact["outcode"]), locality(), data={"district": said})
    if form.validate_on_submit():
        return page.keep({**contact, "district": form.district.data or "unknown"})
    return page.show("public/book/district.html", form, outcode=contact["outcode"])


@public.post("/book/<draft>/clear")
def book_clear(draft: str) -> ResponseReturnValue:
    """Forget everything typed."""
    page = open_page(draft, "who")
    slug = page.event.slug
    with transaction():
        clear_draft(page.draft.id)
    return redirect(url_for("public.book_cleared", slug=slug), 303)


@public.get("/sessions/<slug>/book/cleared")
def book_cleared(slug: str) -> ResponseReturnValue:
    """Say that the answers are gone."""
    return render_template("public/book/cleared.html", event=_session(slug))


def _session(slug: str) -> Event:
    event = find_session(slug)
    if event is None:
        raise NotFound(_("We cannot find that session."))
    return event


def _who_form(event: Event, before: dict[str, Any]) -> WhoForm:
    if event.booking_mode != BookingMode.SLOTS:
        form = WhoForm(data=before)
        ask_for_dates(form, event, before)
        return form
    form = WhoAndWhenForm(data={**before, "slot": str(before.get("slot", ""))})
    form.slot.choices = [choice for _role, choices in _times(event) for choice in choices]
    ask_for_dates(form, event, before)
    return form


def _who(form: WhoForm, event: Event) -> dict[str, Any]:
    names = ("booking_for", "adults", "children", "supporters", "interpreters")
    who: dict[str, Any] = {name: form[name].data for name in names}
    if isinstance(form, WhoAndWhenForm):
        who |= {"slot": int(form.slot.data), "longer": bool(form.longer.data)}
    return who | dates_chosen(form, event)


def _around_who(event: Event, form: WhoForm) -> dict[str, Any]:
    """What the first page shows around the form: how full it is, and the times by professional."""
    chosen = form.slot.data if isinstance(form, WhoAndWhenForm) else None
    times = [
        (role, [{"value": value, "text": text, "checked": value == chosen} for value, text in choices])
        for role, choices in _times(event)
    ]
    return {"room": room_in(event), "times": times}


def _times(event: Event) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the times to choose from by professional: the free ones, else one that stands for the waiting list."""
    waited_for = roles_waited_for(event)
    times = []
    for role, group in groupby(sorted(event.slots, key=_role_and_start), key=lambda slot: slot.role):
        slots = list(group)
        free = [] if role in waited_for else [slot for slot in slots if slot.places_taken < slot.capacity]
        any_time = [(str(slots[0].id), _("All times are taken – join the waiting list for any time"))]
        times.append(
            (role, [(str(slot.id), words_for.time_span(slot.starts_at, slot.ends_at)) for slot in free] or any_time)
        )
    return times


def _role_and_start(slot: Slot) -> tuple[str, datetime]:
    return slot.role, slot.starts_at


def _keep_contact(page: DraftPage, form: ContactForm) -> ResponseReturnValue:
    outcode = form.outcode.data or ""
    candidates = _districts(outcode)
    given = request.form.get("district") or page.answers.of("contact").get("district")
    district = given if given in (*candidates, "unknown") and outcode else None
    if len(candidates) == 1:
        district = candidates[0]
    contact = {
        "full_name": form.full_name.data,
        "other_names": [name for line in (form.other_names.data or "").split("\n") if (name := line.strip())],
        "contact_by": form.contact_by.data,
        "email": form.email.data or "",
        "phone": form.phone.data or "",
        **form.texts_wanted,
        "outcode": outcode,
        "district": district or "unknown",
        "of_family": page.answers.is_helped,
    }
    ask = len(candidates) > 1 and district is None
    return page.keep(contact, then="district" if ask else None)


def _districts(outcode: str) -> tuple[str, ...]:
    """Return the districts an outcode lies in; one we do not know is outside, unless its letters are of this area."""
    if not outcode:
        return ()
    found = postcodes().districts_of(outcode)
    return found or (("unknown",) if _letters(outcode) in _our_letters() else ("outside",))


def _our_letters() -> set[str]:
    return {_letters(outcode) for town in locality().towns for outcode in town.outcodes}


def _letters(outcode: str) -> str:
    return "".join(takewhile(str.isalpha, outcode))
