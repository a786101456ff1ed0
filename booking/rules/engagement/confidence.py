"""Section E of the catalogue: how sessions were for those who came (`workstream-1.md` 2.7)."""

from __future__ import annotations

from collections.abc import Callable

from booking.locality.kinds import N_
from booking.rules.engagement.facts import AnswerFact
from booking.rules.engagement.metric import Entry, Measures, Metric, Rest, Shape, Sum, once
from booking.rules.feedback import AGREE, DOES_NOT_APPLY, PAIRS
from booking.rules.words import FeedbackMethod

_AGREED = ("confident", "listened", "what_next", "again", "had_what_needed")
_ASKED_TWICE = "before_confident"
"""The question whose change is counted: whether services will meet the child’s needs (weakness 1)."""

METRICS = (
    Metric(
        id="M35",
        name=N_("Answers for each adult reached"),
        definition=N_(
            "How many told us how it was, for each hundred adults reached. Answers are nobody’s, so somebody who came "
            "twice and answered twice counts twice."
        ),
        formula=N_("Answers ÷ adults reached"),
        numerator="answers",
        denominator="adults",
        shape=Shape.SHARE,
        by="KL",
    ),
    Metric(
        id="M36",
        name=N_("Confidence went up, asked before and after"),
        definition=N_(
            "Of those asked both times, those whose confidence went up. Asked of the same people before and after."
        ),
        formula=N_("Answers that went up ÷ answers given both times"),
        numerator="paired_up",
        denominator="paired",
        rest="paired_not_up",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36b",
        name=N_("Confidence stayed the same, asked before and after"),
        definition=N_(
            "Of those asked both times, those whose confidence stayed. Asked of the same people before and after."
        ),
        formula=N_("Answers that stayed ÷ answers given both times"),
        numerator="paired_same",
        denominator="paired",
        rest="paired_not_same",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36c",
        name=N_("Confidence went down, asked before and after"),
        definition=N_(
            "Of those asked both times, those whose confidence went down. Asked of the same people before and after."
        ),
        formula=N_("Answers that went down ÷ answers given both times"),
        numerator="paired_down",
        denominator="paired",
        rest="paired_not_down",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36d",
        name=N_("Change of confidence, asked before and after"),
        definition=N_(
            "By how many steps of five confidence changed on average. Asked of the same people before and after. "
            "In public it is made from rounded numbers."
        ),
        formula=N_("Sum of the changes ÷ answers given both times"),
        numerator="paired_change",
        denominator="paired",
        shape=Shape.MEAN,
        by="KW",
    ),
    Metric(
        id="M36r",
        name=N_("Confidence went up, asked both after"),
        definition=N_("Of those asked both times, those whose confidence went up. Both asked afterwards: kept apart."),
        formula=N_("Answers that went up ÷ answers given both times"),
        numerator="retro_up",
        denominator="retro",
        rest="retro_not_up",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36rb",
        name=N_("Confidence stayed the same, asked both after"),
        definition=N_("Of those asked both times, those whose confidence stayed. Both asked afterwards: kept apart."),
        formula=N_("Answers that stayed ÷ answers given both times"),
        numerator="retro_same",
        denominator="retro",
        rest="retro_not_same",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36rc",
        name=N_("Confidence went down, asked both after"),
        definition=N_(
            "Of those asked both times, those whose confidence went down. Both asked afterwards: kept apart."
        ),
        formula=N_("Answers that went down ÷ answers given both times"),
        numerator="retro_down",
        denominator="retro",
        rest="retro_not_down",
        shape=Shape.SHARE,
        by="KW",
    ),
    Metric(
        id="M36rd",
        name=N_("Change of confidence, asked both after"),
        definition=N_(
            "By how many steps of five confidence changed on average. Both asked afterwards: kept apart. "
            "In public it is made from rounded numbers."
        ),
        formula=N_("Sum of the changes ÷ answers given both times"),
        numerator="retro_change",
        denominator="retro",
        shape=Shape.MEAN,
        by="KW",
    ),
    Metric(
        id="M34",
        name=N_("Had what they needed to take part"),
        definition=N_("Of those who answered, those who agreed that they had what they needed to take part."),
        formula=N_("Agree or strongly agree ÷ answers"),
        numerator="had_what_needed_agreed",
        denominator="had_what_needed_answered",
        rest="had_what_needed_not_agreed",
        shape=Shape.SHARE,
        by="K",
    ),
    Metric(
        id="M37",
        name=N_("Confident after"),
        definition=N_(
            "Of those who answered, those who now feel confident that services will meet their child’s needs."
        ),
        formula=N_("Agree or strongly agree ÷ answers"),
        numerator="confident_agreed",
        denominator="confident_answered",
        rest="confident_not_agreed",
        shape=Shape.SHARE,
        by="KLW",
    ),
    Metric(
        id="M38",
        name=N_("Felt listened to"),
        definition=N_("Of those who answered, those who agreed that they felt listened to."),
        formula=N_("Agree or strongly agree ÷ answers"),
        numerator="listened_agreed",
        denominator="listened_answered",
        rest="listened_not_agreed",
        shape=Shape.SHARE,
        by="KPV",
    ),
    Metric(
        id="M39",
        name=N_("Know what happens next"),
        definition=N_("Of those who answered, those who agreed that they know what will happen next."),
        formula=N_("Agree or strongly agree ÷ answers"),
        numerator="what_next_agreed",
        denominator="what_next_answered",
        rest="what_next_not_agreed",
        shape=Shape.SHARE,
        by="K",
    ),
    Metric(
        id="M40",
        name=N_("Would come again"),
        definition=N_("Of those who answered, those who agreed that they would come again."),
        formula=N_("Agree or strongly agree ÷ answers"),
        numerator="again_agreed",
        denominator="again_answered",
        rest="again_not_agreed",
        shape=Shape.SHARE,
        by="K",
    ),
)

