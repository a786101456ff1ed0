"""How shares and counts are said in a sentence: as people picture them, and no nearer than they are known."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _

_FROM_TENTHS = Decimal("27.5")
"""From here tenths are said: below, one in so many is nearer to the number."""
_NEAR = Decimal("2.5")


def share_in_words(percent: Decimal) -> str:
    """Say a percentage as people picture it: "about 9 in 10", "about 1 in 8"; between two tenths it says both."""
    if percent in (0, 100):
        return _("all of the") if percent else _("none of the")
    if percent < 5:
        return _("fewer than 1 in 20")
    if percent >= 95:
        return _("nearly all of the")
    if percent < _FROM_TENTHS:
        return _("about 1 in %(number)s", number=_nearest(100 / percent))
    tenths = _nearest(percent / 10)
    if abs(percent - 10 * tenths) <= _NEAR:
        return _("about %(number)s in 10", number=tenths)
    below = int(percent // 10)
    if below == 9:
        return _("more than 9 in 10")
    return _("between %(below)s and %(above)s in 10", below=below, above=below + 1)


def _nearest(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))


def share_sentence(percent: Decimal | None, sentence: str) -> str:
    """Put a percentage as people picture it into a sentence, and the number itself at its end."""
    if percent is None:
        return ""
    said = sentence % {"share": share_in_words(percent)}
    exact = "" if percent in (0, 100) else f" ({percent}%)"
    return f"{capital(said)[:-1]}{exact}{said[-1]}"


def about(number: int, *, is_rounded: bool) -> str:
    """Say a count of people, which is only near the true one when it is rounded."""
    return _("about %(number)s", number=f"{number:,}") if is_rounded and number else f"{number:,}"


def capital(sentence: str) -> str:
    """Begin a sentence that may begin with a number in words."""
    return sentence[:1].upper() + sentence[1:]
