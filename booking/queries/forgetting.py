"""What erasing a family would take away, and what would stay: for whoever is about to do it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from booking.queries.all_held import Held
from booking.queries.districts import district_today
from booking.rules.words import LIVE, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What is counted of one district: how many bookings, how many people came."""

    district: str
    bookings: int
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """How much of each kind goes (0 is left out), which places are given back first, and what stays."""

    goes: dict[str, int]
    gives_back: list[tuple[str, datetime]]
    stays: list[Stays]
    needs: int


def what_goes(held: Held, *, now: datetime) -> Forgetting:
    """Say it from everything that is held."""
    of = held.sections
    goes = {
        "names": sum(1 for row in of["people"] if row["name"]),
        "contacts": sum(1 for row in of["bookings"] if row["email"] or row["phone"]),
        "answers": sum(1 for row in of["bookings"] if row["profile"] or row["question"]),
        "need_words": sum(1 for row in of["needs"] if row["detail"] or row["reason_words"]),
        "remembered": len(of["remembered"]),
        "addresses": sum(1 for row in of["messages"] if row["address"]),
        "call_notes": sum(1 for row in of["calls"] if row["note"]) + sum(1 for row in of["notes"] if row["text"]),
        "mails": sum(1 for row in of["written"] if row["text"] or row["sender"]),
        "feedback": sum(1 for row in of["feedback"] if row["change"]),
        "news": len(of["news"]),
    }
    lives_in = {row["reference"]: district_today(row["district"]) for row in of["bookings"]}
    districts = Counter(lives_in.values())
    came = Counter(lives_in[row["reference"]] for row in of["places"] if row["outcome"] == Outcome.ATTENDED)
    return Forgetting(
        goes={kind: number for kind, number in goes.items() if number},
        gives_back=[
            (row["session"], row["starts_at"])
            for row in of["bookings"]
            if row["status"] in LIVE and row["starts_at"] > now
        ],
        stays=[Stays(district=code, bookings=number, came=came[code]) for code, number in sorted(districts.items())],
        needs=len(of["needs"]),
    )
