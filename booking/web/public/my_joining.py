"""How a family joins online, on its own page alone; in large letters from a quarter of an hour before (J7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from booking import clock
from booking.formats.joining import may_join
from booking.models import Booking
from booking.web.public.blueprint import public

OPENS = timedelta(minutes=15)


def may_join_now(booking: Booking) -> bool:
    """Tell whether it is time to join: from a quarter of an hour before, to the end."""
    times = booking.slot or booking.event
    return may_join(booking) and not booking.event.new_date_pending and times.starts_at - clock.now() <= OPENS


@public.context_processor
def _for_templates() -> dict[str, Callable[[Booking], bool]]:
    return {"may_join": may_join, "may_join_now": may_join_now}
