"""What is kept of a family, why, who sees it and for how long: the table of the privacy page."""

from __future__ import annotations

from flask_babel import gettext as _


def headings() -> list[str]:
    """Give the headings of the table."""
    return [_("What"), _("Why"), _("Who sees it"), _("How long")]


def kept() -> list[tuple[str, str, str, str]]:
    """Give one row for each kind of detail."""
    return [
        (
            _("Your name, one way to reach you, your bookings"),
            _("To keep your place and tell you when something changes"),
            _("PACT staff, and whoever runs the session"),
            _("Until 6 months after your last session"),
        ),
        (
            _("What would make it easier to come"),
            _("To get things ready for you"),
            _("Whoever arranges it, and whoever leads the session on the day"),
            _("Details: 30 days after the session. If you ask us to remember: until you tell us to stop, or 24 months "
              "without a booking"),
        ),
        (
            _("Food and allergies"),
            _("To keep you safe"),
            _("Whoever leads the session on the day"),
            _("7 days after the session"),
        ),
        (
            _("First part of your postcode, and optional answers about your child"),
            _("To see which families we reach, and plan sessions where they are needed"),
            _("Only as numbers for many families together"),
            _("As long as the booking. After that only as numbers without a name"),
        ),
        (
            _("A code that cannot be turned back into your email or phone number"),
            _("To count a family once, even if they come often"),
            _("Nobody"),
            _("24 months after you last came"),
        ),
        (
            _("That we sent you a message"),
            _("To know that it reached you"),
            _("PACT staff"),
            _("90 days"),
        ),
        (
            _("Which member of staff looked at or changed something"),
            _("So that we can answer for it"),
            _("Whoever looks after privacy"),
            _("Looks: 12 months. Changes: 24 months"),
        ),
    ]  # fmt: skip
