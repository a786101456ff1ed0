"""Make a family's link anew when it is lost: mailed, and shown to be read out or printed."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from booking.extensions import db, transaction
from booking.formats.sender import our_sender
from booking.models import Booking
from booking.queries.staff_bookings import is_booking
from booking.services.record_audit import actor, record_audit
from booking.services.send_link import renew_link
from booking.web.staff.blueprint import staff


@staff.post("/bookings/<int:booking_id>/link")
def new_link(booking_id: int) -> ResponseReturnValue:
    """Void the old link, send the new one if there is an address, and show it once."""
    if not is_booking(booking_id):
        abort(404)
    with transaction():
        renew_link(_main_of(booking_id), actor=actor())
        record_audit("link made anew", screen="staff.new_link", subject_type="booking", subject_id=booking_id)
    booking = db.session.get_one(Booking, _main_of(booking_id))
    return render_template("staff/new_link.html", booking=booking, link=our_sender().booking_link(booking))


def _main_of(booking_id: int) -> int:
    """Return the booking whose page shows this one."""
    return db.session.get_one(Booking, booking_id).extends_id or booking_id
