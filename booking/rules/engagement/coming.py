"""Section B of the catalogue: who came, who did not, and what became of their places."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import ONLINE, BookingFact, PlaceFact, SessionState, came, is_due, outcome_of
from booking.rules.engagement.metric import Cell, Measures, Metric, Rest, Shape, Sum, once
from booking.rules.words import CancelledBy, Delivery, FamilyCancelReason, Outcome

METRICS = (
    Metric(
        id="M15",
        name=N_("Attendance rate"),
        definition=N_(
            "Of the booked places whose outcome was recorded, those who came. "
            "Walk-ins and sessions we cancelled are left out."
        ),
        formula=N_("Booked places “came” ÷ (“came” + “did not come”)"),
        numerator="attended_booked",
        denominator="due",
        rest="did_not_come",
        shape=Shape.SHARE,
        by="VKLTDBH",
    ),
    Metric(
        id="M16",
        name=N_("No-show rate"),
        definition=N_("Of the booked places whose outcome was recorded, those who did not come."),
        formula=N_("Booked places “did not come” ÷ (“came” + “did not come”)"),
        numerator="did_not_come",
        denominator="due",
        rest="attended_booked",
        shape=Shape.SHARE,
        by="VKLTDBH",
    ),
    Metric(
        id="M17",
        name=N_("Late notice"),
        definition=N_(
            "Of the places booked a day before the start, those that families cancelled after that. "
            "Who cancelled because we moved the session is left out."
        ),
        formula=N_("Places cancelled by families in the last 24 hours ÷ places booked 24 hours before"),
        numerator="cancelled_in_last_day",
        denominator="live_a_day_before",
        rest="kept_to_the_end",
        shape=Shape.SHARE,
        by="KL",
    ),
    Metric(
        id="M18",
        name=N_("Given back early and used again"),
        definition=N_(
            "Of the places families gave back a day or more before the start, those that another family took "
            "that could not have come without."
        ),
        formula=N_("Places given back 24 hours before or earlier and taken again ÷ places given back that early"),
        numerator="refilled",
        denominator="released_early",
        rest="not_refilled",
        shape=Shape.SHARE,
        by="K",
    ),
    Metric(
        id="M19",
        name=N_("How long ahead people book"),
        definition=N_(
            "The middle number of days from booking to session. Half booked earlier, half later. "
            "In public in whole days."
        ),
        formula=N_("Median of the days from booking to session, of the bookings that were kept"),
        numerator="lead_days",
        denominator="kept_bookings",
        shape=Shape.MEDIAN,
        by="KV",
    ),
    Metric(
        id="M20",
        name=N_("Told us why they could not come"),
        definition=N_("Bookings families cancelled, by the reason they gave. Giving one is optional."),
        formula=N_("Number of bookings cancelled by families, by reason"),
        numerator="cancelled_by_family",
        by="Y",
    ),
    Metric(
        id="M21",
        name=N_("Register completeness"),
        definition=N_(
            "Of the places in held sessions, those with an outcome. A register not closed within 14 days "
            "counts as not recorded until it is closed."
        ),
        formula=N_("Places recorded ÷ (recorded + not recorded)"),
        numerator="recorded",
        denominator="expected",
        rest="unrecorded",
        shape=Shape.SHARE,
        by="V",
    ),
    Metric(
        id="M21b",
        name=N_("Left before they were seen"),
        definition=N_("Attendances at sessions with times of people who left before it was their turn."),
        formula=N_("Attendances marked “left, not seen” ÷ attendances at sessions with times"),
        numerator="left_unseen",
        denominator="attended_by_appointment",
        rest="seen",
        shape=Shape.SHARE,
        by="V",
    ),
)

SUMS = (Sum(parts=("due", "attended_walk_in"), total="recorded"),)
RESTS = (
    Rest(name="kept_to_the_end", whole="live_a_day_before", part="cancelled_in_last_day"),
    Rest(name="not_refilled", whole="released_early", part="refilled"),
    Rest(name="seen", whole="attended_by_appointment", part="left_unseen"),
)
SAME_NUMBER_TWICE = tuple(
    (Cell(measure, "V", ONLINE), Cell(measure, "L", Delivery.ONLINE.value))
    for measure in ("attended_booked", "did_not_come", "due")
)


def _counts_in_notice(booking: BookingFact) -> bool:
    """Who dropped out because we moved the session gave no late notice (2)."""
    is_ours = booking.is_cancelled and booking.cancelled_by != CancelledBy.FAMILY
    return booking.was_live_a_day_before and booking.reason != FamilyCancelReason.MOVED and not is_ours


def _is_kept(booking: BookingFact) -> bool:
    return not booking.is_cancelled and booking.session.state == SessionState.HELD


PLACES: Measures[PlaceFact] = {
    "did_not_come": lambda p: once(p.id, is_due(p) and not came(p)),
    "due": lambda p: once(p.id, is_due(p)),
    "recorded": lambda p: once(p.id, outcome_of(p) != Outcome.NOT_RECORDED),
    "unrecorded": lambda p: once(p.id, outcome_of(p) == Outcome.NOT_RECORDED),
    "expected": lambda p: once(p.id, True),
    "attended_by_appointment": lambda p: once(p.id, came(p) and p.session.by_appointment),
    "left_unseen": lambda p: once(p.id, came(p) and p.session.by_appointment and p.left_unseen),
}
BOOKINGS: Measures[BookingFact] = {
    "live_a_day_before": lambda b: (b.id, b.places) if _counts_in_notice(b) else None,
    "cancelled_in_last_day": lambda b: (b.id, b.places) if _counts_in_notice(b) and b.cancelled_late else None,
    "released_early": lambda b: (b.id, b.released_early) if b.released_early else None,
    "refilled": lambda b: (b.id, b.refilled) if b.refilled else None,
    "lead_days": lambda b: (b.id, b.lead_days) if _is_kept(b) else None,
    "kept_bookings": lambda b: once(b.id, _is_kept(b)),
    "cancelled_by_family": lambda b: once(b.id, b.is_cancelled and b.cancelled_by == CancelledBy.FAMILY),
}
