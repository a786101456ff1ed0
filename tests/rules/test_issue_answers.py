"""An answer is due 42 days after something was raised, whatever happens; small numbers point at nobody."""

from __future__ import annotations

from datetime import date

import pytest

from booking.errors import Conflict, Refusal
from booking.locality import get_locality
from booking.rules.issues import (
    LONGEST,
    IssueState,
    answered_on_time,
    days_to_done,
    due_on,
    is_late,
    may_name_session,
    owner_name,
    owners,
    raised_by,
    refuse_answer,
    refuse_publishing,
    refuse_update,
    state_of,
)
from booking.rules.words import IssueOutcome

KENT = get_locality("kent")
RAISED, DUE, TODAY = date(2026, 6, 16), date(2026, 7, 28), date(2026, 6, 20)


def test_an_answer_is_due_in_42_days() -> None:
    assert due_on(RAISED) == DUE


@pytest.mark.parametrize(("today", "late"), [(DUE, False), (date(2026, 7, 29), True)])
def test_it_is_late_from_the_day_after(today: date, late: bool) -> None:
    assert is_late(RAISED, today=today) is late


def test_what_is_answered_is_late_no_more() -> None:
    assert not is_late(RAISED, today=date(2027, 1, 1), answered_on=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("answered", "in_time"), [(DUE, True), (RAISED, True), (date(2026, 7, 29), False), (None, False)]
)
def test_an_answer_on_the_last_day_is_in_time(answered: date | None, in_time: bool) -> None:
    assert answered_on_time(RAISED, answered) is in_time


def test_days_to_done_count_from_the_day_it_was_raised() -> None:
    assert days_to_done(RAISED, date(2026, 9, 16)) == 92
    assert days_to_done(RAISED, RAISED) == 0


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 7, 20), IssueState.OPEN),
        (date(2026, 7, 21), IssueState.DUE_SOON),
        (DUE, IssueState.DUE_SOON),
        (date(2026, 7, 29), IssueState.LATE),
    ],
)
def test_what_waits_is_due_soon_in_its_last_week_and_then_late(today: date, state: IssueState) -> None:
    assert state_of(RAISED, today=today) == state
    assert state_of(RAISED, today=today, answered_on=today) == IssueState.ANSWERED


@pytest.mark.parametrize(("families", "named"), [(0, False), (4, False), (5, True)])
def test_a_session_is_named_where_five_families_were(families: int, named: bool) -> None:
    assert may_name_session(families) is named


@pytest.mark.parametrize(("families", "said"), [(None, None), (9, None), (10, 10)])
def test_how_many_raised_it_is_said_from_ten_on(families: int | None, said: int | None) -> None:
    assert raised_by(families) == said


def test_whoever_is_no_more_is_not_asked_but_has_a_name() -> None:
    codes = [each.code for each in owners(KENT, today=TODAY)]
    assert {"kcc", "icb", "pact", "school", "other"} <= set(codes)
    assert "ccg" not in codes
    assert owner_name("ccg", KENT).startswith("NHS Kent and Medway")
    assert owner_name("", KENT) == ""


@pytest.mark.parametrize(
    ("text", "owner", "is_fit", "field"),
    [
        (" ", "kcc", True, "text"),
        ("x" * (LONGEST + 1), "kcc", True, "text"),
        ("The bus", "", True, "owner"),
        ("The bus", "ccg", True, "owner"),
        ("The bus", "kcc", False, "is_fit"),
    ],
)
def test_nothing_is_shown_without_words_an_owner_and_somebody_who_found_it_fit(
    text: str, owner: str, is_fit: bool, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_publishing(text, owner, is_fit=is_fit, locality=KENT, today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize("outcome", [IssueOutcome.PARTLY, IssueOutcome.CANNOT_YET, IssueOutcome.CANNOT])
def test_all_but_done_needs_a_reason(outcome: IssueOutcome) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_answer(outcome, " ", is_public=True)
    assert refused.value.field == "reason"
    refuse_answer(outcome, "There is no money this year.", is_public=True)
    refuse_answer(IssueOutcome.DONE, "", is_public=True)


def test_nothing_is_said_of_what_nobody_can_see() -> None:
    with pytest.raises(Conflict):
        refuse_answer(IssueOutcome.DONE, "", is_public=False)
    with pytest.raises(Conflict):
        refuse_update("We asked.", is_public=False)
    with pytest.raises(Refusal):
        refuse_update(" ", is_public=True)
