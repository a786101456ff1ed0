"""How we say what a session offers for a need: one sentence a need, or one line a kind of answer on a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.formats.words_for import day_and_month
from booking.rules.need_matches import Match, Offer

GOOD, SOON, UNSURE, NO = "good", "soon", "unsure", "no"

LOOKS = {
    Offer.THERE: GOOD,
    Offer.ALWAYS: GOOD,
    Offer.AT_HOME: GOOD,
    Offer.NOT_NEEDED: GOOD,
    Offer.TALK: GOOD,
    Offer.ARRANGE: SOON,
    Offer.JOIN_ONLINE: SOON,
    Offer.LATE: UNSURE,
    Offer.PARTLY: UNSURE,
    Offer.NOT_CHECKED: UNSURE,
    Offer.REFUSED: NO,
}
"""The look of each answer; the words alone say the same."""


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One kind of answer on a card: how it looks, what it is, and the needs it is true of."""

    look: str
    lead: str
    needs: str


def say(match: Match, *, is_booked: bool = True) -> str:
    """Say what a session offers for one need; sessions that are not booked are asked by telling us."""
    if match.offer == Offer.ARRANGE:
        return _arrange(match, is_booked=is_booked)
    if match.offer == Offer.LATE:
        return ngettext(
            "We need %(num)d working day to arrange this. Ask anyway: we will try.",
            "We need %(num)d working days to arrange this. Ask anyway: we will try.",
            match.days,
        )
    if match.offer == Offer.TALK:
        return ngettext(
            "We will contact you within %(num)d working day.",
            "We will contact you within %(num)d working days.",
            match.days,
        )
    if match.offer == Offer.THERE and match.is_stale:
        return _("Already there when we last checked. That was more than a year ago.")
    return _plain(match.offer)


def card_lines(matches: Sequence[Match], labels: Mapping[str, str], *, is_booked: bool = True) -> tuple[MatchLine, ...]:
    """Say in a few lines what a session offers, the most helpful first."""
    lines = []
    for offer in Offer:
        alike = [match for match in matches if match.offer == offer]
        if alike:
            needs = ", ".join(labels[match.code] for match in alike)
            lines.append(MatchLine(LOOKS[offer], _lead(offer, alike, is_booked=is_booked), needs))
    return tuple(lines)


def _arrange(match: Match, *, is_booked: bool) -> str:
    if match.by is None:
        return _("We can arrange it. Tell us when you book.") if is_booked else _("We can arrange it. Tell us.")
    day = day_and_month(match.by)
    if is_booked:
        return _("We can arrange it if you book by %(day)s.", day=day)
    return _("We can arrange it if you tell us by %(day)s.", day=day)


def _plain(offer: Offer) -> str:
    return {
        Offer.THERE: _("Already there."),
        Offer.ALWAYS: _("Yes, always. Just tell us."),
        Offer.AT_HOME: _("You join from home, so you do not need this from us."),
        Offer.NOT_NEEDED: _("Not needed here. You come in person."),
        Offer.JOIN_ONLINE: _("This place can’t. You can join online instead."),
        Offer.PARTLY: _("Partly."),
        Offer.NOT_CHECKED: _("Not checked yet. Ask us and we will find out."),
        Offer.REFUSED: _("This place can’t."),
    }[offer]


def _lead(offer: Offer, alike: Sequence[Match], *, is_booked: bool) -> str:
    days = [match.by for match in alike if match.by]
    if offer == Offer.ARRANGE and days:
        day = day_and_month(min(days))
        if is_booked:
            return _("We can arrange it if you book by %(day)s:", day=day)
        return _("We can arrange it if you tell us by %(day)s:", day=day)
    return {
        Offer.THERE: _("Already there:"),
        Offer.ALWAYS: _("Yes, always:"),
        Offer.AT_HOME: _("Not needed from home:"),
        Offer.NOT_NEEDED: _("Not needed here:"),
        Offer.TALK: _("We will contact you:"),
        Offer.ARRANGE: _("We can arrange it:"),
        Offer.JOIN_ONLINE: _("Not at this place, but you can join online:"),
        Offer.LATE: _("Short notice, but ask and we will try:"),
        Offer.PARTLY: _("Partly:"),
        Offer.NOT_CHECKED: _("Not checked, ask us:"),
        Offer.REFUSED: _("This place can’t:"),
    }[offer]
