"""What families of the demonstration raised, and what came of it: invented, like the families."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.models import Event, Issue, IssueUpdate
from booking.queries.feedback_due import families_that_came
from booking.queries.told_back import contactable_families
from booking.rules.words import BookingMode, EventKind, EventStatus, IssueOutcome

DONE, PARTLY = IssueOutcome.DONE, IssueOutcome.PARTLY
CANNOT_YET, CANNOT = IssueOutcome.CANNOT_YET, IssueOutcome.CANNOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One thing: in parents' words, what it is about, who answered, after how many days, and what."""

    text: str
    owner: str
    outcome: IssueOutcome
    reason: str
    days: int
    theme: str = ""
    workstream: int | None = None
    weakness: int | None = None
    families: int | None = None
    update: str = ""


SEEDS = (
    Seed(
        text="The letters about our children are hard to follow.",
        owner="kcc_send",
        outcome=DONE,
        reason="Letters in plain English were tried with two teams. All teams use them now.",
        days=38,
        theme="plans",
        workstream=3,
        weakness=6,
        families=14,
    ),
    Seed(
        text="We cannot get through by phone in the day.",
        owner="kcc_send",
        outcome=DONE,
        reason="There is a phone clinic on two evenings a month now.",
        days=30,
        workstream=1,
        weakness=1,
        families=11,
    ),
    Seed(
        text="Please hold forums in the evening, too. Many of us work.",
        owner="pact",
        outcome=DONE,
        reason="One forum in three begins after 6pm now.",
        days=21,
        theme="have_a_say",
        workstream=1,
        weakness=3,
        families=16,
    ),
    Seed(
        text="Every session should have a crèche.",
        owner="pact",
        outcome=CANNOT_YET,
        reason="Our insurance covers a crèche in family hubs alone. Sessions there have one. We look for another.",
        days=41,
        theme="carers",
        workstream=1,
        families=9,
    ),
    Seed(
        text="Tell us how long people wait in each part of Kent.",
        owner="icb",
        outcome=PARTLY,
        reason="Waits for speech therapy are published for each area. For assessments the data is not good enough.",
        days=55,
        theme="waiting",
        workstream=5,
        weakness=8,
        families=18,
        update="The health board looks at which numbers it has for each area.",
    ),
    Seed(
        text="There is a step at the door in Faversham. Some of us cannot come in.",
        owner="pact",
        outcome=DONE,
        reason="We moved to another hall, without a step.",
        days=12,
        workstream=1,
        families=4,
    ),
    Seed(
        text="We hear about the new school too late in Year 6.",
        owner="kcc",
        outcome=DONE,
        reason="The information for Year 6 comes in October now.",
        days=42,
        theme="next_school",
        workstream=2,
        weakness=2,
        families=12,
    ),
    Seed(
        text="Each family should have one caseworker who stays.",
        owner="kcc_send",
        outcome=CANNOT,
        reason="There are too few caseworkers. Instead, each letter names a team, and a number that is answered.",
        days=47,
        theme="plans",
        workstream=3,
        weakness=6,
        families=21,
    ),
    Seed(
        text="There should be a BSL interpreter at all forums.",
        owner="pact",
        outcome=PARTLY,
        reason="There is one at a forum in each quarter, and at any other if you ask us two weeks before.",
        days=33,
        theme="have_a_say",
        workstream=1,
        weakness=3,
    ),
    Seed(
        text="Please record the talks, with captions.",
        owner="pact",
        outcome=DONE,
        reason="Talks online are recorded, with captions that somebody has checked.",
        days=28,
        workstream=1,
        families=10,
    ),
    Seed(
        text="Nobody tells us when the bus to school is late.",
        owner="kcc",
        outcome=DONE,
        reason="",
        days=400,
        theme="travel",
        workstream=5,
        families=13,
        update="The council has asked the bus companies.",
    ),
    Seed(
        text="The plan of our children is not read in the new school.",
        owner="school",
        outcome=DONE,
        reason="",
        days=400,
        theme="plans",
        workstream=2,
        weakness=2,
    ),
)
"""Those with 400 days wait for an answer: they are raised at the last sessions, so one of them is late."""


def make_issues(events: Iterable[Event], *, now: datetime) -> list[Issue]:
    """Let families raise these things at forums that are over, one each, spread over all of them."""
    forums = sorted((event for event in events if _is_over_forum(event, now)), key=lambda event: event.ends_at)
    late = [event for event in forums if now - event.ends_at > timedelta(days=43)]
    if not late:
        return []
    answered = [seed for seed in SEEDS if seed.days < 400]
    waiting = [seed for seed in SEEDS if seed.days >= 400]
    older = [event for event in late if now - event.ends_at > timedelta(days=60)] or late
    at = [older[number * len(older) // len(answered)] for number in range(len(answered))]
    pairs = [*zip(answered, at, strict=True), (waiting[0], late[-1]), (waiting[1], forums[-1])]
    return [_issue(seed, event, now=now) for seed, event in pairs]


def _is_over_forum(event: Event, now: datetime) -> bool:
    return (
        event.kind == EventKind.FORUM
        and event.booking_mode == BookingMode.PLACES
        and event.status == EventStatus.PUBLISHED
        and not event.new_date_pending
        and event.ends_at < now
    )


def _issue(seed: Seed, event: Event, *, now: datetime) -> Issue:
    answered_at = event.ends_at + timedelta(days=seed.days)
    came = contactable_families(event.id)
    issue = Issue(
        event_id=event.id,
        text=seed.text,
        theme=seed.theme,
        workstream=seed.workstream,
        weakness=seed.weakness,
        families=seed.families if seed.families is not None and seed.families <= came else None,
        raised_at=event.ends_at,
        owner=seed.owner,
        published_text=seed.text,
        published_at=min(event.ends_at + timedelta(days=3), now),
        updates=_updates(seed, event, now=now),
    )
    if answered_at <= now:
        issue.outcome, issue.reason = seed.outcome, seed.reason
        issue.answered_at = issue.outcome_at = answered_at
        issue.contactable = came
        issue.told = len(families_that_came(event.id))
    return issue


def _updates(seed: Seed, event: Event, *, now: datetime) -> list[IssueUpdate]:
    said_at = event.ends_at + timedelta(days=14)
    return [IssueUpdate(text=seed.update, said_at=said_at)] if seed.update and said_at <= now else []
