"""The needs of an unfinished booking: as the booking service takes them, and as the family reads them back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from booking.formats import words_for
from booking.rules.access_needs import IN_OWN_WORDS
from booking.rules.words import BookingFor, ForWhom
from booking.services.ask_needs import Need
from booking.web.shared.settings import locality


def needs_asked(said: dict[str, Any]) -> tuple[Need, ...]:
    """Return the needs with their words: each its own, and what was said of all of them where there are none.

    When every need has words of its own, what was said of all becomes a need in the family's own words.
    """
    details, of_all = said.get("details", {}), said.get("detail") or None
    needs = [_need(code, details.get(code, {}), of_all) for code in said.get("chosen", [])]
    if needs and of_all and all(need.detail != of_all for need in needs):
        needs.append(Need(IN_OWN_WORDS, of_all))
    return tuple(needs)


def need_lines(said: dict[str, Any]) -> list[str]:
    """Return the needs as the family reads them back, each with whom it is for and what was added."""
    details = said.get("details", {})
    lines = [_line(code, details.get(code, {})) for code in said.get("chosen", [])]
    return [*lines, said["detail"]] if lines and said.get("detail") else lines


def who_it_may_be_for(who: dict[str, Any]) -> tuple[ForWhom, ...]:
    """Return who a need may be for; nobody to choose from when one person comes alone, or somebody helps to book."""
    if who.get("booking_for") == BookingFor.FAMILY:
        return ()
    with_others = int(who.get("adults") or 1) > 1 or int(who.get("supporters") or 0) > 0
    others = [ForWhom.OTHER_ADULT] if with_others else []
    children = [ForWhom.CHILD] if int(who.get("children") or 0) else []
    return (ForWhom.ME, *others, *children) if others or children else ()


def _need(code: str, own: dict[str, str], of_all: str | None) -> Need:
    return Need(code, own.get("words") or of_all, ForWhom(own["for"]) if own.get("for") else None)


def _line(code: str, own: dict[str, str]) -> str:
    line = _(locality().get_need(code).label)
    if own.get("for"):
        line = _("%(need)s (for: %(person)s)", need=line, person=words_for.wording(ForWhom(own["for"])))
    return _("%(need)s: %(words)s", need=line, words=own["words"]) if own.get("words") else line
