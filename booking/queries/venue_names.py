"""Find a venue by what people write for it: its code, its name, or its name and town."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from booking.extensions import db
from booking.models import Venue


@dataclass(frozen=True, slots=True)
class NamedVenue:
    """A venue as a list of names needs it."""

    id: int
    code: str
    name: str
    town: str
    is_archived: bool


class VenueNames:
    """Every venue by its names, read once; of two with one name, one that is in use goes before one put away."""

    def __init__(self) -> None:
        statement = select(Venue.id, Venue.code, Venue.name, Venue.town, Venue.archived_at).order_by(Venue.id)
        venues = [NamedVenue(*row[:4], row[4] is not None) for row in db.session.execute(statement)]
        self._codes = {_plain(venue.code): venue for venue in venues}
        self._names: dict[str, list[NamedVenue]] = defaultdict(list)
        for venue in venues:
            self._names[_plain(venue.name)].append(venue)
            self._names[_plain(f"{venue.name}, {venue.town}")].append(venue)

    def with_code(self, code: str) -> NamedVenue | None:
        """Find a venue by its code."""
        return self._codes.get(_plain(code))

    def in_town(self, name: str, town: str) -> NamedVenue | None:
        """Find a venue by its name and its town."""
        found = self._names.get(_plain(f"{name}, {town}"), [])
        return next(iter(_in_use(found)), None)

    def get(self, text: str) -> NamedVenue:
        """Return the one venue that these words mean. Raise ValueError, with a sentence, where no session can be."""
        venue = self.with_code(text) or self._named(text)
        if venue.is_archived:
            raise ValueError(f"{venue.name} is put away. Choose another venue, or use it again on its page.")
        return venue

    def _named(self, text: str) -> NamedVenue:
        found = _in_use(self._names.get(_plain(text), []))
        if len(found) == 1:
            return found[0]
        if found:
            choices = ", or ".join(f"{venue.name}, {venue.town}" for venue in found[:4])
            raise ValueError(f"“{text}” may be several venues. Write {choices}.")
        near = get_close_matches(_plain(text), self._names, n=1, cutoff=0.75)
        meant = f" Do you mean “{self._names[near[0]][0].name}”?" if near else ""
        raise ValueError(f"We know no venue “{text}”.{meant} Write its name as the list of venues has it, or its code.")


def _in_use(found: list[NamedVenue]) -> list[NamedVenue]:
    return [venue for venue in found if not venue.is_archived] or found


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
