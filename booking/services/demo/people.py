"""The demonstration's families: where they live, whom they care for, how they are reached, how keen they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from booking.cipher import lookup_hash
from booking.clock import london_time
from booking.models import Adult, Family
from booking.rules.contact import normal_email, normal_phone
from booking.rules.words import ContactBy, PersonKind
from booking.services.demo.chance import pick
from booking.services.demo.names import FIRST, LAST
from booking.services.demo.pupils import PUPILS
from booking.services.demo.wishes import Wish, draw_wishes

FAMILIES = 120
ADULTS = 160
YOUNG_PEOPLE = 8

REACH = {"dover": 0.35, "sevenoaks": 0.35, "ashford": 1.25, "maidstone": 1.15}
"""How well each district is reached, 1 being in proportion: two are missed, and the figures show it."""

OUTCODES = {
    "ashford": ("TN23", "TN24", "TN25", "TN26"),
    "canterbury": ("CT1", "CT2", "CT5", "CT6"),
    "dartford": ("DA1", "DA2", "DA9"),
    "dover": ("CT14", "CT16", "CT17"),
    "folkestone-and-hythe": ("CT18", "CT19", "CT20", "CT21"),
    "gravesham": ("DA11", "DA12"),
    "maidstone": ("ME14", "ME15", "ME16"),
    "sevenoaks": ("TN13", "BR8", "TN15"),
    "swale": ("ME10", "ME12", "ME13"),
    "thanet": ("CT9", "CT10", "CT11", "CT12"),
    "tonbridge-and-malling": ("TN9", "ME6", "ME20"),
    "tunbridge-wells": ("TN1", "TN2", "TN4", "TN17"),
    "medway": ("ME4", "ME7"),
    "unknown": ("",),
}

PHASES = {"under_5": 18, "reception_to_y6": 38, "y7_to_11": 30, "16_to_18": 10, "19_to_25": 4}
SUPPORT = {"ehcp": 34, "ehcna": 16, "sen_support": 32, "none_yet": 12, "pnts": 6}
AREAS = {"communication": 46, "learning": 16, "feelings": 20, "sensory_physical": 9, "health": 5, "not_known": 4}
ROLES = {"parent": 82, "grandparent": 5, "foster_carer": 4, "kinship_carer": 4, "adoptive_parent": 5}
CONTACT = {ContactBy.EMAIL: 80, ContactBy.PHONE: 14, ContactBy.RING_ME: 6}


@dataclass(frozen=True, kw_only=True, eq=False)
class Household:
    """One invented family, and the row it has in the database."""

    row: Family
    contact_by: ContactBy
    email: str | None
    phone: str | None
    outcode: str
    district: str
    children: int
    profile: dict[str, Any] | None
    wishes: tuple[Wish, ...]
    joined_on: date
    keenness: float
    is_young_person: bool


def draw_households(rng: Random, *, start: date, today: date) -> list[Household]:
    """Draw 120 families with 160 adults; a third are there from the start, the others come as word spreads."""
    names = _names(rng)
    pairs = set(rng.sample(range(YOUNG_PEOPLE, FAMILIES), ADULTS - FAMILIES))
    phones = rng.sample(range(2000), FAMILIES)
    districts = [district for district, number in share_out(FAMILIES).items() for _ in range(number)]
    rng.shuffle(districts)
    return [
        _household(
            rng,
            number=number,
            names=[next(names) for _ in range(2 if number in pairs else 1)],
            phone=_phone(phones[number]),
            district=districts[number],
            joined_on=_joined(rng, start=start, today=today),
        )
        for number in range(FAMILIES)
    ]


def draw_child(rng: Random) -> dict[str, str]:
    """Draw one child's answers to the three optional questions."""
    return {"age_phase": pick(rng, PHASES), "support": pick(rng, SUPPORT), "need_area": pick(rng, AREAS)}


def share_out(families: int) -> dict[str, int]:
    """Share families out over the districts by pupils and by how well each is reached; a few live elsewhere."""
    counts = {"medway": families // 40, "unknown": families // 40}
    inside = families - sum(counts.values())
    weights = {district: pupils * REACH.get(district, 1.0) for district, pupils in PUPILS.items()}
    exact = {district: inside * weight / sum(weights.values()) for district, weight in weights.items()}
    counts |= {district: int(share) for district, share in exact.items()}
    by_remainder = sorted(exact, key=lambda district: exact[district] % 1, reverse=True)
    for district in by_remainder[: families - sum(counts.values())]:
        counts[district] += 1
    return counts


def _household(rng: Random, *, number: int, names: list[str], phone: str, district: str, joined_on: date) -> Household:
    is_young_person = number < YOUNG_PEOPLE
    contact_by = pick(rng, CONTACT)
    email = _email(names[0]) if contact_by == ContactBy.EMAIL else None
    kept_phone = phone if email is None or rng.random() < 0.4 else None
    children = rng.choices((1, 2, 3), weights=(68, 26, 6))[0]
    kind = PersonKind.YOUNG_PERSON if is_young_person else PersonKind.PARENT_CARER
    number_of_phone = normal_phone(kept_phone) if kept_phone else None
    row = Family(
        key=f"{rng.getrandbits(128):032x}",
        email_hash=lookup_hash("email", normal_email(email)) if email else None,
        phone_hash=lookup_hash("phone", number_of_phone) if number_of_phone else None,
        is_demo=True,
        adults=[Adult(name=name, kind=kind) for name in names],
        created_at=london_time(joined_on, 9),
    )
    return Household(
        row=row,
        contact_by=contact_by,
        email=email,
        phone=kept_phone,
        outcode=rng.choice(OUTCODES[district]),
        district=district,
        children=children,
        profile=_profile(rng, children=children, is_young_person=is_young_person),
        wishes=draw_wishes(rng),
        joined_on=joined_on,
        keenness=min(rng.paretovariate(1.6), 8.0),
        is_young_person=is_young_person,
    )


def _profile(rng: Random, *, children: int, is_young_person: bool) -> dict[str, Any] | None:
    if rng.random() < 0.12:
        return None
    drawn = [draw_child(rng) for _ in range(children)]
    profile: dict[str, Any] = {
        question: sorted({child[question] for child in drawn}) for question in ("age_phase", "support", "need_area")
    }
    if is_young_person:
        profile["age_phase"] = [rng.choice(("16_to_18", "19_to_25"))]
    return profile


def _joined(rng: Random, *, start: date, today: date) -> date:
    """Draw since when a family knows of us: a third from the start, some only since a few weeks."""
    chance = rng.random()
    if chance < 0.34:
        return start
    if chance > 0.92:
        return today - timedelta(days=rng.randrange(8, 50))
    return start + timedelta(days=rng.randrange((today - start).days - 30))


def _names(rng: Random) -> Iterator[str]:
    """Give names nobody else has; a family name comes three times at most."""
    family_names = [*LAST, *LAST, *LAST]
    rng.shuffle(family_names)
    seen = set()
    for last in family_names:
        name = f"{rng.choice(FIRST)} {last}"
        if name not in seen:
            seen.add(name)
            yield name


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l").replace("ı", "i"))
    words = re.findall("[a-z]+", plain.encode("ascii", "ignore").decode().lower())
    return f"{'.'.join(words)}@example.org"


def _phone(number: int) -> str:
    """Return a number that Ofcom keeps for drama: 01632 960000 to 960999 and 07700 900000 to 900999."""
    return f"01632 960{number:03d}" if number < 1000 else f"07700 900{number - 1000:03d}"