SUMS = tuple(
    Sum(parts=tuple(f"{way.value}_{went}" for went in ("up", "same", "down")), total=way.value)
    for way in (FeedbackMethod.PAIRED, FeedbackMethod.RETRO)
)
RESTS = (
    *(
        Rest(name=f"{way.value}_not_{went}", whole=way.value, part=f"{way.value}_{went}")
        for way in (FeedbackMethod.PAIRED, FeedbackMethod.RETRO)
        for went in ("up", "same", "down")
    ),
    *(Rest(name=f"{name}_not_agreed", whole=f"{name}_answered", part=f"{name}_agreed") for name in _AGREED),
)


def _changed(answer: AnswerFact, way: FeedbackMethod) -> int | None:
    """Say by how many steps confidence changed, where one person answered both times in this way."""
    before, after = (answer.given.get(name, DOES_NOT_APPLY) for name in (_ASKED_TWICE, PAIRS[_ASKED_TWICE]))
    is_pair = answer.method == way and DOES_NOT_APPLY not in (before, after)
    return after - before if is_pair else None


def _measures_of_change(way: FeedbackMethod) -> Measures[AnswerFact]:
    def went(is_so: Callable[[int], bool]) -> Callable[[AnswerFact], Entry | None]:
        return lambda a: once(a.id, (by := _changed(a, way)) is not None and is_so(by))

    return {
        way.value: went(lambda _by: True),
        f"{way.value}_up": went(lambda by: by > 0),
        f"{way.value}_same": went(lambda by: by == 0),
        f"{way.value}_down": went(lambda by: by < 0),
        f"{way.value}_change": lambda a: None if (by := _changed(a, way)) is None else (a.id, by),
    }


def _measures_of_agreement(name: str) -> Measures[AnswerFact]:
    return {
        f"{name}_answered": lambda a: once(a.id, a.given.get(name, DOES_NOT_APPLY) != DOES_NOT_APPLY),
        f"{name}_agreed": lambda a: once(a.id, a.given.get(name) in AGREE),
    }


ANSWERS: Measures[AnswerFact] = {
    "answers": lambda a: once(a.id, True),
    **_measures_of_change(FeedbackMethod.PAIRED),
    **_measures_of_change(FeedbackMethod.RETRO),
    **{measure: count for name in _AGREED for measure, count in _measures_of_agreement(name).items()},
}
