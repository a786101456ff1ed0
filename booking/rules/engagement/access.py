"""Section D of the catalogue: what made it easier to come, and whether it was there."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import NeedFact, PlaceFact, SessionFact, SessionState, came, is_due
from booking.rules.engagement.metric import Cell, Entry, Measures, Metric, Rest, Shape, once
from booking.rules.words import Delivery, NeedState

METRICS = (
    Metric(
        id="M28",
        name=N_("Requests"),
        definition=N_("What families asked for so that they could come, on bookings that stood, at held sessions."),
        formula=N_("Number of requests on confirmed bookings of held sessions"),
        numerator="requests",
        by="GV",
    ),
    Metric(
        id="M29",
        name=N_("What was asked for was there"),
        definition=N_(
            "Of the requests of which somebody said how it was, those that were met. Where the family and staff both "
            "said it, the family’s answer counts. What was no longer needed is left out."
        ),
        formula=N_("Requests met ÷ (met + partly met + not met)"),
        numerator="met",
        denominator="judged",
        rest="not_quite_met",
        shape=Shape.SHARE,
        by="GV",
    ),
    Metric(
        id="M30",
        name=N_("Arranged in time"),
        definition=N_(
            "Of the requests made early enough for what they need, those arranged two working days before the session. "
            "Those that were there, but of which nobody said since when, are left out."
        ),
        formula=N_("Requests arranged ≥ 2 working days before ÷ requests made within their lead time"),
        numerator="arranged_in_time",
        denominator="asked_in_time",
        rest="arranged_late",
        shape=Shape.SHARE,
        by="G",
    ),
    Metric(
        id="M30b",
        name=N_("Asked for at short notice"),
        definition=N_("Requests made later than what they need takes to arrange. We still try; they are not in M30."),
        formula=N_("Number of requests made after their lead time"),
        numerator="asked_late",
        by="G",
    ),
    Metric(
        id="M31",
        name=N_("Families who asked for something"),
        definition=N_("Of the families reached, those that had asked for something so that they could come."),
        formula=N_("Families reached with at least one request ÷ families reached"),
        numerator="families_with_need",
        denominator="families",
        rest="families_without_need",
        shape=Shape.SHARE,
        by="D",
    ),
    Metric(
        id="M32",
        name=N_("Access gap"),
        definition=N_(
            "The attendance rate of bookings without a request less that of bookings with one. Above 0, those who "
            "asked for something came less often. From 20 places in each group up; in public from rounded numbers "
            "over 20."
        ),
        formula=N_("Attendance rate without a request − attendance rate with one, in percentage points"),
        numerator="attended_with_need",
        denominator="due_with_need",
        against=("attended_without_need", "due_without_need"),
        shape=Shape.GAP,
    ),
    Metric(
        id="M33",
        name=N_("Step-free and the basics"),
        definition=N_(
            "Of the sessions held in a room, those at a place with a step-free way in, an accessible toilet and a "
            "quiet space, each checked in the 12 months before."
        ),
        formula=N_("In-person sessions with all three ÷ in-person sessions held"),
        numerator="held_with_basics",
        denominator="held_in_a_room",
        rest="held_without_basics",
        shape=Shape.SHARE,
        by="V",
        is_personal=False,
    ),
)

RESTS = (
    Rest(name="not_quite_met", whole="judged", part="met"),
    Rest(name="arranged_late", whole="asked_in_time", part="arranged_in_time"),
    Rest(name="families_without_need", whole="families", part="families_with_need"),
    Rest(name="attended_without_need", whole="attended_booked", part="attended_with_need"),
    Rest(name="due_without_need", whole="due", part="due_with_need"),
    Rest(name="held_without_basics", whole="held_in_a_room", part="held_with_basics"),
)
SAME_NUMBER_TWICE = (
    (Cell("attended_booked", "H", "yes"), Cell("attended_with_need")),
    (Cell("due", "H", "yes"), Cell("due_with_need")),
)
JUDGED = (NeedState.MET, NeedState.PARTLY_MET, NeedState.NOT_MET)


def _counts(need: NeedFact) -> bool:
    return need.is_live and need.session.state == SessionState.HELD


def _asked_in_time(need: NeedFact) -> bool:
    """Tell whether it is known if a request that left time enough was arranged in time."""
    return _counts(need) and need.is_asked and need.lead_ok and need.in_time is not None


def _family_with_need(place: PlaceFact) -> Entry | None:
    return once(place.family, place.family is not None and came(place) and place.has_need)


def _in_a_room(session: SessionFact) -> bool:
    return session.state == SessionState.HELD and session.delivery != Delivery.ONLINE


SESSIONS: Measures[SessionFact] = {
    "held_in_a_room": lambda s: once(s.id, _in_a_room(s)),
    "held_with_basics": lambda s: once(s.id, _in_a_room(s) and s.has_basics),
}
PLACES: Measures[PlaceFact] = {
    "families_with_need": _family_with_need,
    "attended_with_need": lambda p: once(p.id, p.has_need and came(p) and not p.is_walk_in),
    "due_with_need": lambda p: once(p.id, p.has_need and is_due(p)),
}
NEEDS: Measures[NeedFact] = {
    "requests": lambda n: once(n.id, _counts(n)),
    "judged": lambda n: once(n.id, _counts(n) and n.outcome in JUDGED),
    "met": lambda n: once(n.id, _counts(n) and n.outcome == NeedState.MET),
    "asked_in_time": lambda n: once(n.id, _asked_in_time(n)),
    "arranged_in_time": lambda n: once(n.id, _asked_in_time(n) and n.in_time),
    "asked_late": lambda n: once(n.id, _counts(n) and n.is_asked and not n.lead_ok),
}
