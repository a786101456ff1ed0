"""Section F of the catalogue: what parents raised, what became of it, and how far they took part."""

from __future__ import annotations

from booking.locality.kinds import N_
from booking.rules.engagement.metric import Metric, Shape

METRICS = (
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
