"""How many pupils with SEN the demonstration's districts have: invented numbers, and they say so."""

from __future__ import annotations

from datetime import date

from booking.extensions import db
from booking.models import PupilCount

SOURCE = "ILLUSTRATIVE: invented for the demonstration, not official"
_WITH_PLAN = 28
"""Of a hundred pupils with SEN, so many have an EHC plan here."""
PUPILS = {
    "ashford": 3_900,
    "canterbury": 4_300,
    "dartford": 3_700,
    "dover": 3_400,
    "folkestone-and-hythe": 3_200,
    "gravesham": 3_500,
    "maidstone": 5_100,
    "sevenoaks": 3_300,
    "swale": 5_000,
    "thanet": 5_000,
    "tonbridge-and-malling": 3_700,
    "tunbridge-wells": 3_200,
}
"""Pupils with SEN by district; families are drawn in proportion to them, too."""


def make_pupils(published_on: date) -> None:
    """Write one count for each district, out before the demonstration's history begins."""
    for district, pupils in PUPILS.items():
        ehcp = pupils * _WITH_PLAN // 100
        db.session.add(
            PupilCount(
                district=district,
                year=published_on.year,
                sen_support=pupils - ehcp,
                ehcp=ehcp,
                source=SOURCE,
                published_on=published_on,
            )
        )
