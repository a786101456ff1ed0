"""Section A of the catalogue: what was offered, and whom it reached."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import ONLINE, PlaceFact, SessionFact, SessionState, came
from booking.rules.engagement.metric import Cell, Entry, Measures, Metric, Rest, Shape, Sum, once
from booking.rules.words import Delivery, Origin

METRICS = (
    Metric(
        id="M01",
        name=N_("Sessions offered"),
        definition=N_(
            "Sessions of the period that were ever published: held, still to come, or cancelled by us. "
            "A session waiting for a new date counts once it has one."
        ),
        formula=N_("Number of published sessions by their local start date"),
        numerator="offered",
        by="VKLTPW",
        is_personal=False,
    ),
    Metric(
        id="M02",
        name=N_("Sessions held"),
        definition=N_("Sessions that took place: published, ended and not cancelled."),
        formula=N_("Number of held sessions"),
        numerator="held",
        by="VKLTPW",
        is_personal=False,
    ),
    Metric(
        id="M03",
        name=N_("Cancelled by us"),
        definition=N_(
            "The share of offered sessions that we cancelled, with the reason. Their bookings count nowhere."
        ),
        formula=N_("Sessions cancelled ÷ sessions offered"),
        numerator="cancelled",
        denominator="offered",
        shape=Shape.SHARE,
        by="VKR",
        is_personal=False,
    ),
    Metric(
        id="M03b",
        name=N_("Cancelled with less than 48 hours’ notice"),
        definition=N_("Of the sessions we cancelled, those cancelled less than 48 hours before the start."),
        formula=N_("Sessions cancelled late ÷ sessions cancelled"),
        numerator="cancelled_late",
        denominator="cancelled",
        shape=Shape.SHARE,
        by="VK",
        is_personal=False,
    ),
    Metric(
        id="M04",
        name=N_("Places offered"),
        definition=N_(
            "Places and appointments of held sessions. Just-turn-up sessions and those without a limit are left out."
        ),
        formula=N_("Sum of places and appointments of held sessions"),
        numerator="seats",
        by="VK",
        is_personal=False,
    ),
    Metric(
        id="M04b",
        name=N_("Places filled"),
        definition=N_(
            "How full held sessions with a limit were, walk-ins included. An appointment is used once, "
            "however many of the family came."
        ),
        formula=N_("Places and appointments used ÷ places offered"),
        numerator="seats_used",
        denominator="seats",
        shape=Shape.SHARE,
        by="VK",
    ),
    Metric(
        id="M05",
        name=N_("Attendances"),
        definition=N_(
            "Parents, carers and young people aged 16 to 25 who came, each time they came. "
            "Supporters, interpreters, professionals and children are not counted here."
        ),
        formula=N_("Number of participants’ places marked “came” in held sessions"),
        numerator="attended",
        by="DVKLASNTO",
    ),
    Metric(
        id="M06",
        name=N_("Families reached"),
        definition=N_(
            "Different families of whom somebody came, counted once in the period and once in each row, "
            "so rows can add up to more than the total. People who gave no details are not in it."
        ),
        formula=N_("Number of different families with at least one attendance"),
        numerator="families",
        by="DASNLK",
    ),
    Metric(
        id="M07",
        name=N_("Adults reached"),
        definition=N_(
            "Different adults who came, counted once in the period. People who gave no details are not in it."
        ),
        formula=N_("Number of different adults with at least one attendance"),
        numerator="adults",
        by="D",
    ),
    Metric(
        id="M08",
        name=N_("New families"),
        definition=N_("Families who came, and had not come to anything in the 24 months before."),
        formula=N_("Number of families reached with no attendance in the previous 24 months"),
        numerator="families_new",
        by="DASN",
    ),
    Metric(
        id="M08b",
        name=N_("Share of families who are new"),
        definition=N_("Of the families reached, those who had not come in the 24 months before."),
        formula=N_("New families ÷ families reached"),
        numerator="families_new",
        denominator="families",
        rest="families_returning",
        shape=Shape.SHARE,
        by="DASN",
    ),
    Metric(
        id="M10",
        name=N_("Sessions per family"),
        definition=N_(
            "How many sessions a family that came went to, on average. It says how deep the contact goes. "
            "In public it is made from rounded numbers."
        ),
        formula=N_("Families at sessions ÷ families reached"),
        numerator="family_sessions",
        denominator="families",
        shape=Shape.MEAN,
        by="K",
    ),
    Metric(
        id="M10b",
        name=N_("Families by how often they came"),
        definition=N_(
            "Families reached by the number of sessions they came to in the period: one, two, three or more."
        ),
        formula=N_("Number of families reached, by number of sessions"),
        numerator="families",
        by="F",
    ),
    Metric(
        id="M11",
        name=N_("Walk-ins"),
        definition=N_("The share of attendances by people who came without booking."),
        formula=N_("Walk-in attendances ÷ attendances"),
        numerator="attended_walk_in",
        denominator="attended",
        rest="attended_booked",
        shape=Shape.SHARE,
        by="VK",
    ),
    Metric(
        id="M12",
        name=N_("Anonymous attendances"),
        definition=N_("Attendances of people who gave no details. They are in the attendances, not in the families."),
        formula=N_("Number of attendances without a family"),
        numerator="attended_anonymous",
        by="VK",
    ),
    Metric(
        id="M13",
        name=N_("Whole family"),
        definition=N_(
            "Attendances by caring role: mother, father, grandparent, foster or kinship carer. "
            "Families are not asked for it yet."
        ),
        formula=N_("Number of attendances by caring role"),
        shape=Shape.NOT_COLLECTED,
    ),
    Metric(
        id="M14",
        name=N_("People who asked to be kept informed"),
        definition=N_(
            "People who asked for news of new sessions, on the day the figures are made. Who stops is deleted, "
            "so an earlier day cannot be counted afterwards: it stands in the return of its period."
        ),
        formula=N_("Number of people who confirmed that they want news"),
        numerator="subscribers",
        by="D",
    ),
)

SUMS = (Sum(parts=("attended_booked", "attended_walk_in"), total="attended"),)
RESTS = (Rest(name="families_returning", whole="families", part="families_new"),)
SAME_NUMBER_TWICE = (
    (Cell("attended", "O", Origin.WALK_IN.value), Cell("attended_walk_in")),
    (Cell("attended", "V", ONLINE), Cell("attended", "L", Delivery.ONLINE.value)),
)


def family(place: PlaceFact) -> Entry | None:
    """Count a family of which somebody came, once."""
    return (place.family, 1) if place.family is not None and came(place) else None


def _adult(place: PlaceFact) -> Entry | None:
    return (place.adult, 1) if place.adult is not None and came(place) else None


def _family_session(place: PlaceFact) -> Entry | None:
    return ((place.family, place.session.id), 1) if place.family is not None and came(place) else None


def _seat_used(place: PlaceFact) -> Entry | None:
    """A seat is a person's, or an appointment that anybody of the booking came to (8)."""
    if place.session.seats is None or not came(place):
        return None
    return (("booking", place.booking), 1) if place.session.by_appointment else (("place", place.id), 1)


SESSIONS: Measures[SessionFact] = {
    "offered": lambda s: once(s.id, s.state in (SessionState.HELD, SessionState.CANCELLED, SessionState.PLANNED)),
    "held": lambda s: once(s.id, s.state == SessionState.HELD),
    "cancelled": lambda s: once(s.id, s.state == SessionState.CANCELLED),
    "cancelled_late": lambda s: once(s.id, s.state == SessionState.CANCELLED and s.short_notice),
    "seats": lambda s: (s.id, s.seats) if s.state == SessionState.HELD and s.seats is not None else None,
}
PLACES: Measures[PlaceFact] = {
    "attended": lambda p: once(p.id, came(p)),
    "attended_walk_in": lambda p: once(p.id, came(p) and p.is_walk_in),
    "attended_booked": lambda p: once(p.id, came(p) and not p.is_walk_in),
    "attended_anonymous": lambda p: once(p.id, came(p) and p.family is None),
    "seats_used": _seat_used,
    "families": family,
    "family_sessions": _family_session,
    "adults": _adult,
}
