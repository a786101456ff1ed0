"""What a family chose, held against sessions: on cards, on a session's page, and beside each need when it books."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from booking import clock
from booking.formats.match_words import LOOKS, MatchLine, card_lines, say
from booking.locality.kinds import Locality, Need
from booking.models import Event
from booking.queries.find_sessions import FoundSession
from booking.queries.need_facts import read_known_facts
from booking.queries.venues import known_facts
from booking.rules.access_needs import KnownFact, may_be_told
from booking.rules.need_matches import Fit, Gathering, Match, Offer, fit_of, match_all
from booking.rules.words import BookingMode, Delivery
from booking.web.public.need_choice import chosen
from booking.web.shared.easy_read import is_easy, lines
from booking.web.shared.fragments import made_once
from booking.web.shared.settings import locality

SAYS_MORE = (Offer.PARTLY, Offer.REFUSED, Offer.JOIN_ONLINE)


@dataclass(frozen=True, slots=True)
class SaidOfNeed:
    """One need at one session in words; `more` is what we know of the place."""

    code: str
    label: str
    look: str
    sentence: str
    more: str = ""


def made_for_this_family(name: str, *says: Hashable, caller: Callable[[], str]) -> Markup:
    """Return a kept part of a page, or one made for this family alone when it has said what would help.

    Such a page shows needs: nothing of it is kept here, and no cache may keep it.
    """
    if not chosen():
        return made_once(name, *says, caller=caller)
    g.is_personal = True
    return Markup(caller())  # noqa: S704 (a template made it, and has escaped what it prints)


def lines_by_slug(sessions: Iterable[FoundSession]) -> Mapping[str, tuple[MatchLine, ...]]:
    """Say on each session's card what it offers this family; nothing when nothing was chosen."""
    needs = chosen()
    if not needs:
        return {}
    rows = list(sessions)
    labels = {need.code: str(_(need.label)) for need in needs}
    found = matches_by_slug(rows, needs)
    return {
        row.slug: card_lines(found[row.slug], labels, is_booked=row.booking_mode != BookingMode.OPEN) for row in rows
    }


def fits_by_slug(sessions: Iterable[FoundSession]) -> Mapping[str, Fit]:
    """Tell which of these sessions fit this family; all of them when nothing was chosen."""
    found = matches_by_slug(list(sessions), chosen())
    return {slug: fit_of(matches) for slug, matches in found.items()}


def matches_by_slug(sessions: Sequence[FoundSession], needs: Sequence[Need]) -> dict[str, tuple[Match, ...]]:
    """Hold these needs against many sessions; what is known of their places is read at once."""
    here, today = locality(), clock.today()
    codes = {code for need in needs for code in need.facts}
    known = read_known_facts((row.venue_id for row in sessions if row.venue_id), codes)
    found = {}
    for row in sessions:
        facts = may_be_told(known.get(row.venue_id or 0, {}), here, is_confidential=row.is_confidential)
        day = None if row.new_date_pending else clock.in_london(row.starts_at).date()
        gathering = Gathering(delivery=Delivery(row.delivery), day=day, facts=facts)
        found[row.slug] = match_all(needs, gathering, today=today, holidays=here.bank_holidays)
    return found


def said_at(event: Event, needs: Sequence[Need]) -> list[SaidOfNeed]:
    """Say what a session offers for each of these needs, whoever asks."""
    here, place = locality(), event.venue if event.delivery != Delivery.ONLINE else None
    facts = may_be_told(known_facts(place), here, is_confidential=place is not None and place.is_confidential)
    day = None if event.new_date_pending else clock.in_london(event.starts_at).date()
    gathering = Gathering(delivery=event.delivery, day=day, facts=facts)
    matches = match_all(needs, gathering, today=clock.today(), holidays=here.bank_holidays)
    return said_of(matches, facts, here, is_booked=event.booking_mode != BookingMode.OPEN)


def hints_at(event: Event, needs: Sequence[Need]) -> dict[str, Markup]:
    """Return what stands under each need's name in a form: its help, then what this session offers for it."""
    helps = {need.code: _(need.help) for need in needs if need.help}
    in_lines = lines if is_easy() else escape
    return {
        said.code: in_lines(said.sentence)
        if helps.get(said.code) == said.sentence
        else Markup('{} <span class="house-match__hint house-match__hint--{}">{}</span>').format(
            in_lines(helps.get(said.code, "")), said.look, in_lines(f"{said.sentence} {said.more}".strip())
        )
        for said in said_at(event, needs)
    }


def said_of(
    matches: Iterable[Match], facts: Mapping[str, KnownFact], here: Locality, *, is_booked: bool = True
) -> list[SaidOfNeed]:
    """Say each match in words, with the sentence about the place that it rests on where that helps."""
    return [
        SaidOfNeed(
            code=match.code,
            label=_(here.get_need(match.code).label),
            look=LOOKS[match.offer],
            sentence=say(match, is_booked=is_booked),
            more=_more(match, facts, here),
        )
        for match in matches
    ]


def _more(match: Match, facts: Mapping[str, KnownFact], here: Locality) -> str:
    if match.offer not in SAYS_MORE or match.fact is None or match.fact not in facts:
        return ""
    return _(here.get_fact(match.fact).sentence(facts[match.fact].answer.value))
