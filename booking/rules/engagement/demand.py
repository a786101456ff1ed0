"""Section C of the catalogue: what was wanted and not there."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import NeedFact, WaitFact, WishFact
from booking.rules.engagement.metric import Measures, Metric, Rest, Shape, Sum, once

METRICS = (
    Metric(
        id="M22",
        name=N_("Families who waited"),
        definition=N_("Different families that joined the waiting list of a full session, counted once in each row."),
        formula=N_("Number of different families on a waiting list"),
        numerator="waiting",
        by="VKT",
    ),
    Metric(
        id="M22b",
        name=N_("How long they waited for an offer"),
        definition=N_(
            "The middle number of days from joining the list to the first offer, of those who got one. "
            "In public in whole days."
        ),
        formula=N_("Median of the days from joining the list to the first offer"),
        numerator="days_to_offer",
        denominator="offered_a_place",
        shape=Shape.MEDIAN,
        by="VKT",
    ),
    Metric(
        id="M23",
        name=N_("Waited, were offered a place and came"),
        definition=N_("Of the families that waited, those that were offered a place in time and attended."),
        formula=N_("Waiting families that came to the session ÷ families who waited"),
        numerator="waiting_came",
        denominator="waiting",
        rest="waiting_did_not_come",
        shape=Shape.SHARE,
        by="VK",
    ),
    Metric(
        id="M24",
        name=N_("Waited and found nothing"),
        definition=N_(
            "Of the families that waited, those that had come to no session of the kind by 28 days after it. "
            "Until these days are over, the figure can still fall."
        ),
        formula=N_("Waiting families without an attendance at the kind by 28 days after ÷ families who waited"),
        numerator="waiting_unmet",
        denominator="waiting",
        rest="waiting_helped",
        shape=Shape.SHARE,
        by="DVK",
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
    Metric(
        id="M26",
        name=N_("Turned away on access"),
        definition=N_(
            "Requests we could not meet, where the family then cancelled or said no to what we offered instead."
        ),
        formula=N_("Number of requests that could not be met and kept a family away"),
        numerator="turned_away",
        by="G",
    ),
    Metric(
        id="M27",
        name=N_("Views of full sessions"),
        definition=N_("How often a page that says “full” was looked at. We count no visits: nobody is followed here."),
        formula=N_("Number of views of a page that says “full”"),
        shape=Shape.NOT_COLLECTED,
    ),
)

SUMS = (Sum(parts=("waiting_came", "waiting_helped_elsewhere"), total="waiting_helped"),)
RESTS = (
    Rest(name="waiting_did_not_come", whole="waiting", part="waiting_came"),
    Rest(name="waiting_unmet", whole="waiting", part="waiting_helped"),
    Rest(name="waiting_helped_elsewhere", whole="waiting_helped", part="waiting_came"),
)

WAITS: Measures[WaitFact] = {
    "waiting": lambda w: once(w.family, True),
    "waiting_came": lambda w: once(w.family, w.came),
    "waiting_helped": lambda w: once(w.family, w.was_helped),
    "days_to_offer": lambda w: (w.id, w.days_to_offer) if w.days_to_offer is not None else None,
    "offered_a_place": lambda w: once(w.id, w.days_to_offer is not None),
}
WISHES: Measures[WishFact] = {"wishes": lambda w: once(w.id, True)}
NEEDS: Measures[NeedFact] = {"turned_away": lambda n: once(n.id, n.turned_away)}
