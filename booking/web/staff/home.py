"""The first page of staff: today."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from booking import clock
from booking.extensions import transaction
from booking.queries.calls_due import calls_due
from booking.queries.complaints import Counted, count_complaints
from booking.queries.heard import notes_due
from booking.queries.issues import count_due
from booking.queries.morning import count_stale_places, districts_without, has_no_place, mails_came_back, offers_ending
from booking.queries.place_reports import count_new_place_reports
from booking.queries.promises import Wanted, find_promises
from booking.queries.snapshots import quarters_to_freeze
from booking.queries.staff_inbox import count_new
from booking.queries.staff_sessions import registers_open, sessions_between
from booking.queries.wishes import count_wishes
from booking.rules.permissions import Action
from booking.services.record_audit import record_view
from booking.web.shared.access import is_among, may_now, may_open, sessions_within
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff

REGISTERS_SINCE = timedelta(days=28)
MOST_NEEDS = 10
"""The board has the rest."""
WISHES_SINCE = timedelta(days=30)


@staff.get("/")
def home() -> ResponseReturnValue:
    """Show today: sessions, people to ring, requests due, offers that end, registers that are open."""
    mine = sessions_within(Action.SEE_BOOKINGS)
    to_ring = [due for due in calls_due() if is_among(due.event_id, mine)]
    offers = [offer for offer in offers_ending() if is_among(offer.event_id, mine)]
    came_back = [mail for mail in mails_came_back() if is_among(mail.event_id, mine)]
    wanted = Wanted(is_at_risk=True, among=sessions_within(Action.SEE_NEEDS))
    needs = find_promises(wanted, locality=locality(), limit=MOST_NEEDS)
    shown = {due.booking_id for due in to_ring} | {offer.booking_id for offer in offers}
    shown |= {mail.booking_id for mail in came_back} | {need.booking_id for need in needs.rows}
    if shown:
        with transaction():
            record_view(screen="staff.home", subject_type="booking", shown=sorted(shown))
    start = clock.start_of_day(clock.today())
    middle = clock.end_of_day(clock.today())
    end = clock.end_of_day(clock.today() + timedelta(days=1))
    return render_template(
        "staff/home.html",
        now=clock.now(),
        today=sessions_between(start, middle),
        tomorrow=sessions_between(middle, end),
        to_ring=to_ring,
        new_mails=count_new(among=mine),
        needs=needs,
        sees_needs=may_now(Action.SEE_NEEDS),
        registers=registers_open(since=clock.now() - REGISTERS_SINCE),
        sees_families=may_now(Action.SEE_BOOKINGS),
        wishes=count_wishes(since=clock.now() - WISHES_SINCE),
        offers=offers,
        is_new=has_no_place(),
        came_back=came_back,
        complaints=count_complaints() if may_open("staff.complaints") else Counted(open=0, late=0, unconfirmed=0),
        issues=count_due(among=sessions_within(Action.FOLLOW_ISSUES)),
        notes=notes_due(among=sessions_within(Action.RECORD_ATTENDANCE)) if may_open("staff.what_we_heard") else [],
        reports=count_new_place_reports() if may_open("staff.facts_to_check") else 0,
        stale_places=count_stale_places() if may_open("staff.facts_to_check") else 0,
        to_freeze=quarters_to_freeze(locality()) if may_open("staff.freeze_return") else [],
        districts=districts_without(locality()) if may_now(Action.EDIT_SESSIONS) else [],
    )
