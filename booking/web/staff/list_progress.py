"""How far an attendance list is that somebody fetches: noted while it is made and sent, and said on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Response, current_app

from booking import clock
from booking.formats.words_for import clock_time
from booking.jobs.progress import Progress, Teller, list_of

_Row = TypeVar("_Row")
SAY_EVERY = 2.0
"""Seconds, after which it is said how far it is."""
STILL = timedelta(minutes=1)
"""Without a word for so long, a list has most likely broken off: its program was ended, or nobody takes it any more."""


class Part(StrEnum):
    """How far a list that was fetched came."""

    ROWS = "rows"
    SENT = "sent"
    BROKE_OFF = "broke off"


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """What the page of a list says once it is fetched: in words, and as a bar while it goes on."""

    heading: str
    words: str
    done: int
    total: int
    is_ended: bool
    is_whole: bool = False


class ListTeller:
    """Notes how far one list is, by numbers alone; that costs one short line to the jobs' database in two seconds."""

    def __init__(self, list_id: int, *, total: int) -> None:
        self._teller = Teller(list_of(list_id), every=SAY_EVERY)
        self._total = total
        self._done = 0
        self._is_whole = False
        self._teller.tell(Part.ROWS, 0, total)

    def counted(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        """Give the rows on, and count them."""
        step = self._teller.of(Part.ROWS, self._total)
        for row in rows:
            self._done += 1
            step(1)
            yield row

    def broke_off(self) -> None:
        """Note that nothing more will come."""
        self._teller.tell(Part.BROKE_OFF, self._done, self._total)

    def watch(self, response: Response) -> Response:
        """Note at the end whether all of it was taken by the browser's line, or it broke off."""
        response.response = self._to_the_end(response.iter_encoded())
        response.call_on_close(self._note_end)
        return response

    def _to_the_end(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        yield from pieces
        self._is_whole = True

    def _note_end(self) -> None:
        if self._is_whole:
            self._teller.tell(Part.SENT, self._done, self._total)
        else:
            self.broke_off()


def how_far(list_id: int) -> HowFar | None:
    """Say how far a list is; None where nothing is known of it: shown as a page, or more than a day ago."""
    progress: Progress | None = current_app.extensions["jobs"].progress_of(list_of(list_id))
    return _in_words(progress) if progress else None


def _in_words(progress: Progress) -> HowFar:
    what, done, total, noted_at = progress
    of_all = f"{done:,} of {total:,} {'row' if total == 1 else 'rows'}"
    if what == Part.SENT:
        heading, words = "Your list was sent", f"Done: {done:,} {'row' if done == 1 else 'rows'} made and sent."
    elif what == Part.BROKE_OFF:
        heading = "Your list broke off"
        words = f"It broke off after {of_all}." if done < total else "It broke off on its way to you."
    else:
        heading = "Your list is being made"
        words = f"{of_all} are made." if done < total else f"All {total:,} rows are made. The file is on its way."
        if clock.now() - noted_at > STILL:
            words += f" Nothing has moved since {clock_time(noted_at)}: it has most likely broken off."
    return HowFar(
        heading=heading,
        words=words,
        done=done,
        total=total,
        is_ended=what != Part.ROWS,
        is_whole=what == Part.SENT,
    )
