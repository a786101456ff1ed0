"""Say which page of ours somebody opened, and what they did there, for families who ask who looked. In English."""

from __future__ import annotations

SCREENS = {
    "staff.home": "Today",
    "staff.session": "The session and its families",
    "staff.move_session": "Who is hurt if the session moves",
    "staff.edit_dates": "Who is told if several dates change",
    "staff.cancel_session": "Who is hurt if the session is cancelled",
    "staff.postpone_session": "Who is hurt if the session is put off",
    "staff.figures_bookings": "The bookings behind a figure",
    "staff.feedback_words": "What families wrote of sessions",
    "staff.quote": "One thing that a family wrote of a session",
    "staff.session_feedback": "What families said of the session",
    "staff.session_issues": "What families raised at the session",
    "staff.what_we_heard": "What we heard at the session",
    "staff.issues": "What families raised at all sessions",
    "staff.issue": "What came of something that families raised",
    "staff.outcomes": "What was there of all that families asked for",
    "staff.calls": "People to ring",
    "staff.call": "A call to the family",
    "staff.inbox": "Inbox",
    "staff.messages": "Messages",
    "staff.message": "A message to the family",
    "staff.book_by_phone": "Booking by phone",
    "staff.find_booking": "Find a family",
    "staff.booking": "The booking",
    "staff.change_booking": "Changing the booking",
    "staff.move_booking": "Another session instead",
    "staff.cancel_booking": "Cancelling the booking",
    "staff.booking_letter": "The letter in large print",
    "staff.join_families": "Make two records one",
    "staff.new_link": "A new link for the family",
    "door.register": "The register at the door",
    "door.close": "Closing the register",
    "door.paper": "Typing in the paper register",
    "door.phone": "The list on a phone at the door",
    "door.phones": "Phones without a signal",
    "door.board": "The running board of the desks",
    "door.attendance": "The attendance list as a file",
    "staff.attendance_list": "The attendance list of the session",
    "staff.attendance_list_ready": "An attendance list of many sessions",
    "staff.register_sheet": "The register on paper",
    "staff.badges": "Badges with first names",
    "staff.who_looked": "Who looked",
    "staff.family_held": "Everything that is kept of the family",
    "staff.complaints": "Complaints",
    "staff.complaint": "A complaint",
    "staff.forget_family": "Erasing the family",
    "staff.family_file": "Everything that is kept of the family, as a file",
}


def screen_in_words(code: str) -> str:
    """Return the name of a page; one that has none is said in plain letters."""
    return SCREENS.get(code) or code.partition(".")[2].replace("_", " ").capitalize() or code


def action_in_words(code: str) -> str:
    """Return what somebody did."""
    return code.replace("_", " ").capitalize()
