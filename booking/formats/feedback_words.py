"""What is said where a session takes no answers, and the questions in the language that is spoken."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from booking import clock
from booking.errors import NotFound
from booking.formats import words_for
from booking.models import Event
from booking.rules.feedback import SCALE, NoFeedback, NothingSaid
from booking.rules.words import EventStatus


def asked(questions: Mapping[str, str], *, area: str) -> dict[str, str]:
    """Return questions by name; `area` is whose services they are about."""
    return {name: _(text, area=area) for name, text in questions.items()}


def scale() -> list[tuple[str, str]]:
    """Return the answers one can choose from, by the number that is kept."""
    return [(str(number), _(text)) for number, text in SCALE]


def why_shut(event: Event) -> NoFeedback | NotFound:
    """Return why a session that takes no answers takes none."""
    if event.status == EventStatus.DRAFT:
        return NotFound(_("We cannot find that session."))
    if event.status == EventStatus.CANCELLED:
        return NoFeedback(_("This session was cancelled, so there is nothing to say about it here."))
    if event.is_put_off:
        return NoFeedback(_("This session is put off. There is no new date yet."))
    if clock.now() < event.starts_at:
        starts = words_for.when(event.starts_at, event.ends_at)
        return NoFeedback(_("This session has not begun yet: %(when)s. Please come back after it.", when=starts))
    return NoFeedback(_("This session was more than 60 days ago. We do not collect answers about it any more."))


def too_late_for_before() -> NoFeedback:
    """Return what is said when the session has begun, or the place is not theirs any more."""
    return NoFeedback(_("These questions are for the time before the session. You can tell us afterwards how it was."))


def nothing_said() -> NothingSaid:
    """Return what is said of an empty form."""
    return NothingSaid(_("Please answer one question at least, or write a few words. One is enough."))
