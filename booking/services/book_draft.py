"""Turn an unfinished form into a booking, or one for each date of a course, and forget what was typed into it."""

from __future__ import annotations

from collections.abc import Sequence

from booking.models import Booking
from booking.services.book_course import book_course
from booking.services.book_places import BookingRequest, book_places
from booking.services.keep_draft import empty_draft


def book_draft(request: BookingRequest, *, dates: Sequence[int] | None = None) -> Booking:
    """Book what a draft asks for: the `dates` of a course, of which the first is returned, else its one session.

    The draft stays, emptied: sent again, it finds its booking.
    """
    booking = book_places(request) if dates is None else book_course(request, dates)[0]
    if request.draft_id is not None:
        empty_draft(request.draft_id)
    return booking
