"""What staff heard at a session, and files that go with it, for a family that came."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.queries.heard import get_file, heard_for
from booking.web.public.blueprint import public
from booking.web.public.my_booking import booking_of, limit_guesses
from booking.web.shared.downloads import send_shared


@public.get("/bookings/<token>/heard/<int:file_id>")
@limit_guesses
def my_heard_file(token: str, file_id: int) -> Response:
    """Give a file to a family that came. Raise NotFound for every other."""
    booking = booking_of(token)
    if heard_for(booking) is None:
        raise NotFound(_("There is nothing to read here."))
    return send_shared(get_file(file_id, event_id=booking.event_id))
