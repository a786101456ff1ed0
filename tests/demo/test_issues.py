"""The demonstration has something on its board: answers of each kind with their reasons, and one that is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from booking import clock
from booking.extensions import db, transaction
from booking.queries.issues import WantedIssues
from booking.queries.said_and_did import find_said
from booking.rules.issues import IssueState
from booking.rules.words import IssueOutcome
from booking.services.demo.issues import make_issues
from tests.cast import an_event

pytestmark = pytest.mark.one_database


def test_every_outcome_is_there_with_a_reason_and_something_is_late(in_app: Flask) -> None:
    events = [an_event(starts_at=clock.now() - timedelta(days=20 * number + 5)) for number in range(12)]
    with transaction():
        db.session.add_all(make_issues(events, now=clock.now()))
    board = find_said(WantedIssues())
    assert {issue.outcome for issue in board.issues} == {None, *IssueOutcome}
    assert all(issue.reason for issue in board.issues if issue.outcome)
    assert board.late >= 1
    assert any(issue.state == IssueState.OPEN for issue in board.issues)


def test_without_sessions_that_are_over_there_is_nothing(in_app: Flask) -> None:
    assert make_issues([an_event()], now=clock.now()) == []
