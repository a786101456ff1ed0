"""What a rule may say no with."""

from __future__ import annotations


class Refusal(Exception):
    """A rule says no; the view turns it into a field error or a page.

    `sentence` is plain English (already translated where a parent reads it); `field` names the form
    field it belongs to, if one; `status` is the HTTP status of the page that shows it.
    """

    status = 422

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Conflict(Refusal):
    """The world changed meanwhile: the session was cancelled, the last place went."""

    status = 409


class SessionFull(Conflict):
    """Too few places are left; the waiting list is open."""

    def __init__(self, sentence: str, *, places_left: int) -> None:
        super().__init__(sentence)
        self.places_left = places_left


class Moved(Refusal):
    """The session has another time or place than the page that was sent showed."""

    status = 409


class NotFound(Refusal):
    """There is nothing here that this person may see."""

    status = 404
