"""Decide what a mail relay's answer means: never for this family, not now, or our own fault.

The codes are those of RFC 5321 section 4.2.3, the finer ones ("5.7.1") those of RFC 3463. We speak with our own
relay, which passes the mail on: what it says about a sender or about policy, it says about us. What the family's own
server says comes back later, as a bounce.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far a message had got: who sends it, to whom, and the message itself."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Verdict(StrEnum):
    """What becomes of a message that was not taken."""

    NEVER = "never"
    NOT_NOW = "not now"
    OUR_FAULT = "our fault"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One line of the table; an empty `finer` fits any."""

    stages: tuple[Stage, ...]
    codes: range
    finer: str
    verdict: Verdict
    source: str


_ANY = tuple(Stage)
_TO = (Stage.RECIPIENT,)
_OF = (Stage.SENDER,)
_IT = (Stage.CONTENT,)

ANSWERS = (
    Answer(
        stages=_ANY,
        codes=range(400, 500),
        finer="",
        verdict=Verdict.NOT_NOW,
        source="RFC 5321 4.2.1: 4yz is transient; 421 also ends the line (3.8), 450 is how greylists answer",
    ),
    Answer(
        stages=_OF,
        codes=range(500, 600),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 5321 3.3: MAIL names our own address, so whatever is wrong is ours",
    ),
    Answer(
        stages=_ANY,
        codes=range(500, 501),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 5321 4.2.2: 500 is a command that was not understood",
    ),
    Answer(
        stages=_ANY,
        codes=range(502, 505),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 5321 4.2.2: 502 to 504 are commands out of place",
    ),
    Answer(
        stages=_ANY,
        codes=range(521, 522),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 7504: 521 is a server that takes no mail at all",
    ),
    Answer(
        stages=_ANY,
        codes=range(530, 540),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 4954 6, RFC 3207 4: 530 to 538 ask us to sign in, or for TLS",
    ),
    Answer(
        stages=_ANY,
        codes=range(555, 556),
        finer="",
        verdict=Verdict.OUR_FAULT,
        source="RFC 5321 4.1.1.11: 555 is a parameter of ours that is not known",
    ),
    Answer(
        stages=_TO,
        codes=range(500, 600),
        finer="5.7.",
        verdict=Verdict.OUR_FAULT,
        source="RFC 3463 3.8: X.7 is policy; our relay will not pass mail on for us",
    ),
    Answer(
        stages=_TO,
        codes=range(500, 600),
        finer="5.5.",
        verdict=Verdict.OUR_FAULT,
        source="RFC 3463 3.6: X.5 is about the talk, not about the address",
    ),
    Answer(
        stages=_TO,
        codes=range(552, 553),
        finer="",
        verdict=Verdict.NOT_NOW,
        source="RFC 5321 4.5.3.1.10: 552 to RCPT is to be read as 452",
    ),
    Answer(
        stages=_IT,
        codes=range(552, 553),
        finer="5.2.2",
        verdict=Verdict.NOT_NOW,
        source="RFC 3463 3.3: X.2.2 is a mailbox that is full today",
    ),
    Answer(
        stages=(*_TO, *_IT),
        codes=range(500, 600),
        finer="",
        verdict=Verdict.NEVER,
        source="RFC 5321 4.2.1: 5yz is permanent, and not to be tried again unchanged",
    ),
)
"""Read from the top: the first line that fits decides."""

_FINER = re.compile(r"\A([245]\.\d{1,3}\.\d{1,3})\b")


def finer_code(text: str) -> str:
    """Return the status of RFC 3463 that an answer's text begins with, or nothing."""
    found = _FINER.match(text)
    return found.group(1) if found else ""


def verdict_on(stage: Stage, code: int, *, finer: str = "") -> Verdict | None:
    """Return what a refusal means; None for a code that no relay may answer with: then nobody knows."""
    fitting = (
        answer.verdict
        for answer in ANSWERS
        if stage in answer.stages and code in answer.codes and finer.startswith(answer.finer)
    )
    return next(fitting, None)
