"""Turn an unfinished form into a booking, and forget what was typed into it."""

from __future__ import annotations

from booking.models import Booking
from booking.services.book_places import BookingRequest, book_places
from booking.services.keep_draft import empty_draft


def book_draft(request: BookingRequest) -> Booking:
    """Book what a draft asks for. The draft stays, emptied: sent again, it finds its booking."""
    booking = book_places(request)
    if request.draft_id is not None:
        empty_draft(request.draft_id)
    return booking
