"""Section F of the catalogue: what parents raised, what became of it, and how far they took part."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.facts import IssueFact, IssueMoment
from booking.rules.engagement.metric import Measures, Metric, Rest, Shape, once
from booking.rules.words import IssueOutcome

METRICS = (
    Metric(
        id="M41",
        name=N_("Issues raised"),
        definition=N_("Things that families raised at sessions, by the day they were raised."),
        formula=N_("Number of issues raised"),
        numerator="issues_raised",
        by="WIV",
        is_personal=False,
    ),
    Metric(
        id="M42",
        name=N_("Answered on time"),
        definition=N_(
            "Of the issues whose 42 days ended in the period, those answered within them. An answer counts when "
            "everybody can read it."
        ),
        formula=N_("Issues answered within 42 days ÷ issues due"),
        numerator="answered_in_time",
        denominator="issues_due",
        rest="answered_late_or_not",
        shape=Shape.SHARE,
        by="EW",
        is_personal=False,
    ),
    Metric(
        id="M43",
        name=N_("Changed something"),
        definition=N_(
            "Of the issues closed in the period, those where what families asked for was done. The others were done "
            "in part, not yet, or not at all, each with its reason."
        ),
        formula=N_("Issues closed as done ÷ issues closed"),
        numerator="closed_done",
        denominator="issues_closed",
        rest="closed_otherwise",
        shape=Shape.SHARE,
        by="EW",
        is_personal=False,
    ),
    Metric(
        id="M44",
        name=N_("Days to change"),
        definition=N_("The middle number of days from raising an issue to doing what was asked for."),
        formula=N_("Median of the days from raised to done, of the issues closed as done in the period"),
        numerator="days_to_done",
        denominator="closed_done",
        shape=Shape.MEDIAN,
        by="E",
        is_personal=False,
    ),
    Metric(
        id="M45",
        name=N_("Told back"),
        definition=N_(
            "Of the families who were there when an issue was raised and can be reached, those who were told of the "
            "answer. A family that was there for two issues counts twice."
        ),
        formula=N_("Families told ÷ families who came and can be reached, of the issues answered in the period"),
        numerator="told_back",
        denominator="to_be_told",
        rest="not_told_back",
        shape=Shape.SHARE,
    ),
    Metric(
        id="M46",
        name=N_("Level of participation"),
        definition=N_(
            "Held sessions by how far parents took part. Co-production counts only where parents helped set "
            "the agenda, somebody who decides was there, the decision was open and families heard what came of it."
        ),
        formula=N_("Number of held sessions by level"),
        numerator="held",
        by="PW",
        is_personal=False,
    ),
    Metric(
        id="M47",
        name=N_("Parent representatives"),
        definition=N_("Parents who sit on working and steering groups. Their meetings are not held in this system."),
        formula=N_("Number of different representatives and of the meetings they went to"),
        shape=Shape.NOT_COLLECTED,
    ),
)

RESTS = (
    Rest(name="answered_late_or_not", whole="issues_due", part="answered_in_time"),
    Rest(name="closed_otherwise", whole="issues_closed", part="closed_done"),
    Rest(name="not_told_back", whole="to_be_told", part="told_back"),
)


def _is_done(issue: IssueFact) -> bool:
    return issue.moment == IssueMoment.CLOSED and issue.outcome == IssueOutcome.DONE


ISSUES: Measures[IssueFact] = {
    "issues_raised": lambda i: once(i.id, i.moment == IssueMoment.RAISED),
    "issues_due": lambda i: once(i.id, i.moment == IssueMoment.DUE),
    "answered_in_time": lambda i: once(i.id, i.moment == IssueMoment.DUE and i.is_in_time),
    "issues_closed": lambda i: once(i.id, i.moment == IssueMoment.CLOSED),
    "closed_done": lambda i: once(i.id, _is_done(i)),
    "days_to_done": lambda i: (i.id, i.days_to_done) if _is_done(i) and i.days_to_done is not None else None,
    "to_be_told": lambda i: (i.id, i.contactable) if i.moment == IssueMoment.ANSWERED else None,
    "told_back": lambda i: (i.id, i.told) if i.moment == IssueMoment.ANSWERED else None,
}
