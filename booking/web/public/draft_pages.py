"""What the pages of an unfinished booking share: whose it is, what comes next, what is shown when it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RequestLimit

from booking import clock
from booking.cipher import random_token
from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.formats import refusals
from booking.formats.tokens import booking_token
from booking.models import Booking, Draft, Event
from booking.queries.bookings import find_booking_by_draft, other_sessions
from booking.queries.drafts import find_draft
from booking.rules.places import Closed, why_closed
from booking.rules.words import Origin
from booking.services.keep_draft import keep_answers
from booking.web.public.answers import STEPS, Answers
from booking.web.public.blueprint import public
from booking.web.shared.forms import HouseForm
from booking.web.shared.languages import this_address

BROWSER = "browser"


class DraftGone(NotFound):
    """The draft is over, was cleared, or belongs to another browser."""


class AlreadyBooked(Exception):
    """The draft has become a booking."""

    def __init__(self, booking: Booking) -> None:
        self.booking = booking


class SessionClosed(Exception):
    """The session takes no bookings (any more)."""

    def __init__(self, event: Event, refusal: Refusal, *, why: Closed | None = None) -> None:
        self.event, self.refusal, self.why = event, refusal, why


@dataclass(frozen=True)
class DraftPage:
    """One page of a family's unfinished booking."""

    token: str
    name: str
    draft: Draft
    answers: Answers

    @property
    def event(self) -> Event:
        return self.draft.event

    def address(self, page: str) -> str:
        """Return the address of a page of this draft."""
        return url_for(f"public.book_{page}", draft=self.token)

    def keep(self, given: dict[str, Any], *, then: str | None = None) -> ResponseReturnValue:
        """Keep this page's answers and go on: to the first page that misses something, back to check, or further."""
        with transaction():
            keep_answers(self.draft.id, {self.name: given})
        return self.go_on({**self.answers.pages, self.name: given}, then=then)

    def go_on(self, pages: dict[str, Any], *, then: str | None = None) -> ResponseReturnValue:
        """Redirect to the page that comes next."""
        answers = Answers(pages)
        wanted = then or ("check" if wants_check() else answers.step_after(self.name, self.event.kind))
        steps, missing = answers.steps(self.event.kind), answers.first_missing
        if missing and wanted in steps and steps.index(missing) < steps.index(wanted):
            wanted = missing
        return redirect(self.address(wanted), 303)

    def show(self, template: str, form: HouseForm, *, status: int | None = None, **values: Any) -> ResponseReturnValue:
        """Show the page; first send a family that came out of order to what is missing."""
        missing = self.answers.first_missing
        if request.method == "GET" and missing and STEPS.index(missing) < STEPS.index(self.name):
            return redirect(self.address(missing), 303)
        if request.method == "GET" and self.name not in self.answers.steps(self.event.kind):
            return redirect(self.address(self.answers.step_after(self.name, self.event.kind)), 303)
        back = "check" if wants_check() else self.answers.step_before(self.name, self.event.kind)
        page = render_template(
            template,
            page=self,
            event=self.event,
            answers=self.answers,
            form=form,
            action=_same_address(),
            back=self.address(back) if back != self.name else None,
            has_errors=bool(form.errors),
            **values,
        )
        return page, status or (422 if form.errors else 200)


def open_page(token: str, name: str) -> DraftPage:
    """Open a draft for the browser that began it. Raise DraftGone, AlreadyBooked or SessionClosed."""
    g.is_personal = True
    draft = find_draft(token, browser=session.get(BROWSER, ""))
    if draft is None:
        raise DraftGone(_("These answers are not here any more."))
    if (booking := find_booking_by_draft(draft.id)) is not None:
        raise AlreadyBooked(booking)
    refuse_if_closed(draft.event)
    return DraftPage(token=token, name=name, draft=draft, answers=Answers(draft.answers))


def address_after(booking: Booking, *, draft: str) -> str:
    """Return where somebody goes who has booked: to the family's page, which is not for a helper to see (J12)."""
    if booking.origin == Origin.TRUSTED_PERSON:
        return url_for("public.book_done", draft=draft)
    return url_for("public.my_booking", token=booking_token(booking))


def refuse_if_closed(event: Event) -> None:
    """Raise SessionClosed when the session takes no bookings."""
    why = why_closed(
        status=event.status,
        mode=event.booking_mode,
        new_date_pending=event.new_date_pending,
        starts_at=event.starts_at,
        now=clock.now(),
        window=event.window,
    )
    if why is not None:
        raise SessionClosed(event, refusals.closed(why, opens_at=event.window.opens_at), why=why)


def browser_secret() -> str:
    """Return the secret that binds a draft to this browser's cookie; make one on first use."""
    secret = session.get(BROWSER)
    if not isinstance(secret, str):
        secret = session[BROWSER] = random_token()
    return secret


def wants_check() -> bool:
    """Tell whether this page was opened from the check page and goes back there."""
    return request.args.get("to") == "check"


def slow_down(_limit: RequestLimit) -> Response:
    """Answer too many tries calmly: nothing typed is lost."""
    g.is_personal = True
    return make_response(render_template("public/book/busy.html", again=this_address()), 429)


@public.errorhandler(DraftGone)
def _draft_gone(_error: DraftGone) -> ResponseReturnValue:
    return render_template("public/book/gone.html"), 404


@public.errorhandler(AlreadyBooked)
def _already_booked(error: AlreadyBooked) -> ResponseReturnValue:
    return redirect(address_after(error.booking, draft=(request.view_args or {})["draft"]), 303)


@public.errorhandler(SessionClosed)
def _session_closed(error: SessionClosed) -> ResponseReturnValue:
    if error.refusal.status == 404:
        raise error.refusal
    others = other_sessions(error.event)
    is_open = error.why == Closed.NOT_BOOKED
    page = render_template(
        "public/book/closed.html", event=error.event, refusal=error.refusal, others=others, is_open=is_open
    )
    return page, 200 if is_open else error.refusal.status


@public.after_request
def _hide_from_search(response: Response) -> Response:
    if g.get("is_personal"):
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    return response


def _same_address() -> str:
    kept = {name: request.args[name] for name in ("child", "to") if name in request.args}
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept})
