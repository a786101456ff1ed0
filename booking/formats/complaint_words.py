"""Say in words that a complaint is here, in the language it was written in. Nothing of it is repeated."""

from __future__ import annotations

from flask_babel import force_locale

from booking.extensions import language_of, locale_of
from booking.formats import words_for
from booking.formats.messages import Words, fill_in
from booking.formats.sender import our_sender
from booking.models import Complaint
from booking.rules.words import MessageKind


def complaint_in_words(complaint: Complaint) -> Words:
    """Render the mail that confirms it."""
    sender = our_sender(complaint.lang)
    with force_locale(locale_of(complaint.lang)):
        values = {
            "lang": language_of(complaint.lang).html,
            "language": language_of(complaint.lang),
            "sender": sender,
            "came": words_for.short_date(complaint.created_at),
            "answer_by": words_for.short_date(complaint.answer_by),
            "reference": words_for.spoken_reference(complaint.reference),
            "link": f"{sender.pages_url}/privacy",
        }
        return fill_in(MessageKind.COMPLAINT_RECEIVED, complaint.lang, values)
