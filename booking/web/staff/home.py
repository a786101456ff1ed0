"""The first page of staff: today."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from booking import clock
from booking.extensions import transaction
from booking.queries.calls_due import calls_due
from booking.queries.staff_inbox import count_new
from booking.queries.staff_sessions import registers_open, sessions_between
from booking.queries.today import needs_due
from booking.queries.wishes import count_wishes
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.web.shared.access import is_among, may_now, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

REGISTERS_SINCE = timedelta(days=28)
WISHES_SINCE = timedelta(days=30)


@staff.get("/")
def home() -> ResponseReturnValue:
    """Show today: sessions, people to ring, requests due, registers that are open."""
    sees_families = may_now(Action.SEE_BOOKINGS)
    mine = sessions_within(Action.SEE_BOOKINGS)
    to_ring = [due for due in calls_due() if is_among(due.event_id, mine)] if sees_families else []
    needs = [need for need in needs_due(locality=locality()) if is_among(need.event_id, mine)] if sees_families else []
    if sees_families:
        with transaction():
            record_view(screen="staff.home", subject_type="booking", shown=[need.booking_id for need in needs])
    start = clock.start_of_day(clock.today())
    middle = clock.end_of_day(clock.today())
    end = clock.end_of_day(clock.today() + timedelta(days=1))
    return render_template(
        "staff/home.html",
        now=clock.now(),
        today=sessions_between(start, middle),
        tomorrow=sessions_between(middle, end),
        to_ring=to_ring,
        new_mails=count_new(among=mine) if sees_families else 0,
        needs=needs,
        registers=registers_open(since=clock.now() - REGISTERS_SINCE),
        sees_families=sees_families,
        wishes=count_wishes(since=clock.now() - WISHES_SINCE),
    )
