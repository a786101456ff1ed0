"""The page of one session: what, when, where, who, in what order, and the button to book."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound
from booking.queries.said_and_did import first_said_at
from booking.queries.session_page import ShownSession, find_public_session
from booking.rules.feedback import takes_feedback
from booking.rules.words import Delivery, EventStatus
from booking.web.public.agenda import agenda_of
from booking.web.public.blueprint import public
from booking.web.public.matches import made_for_this_family
from booking.web.public.place_facts import place_facts
from booking.web.public.session_matches import SessionMatches, matches_of
from booking.web.public.session_state import SessionState, state_of, words_about_clocks
from booking.web.shared.settings import locality, postcodes


@public.get("/sessions/<slug>")
def session_page(slug: str) -> ResponseReturnValue:
    """Show a session to anyone. A confidential place keeps its name, address and position to itself."""
    event = find_public_session(slug)
    if event is None:
        raise NotFound(_("We cannot find that session. The link may be old or cut short."))
    state, today, asks_how = state_of(event, now=clock.now()), clock.today(), _asks_how(event)
    raised = first_said_at(event.slug) if state.code == "past" else None
    content = made_for_this_family(
        "session",
        event,
        state,
        today,
        asks_how,
        raised,
        caller=lambda: _content(event, state, today, asks_how=asks_how, raised=raised),
    )
    return render_template("public/session_page.html", title=event.title, content=content)


def _asks_how(event: ShownSession) -> bool:
    """Tell whether one can say now how it was."""
    return takes_feedback(
        status=event.status, is_put_off=event.new_date_pending, starts_at=event.starts_at, now=clock.now()
    )


def _content(event: ShownSession, state: SessionState, today: date, *, asks_how: bool, raised: int | None) -> str:
    venue = event.venue
    return render_template(
        "public/parts/session.html",
        event=event,
        state=state,
        asks_how=asks_how,
        raised=raised,
        starts_iso=clock.in_london(event.starts_at).isoformat(timespec="minutes"),
        clocks=words_about_clocks(event.starts_at),
        agenda=agenda_of(event),
        topics=[_(topic.label) for topic in locality().topics if topic.code in event.topics],
        venue=venue,
        about=event.slug,
        matches=_matches(event),
        named=venue is not None and not venue.is_confidential,
        facts=place_facts(venue, locality(), today=today) if venue else None,
        can_join_online=event.delivery != Delivery.IN_PERSON,
        roles=list(dict.fromkeys(slot.role for slot in event.slots)),
    )


def _matches(event: ShownSession) -> SessionMatches | None:
    """Hold what this family said would help against the session; nothing against one that is not to be."""
    if event.status == EventStatus.CANCELLED:
        return None
    return matches_of(event, locality(), now=clock.now(), locate=postcodes().find_place)
