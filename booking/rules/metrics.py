"""The catalogue of figures as data: what each is called, how it is worked out and what it may be broken down by."""

from __future__ import annotations

from dataclasses import dataclass

from booking.locality.kinds import N_
from booking.rules.engagement import ALL, ONLINE, Cell
from booking.rules.words import Delivery, Origin

DEFINITION_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure. Its measures are those that `engagement.count` counts.

    Without `denominator` it is a number; with one it is a percentage, and `rest` measures what is left of the
    denominator. `is_personal` figures count people or families and are protected in what leaves the house.
    `by` are letters: D residence district, V venue district, K kind, L delivery, T time of day, O origin,
    A age phase, S support, N need area, P participation, W workstream, R reason,
    U what was missing.
    """

    id: str
    name: str
    definition: str
    formula: str
    numerator: str
    denominator: str = ""
    rest: str = ""
    by: str = ""
    is_personal: bool = True
    version: int = DEFINITION_VERSION

    @property
    def unit(self) -> str:
        """Say whether it is a number (`n`) or a percentage (`%`)."""
        return "%" if self.denominator else "n"

    @property
    def measures(self) -> tuple[str, ...]:
        """Give the measures it is made of."""
        return tuple(name for name in (self.numerator, self.denominator, self.rest) if name)

    def denominator_breakdown(self, breakdown: str) -> str:
        """Give the breakdown of the denominator: a reason belongs to cancelled sessions, the offered have none."""
        return ALL if breakdown == "R" else breakdown


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
        by="DASN",
    ),
    Metric(
        id="M11",
        name=N_("Walk-ins"),
        definition=N_("The share of attendances by people who came without booking."),
        formula=N_("Walk-in attendances ÷ attendances"),
        numerator="attended_walk_in",
        denominator="attended",
        rest="attended_booked",
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
        by="VKLTD",
    ),
    Metric(
        id="M16",
        name=N_("No-show rate"),
        definition=N_("Of the booked places whose outcome was recorded, those who did not come."),
        formula=N_("Booked places “did not come” ÷ (“came” + “did not come”)"),
        numerator="did_not_come",
        denominator="due",
        rest="attended_booked",
        by="VKLTD",
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
        by="V",
    ),
    Metric(
        id="M25",
        name=N_("Wishes"),
        definition=N_(
            "What people told us they looked for and did not find. Nobody is asked who they are, so one family "
            "can wish more than once."
        ),
        formula=N_("Number of wishes by the day they were told"),
        numerator="wishes",
        by="DKTU",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Measures that add up to another in every category of the breakdowns `by`, so that readers can subtract them."""

    parts: tuple[str, ...]
    total: str
    by: str


SUMS = (
    Sum(parts=("attended_booked", "attended_walk_in"), total="attended", by="DVKT"),
    Sum(parts=("due", "attended_walk_in"), total="recorded", by="V"),
)

SAME_NUMBER_TWICE = (
    (Cell("attended", "O", Origin.WALK_IN.value), Cell("attended_walk_in")),
    *(
        (Cell(measure, "V", ONLINE), Cell(measure, "L", Delivery.ONLINE.value))
        for measure in ("attended", "attended_booked", "did_not_come", "due")
    ),
)
"""One number in two tables under two names: hidden in one, it must be hidden in the other."""

BREAKDOWNS = {
    "D": N_("Where the family lives"),
    "V": N_("Where the session was"),
    "K": N_("Kind of session"),
    "L": N_("In person or online"),
    "T": N_("Time of day"),
    "O": N_("How they booked"),
    "A": N_("Age of child or young person"),
    "S": N_("Support now"),
    "N": N_("Kind of need"),
    "P": N_("Level of participation"),
    "W": N_("Workstream"),
    "R": N_("Reason for cancelling"),
    "U": N_("What was missing"),
}


def get_metric(metric_id: str) -> Metric:
    """Give the metric with this id, or raise KeyError."""
    return _BY_ID[metric_id]


_BY_ID = {metric.id: metric for metric in METRICS}
