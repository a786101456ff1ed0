"""Which requests a place no longer meets: the same answer for the preview and for the deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from booking.locality.kinds import Locality
from booking.locality.kinds import Need as NeedKind
from booking.models import Booking, NeedRequest
from booking.rules.access_needs import KnownFact, NeedAnswer, is_broken, match_need
from booking.rules.need_states import AHEAD

Facts = Mapping[str, KnownFact]


@dataclass(frozen=True)
class BrokenNeed:
    """A request that the place met until now; `answer` is what can be said of it from now on."""

    booking: Booking
    need: NeedRequest
    kind: NeedKind
    answer: NeedAnswer


def broken_needs(
    bookings: Iterable[Booking], *, was: Facts | None, now: Facts, today: date, locality: Locality
) -> Iterator[BrokenNeed]:
    """Yield what breaks when these facts take the place of those; `was` None: nobody came to a place until now."""
    for booking in bookings:
        for need in booking.needs:
            if need.state not in AHEAD:
                continue
            kind = locality.get_need(need.code)
            before = NeedAnswer.THERE if was is None else match_need(kind, was, today=today).answer
            answer = match_need(kind, now, today=today).answer
            if is_broken(before, answer):
                yield BrokenNeed(booking, need, kind, answer)
