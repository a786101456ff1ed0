"""What staff see of returns: what waits, freezing with a reason, versions and their files, and what differs today."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.models import AuditEntry, Event, Snapshot
from booking.rules.calendar_periods import parse_period
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.door.conftest import submit
from tests.figures.frozen import freeze
from tests.figures.quarter import a_session, at
from tests.figures.test_frozen_returns import an_open_register, close, five_more_come, history, without_pango

__all__ = ["history", "without_pango"]
pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("history")]

RETURNS = "/staff/figures/returns"
ONE = f"{RETURNS}/2025-26-Q4"
FREEZE = f"{ONE}/freeze"


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT, name="Ina Sight"))
    return client


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def press(client: FlaskClient, reason: str = "", after: int = 0) -> tuple[int, str]:
    answer = submit(client, FREEZE, FREEZE, after=str(after), reason=reason)
    db.session.rollback()
    return answer.status_code, answer.text


class TestToday:
    def test_asks_whoever_may_until_it_is_done(self, insight: FlaskClient) -> None:
        assert "Freeze 2025-26 Q4 (January to March 2026)" in text(insight, "/staff/")
        freeze()
        assert "Freeze 2025-26 Q4" not in text(insight, "/staff/")

    def test_says_nothing_of_what_lies_before_the_first_return(self, insight: FlaskClient) -> None:
        with transaction():
            a_session(at("2025-12-02", 10))
        assert "Freeze 2025-26 Q3" in text(insight, "/staff/"), "nothing was ever frozen"
        freeze()
        assert "Figures to freeze" not in text(insight, "/staff/")

    def test_asks_for_a_quarter_that_was_passed_over(self, insight: FlaskClient) -> None:
        with transaction():
            a_session(at("2025-09-02", 10))
            a_session(at("2025-12-02", 10))
        freeze(parse_period("2025-26-Q2"))
        freeze()
        assert "Freeze 2025-26 Q3" in text(insight, "/staff/")

    def test_says_nothing_before_the_day(self, insight: FlaskClient) -> None:
        with time_machine.travel("2026-04-15 12:00:00+00:00"):
            sign_in(insight, a_member_of_staff(StaffRole.INSIGHT))
            assert "Figures to freeze" not in text(insight, "/staff/")

    def test_asks_nobody_else(self, in_app: Flask, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ACCESS_LEAD))
        assert "Figures to freeze" not in text(client, "/staff/")
        for path in (RETURNS, ONE, FREEZE, f"{ONE}/1/all.zip"):
            assert client.get(path).status_code == 403


class TestFreezing:
    def test_from_the_list_to_the_return(self, insight: FlaskClient) -> None:
        assert "Waiting to be frozen (1)" in text(insight, RETURNS)
        form = insight.get(FREEZE).text
        assert "We reached 27 families:" in form
        assert "Why?" not in form, "nothing has to be explained"
        assert press(insight)[0] == 303
        shown = text(insight, ONE)
        assert "Frozen on 16 June 2026 (version 1)." in shown
        assert "by Ina Sight (insight)" in shown
        assert "Every number is still the same." in shown
        assert "Frozen as version 1" in shown
        assert "2025-26 Q4 (January to March 2026) : version 1, 16 June 2026" in text(insight, RETURNS)
        snapshot = db.session.scalars(select(Snapshot)).one()
        assert (snapshot.frozen_role, snapshot.frozen_by.name) == ("insight", "Ina Sight")  # type: ignore[union-attr]

    def test_an_open_register_asks_for_a_reason_and_nothing_typed_is_lost(self, insight: FlaskClient) -> None:
        event_id = an_open_register()
        form = insight.get(FREEZE).text
        assert "1 register is still open" in form
        assert f"/door/{event_id}" in form or "=Open forum" in form
        status, page = press(insight)
        assert status == 422
        assert 'href="#reason"' in page
        assert "One register is still open" in page
        status, page = press(insight, reason="x" * 501)
        assert status == 422
        assert "x" * 501 in page
        assert press(insight, reason="The hall burnt down")[0] == 303
        shown = text(insight, ONE)
        assert "Registers that were open then: =Open forum." in shown
        assert "1 register was not closed within 14 days: who came there counts once it is closed. =Open forum" in shown
        assert "Why: The hall burnt down" in shown

    def test_before_its_day_it_says_when(self, insight: FlaskClient) -> None:
        shown = text(insight, f"{RETURNS}/2026-27-Q1/freeze")
        assert "can be frozen from 14 July 2026" in shown
        assert "Freeze as version" not in shown
        answer = submit(insight, FREEZE, f"{RETURNS}/2026-27-Q1/freeze", after="0")
        assert answer.status_code == 422
        assert db.session.scalars(select(Snapshot)).all() == []

    def test_who_is_second_is_told(self, insight: FlaskClient) -> None:
        freeze()
        status, page = press(insight)
        assert status == 409
        assert "Somebody has just frozen this quarter" in page
        assert press(insight, after=1)[0] == 422
        assert press(insight, after=-1)[0] == 422

    @pytest.mark.parametrize("code", ["2025", "2025-26", "2025-26-H2", "2099-00-Q1", "2025-26-q4", "<b>"])
    def test_what_is_no_quarter_is_not_found(self, insight: FlaskClient, code: str) -> None:
        assert insight.get(f"{RETURNS}/{code}").status_code == 404
        assert insight.get(f"{RETURNS}/{code}/freeze").status_code == 404


class TestAfterwards:
    def test_the_next_quarter_is_set_beside_it(self, insight: FlaskClient) -> None:
        page = f"{RETURNS}/2026-27-Q1/freeze"
        assert "The quarter before is not frozen" in text(insight, page)
        freeze()
        shown = text(insight, page)
        assert "Against the quarter before, 2025-26 Q4 (January to March 2026)" in shown
        assert "Families reached 27 0" in shown

    def test_staff_see_today_and_what_differs(self, insight: FlaskClient) -> None:
        freeze()
        figures = text(insight, "/staff/figures?period=2025-26-Q4")
        assert "Frozen on 16 June 2026 (version 1)." in figures
        assert "Every number on this page is still as it was frozen." in figures
        five_more_come()
        figures = text(insight, "/staff/figures?period=2025-26-Q4")
        assert "We reached 44 families:" in figures
        assert "on this page are others than the frozen ones" in figures
        shown = text(insight, ONE)
        assert "We reached 27 families:" in shown
        assert "M06 Families reached In all 27 44" in shown

    def test_readers_outside_get_what_is_frozen(self, insight: FlaskClient) -> None:
        before = insight.get("/staff/figures.csv?period=2025-26-Q4").get_data()
        freeze()
        five_more_come()
        answer = insight.get("/staff/figures.csv?period=2025-26-Q4")
        assert answer.get_data() == before
        assert 'filename="figures-2025-26-Q4-public-v1.csv"' in answer.headers["Content-Disposition"]

    def test_a_register_opened_again_is_said_and_a_new_version_explains_itself(self, insight: FlaskClient) -> None:
        event_id = an_open_register()
        close(event_id)
        freeze()
        with transaction():
            db.session.get_one(Event, event_id).register_closed_at = None
        for path in (ONE, "/staff/figures?period=2025-26-Q4"):
            assert "1 register is open that was closed then: =Open forum" in text(insight, path)
        assert press(insight, after=1)[0] == 422
        assert press(insight, reason="Opened again, nobody knows", after=1)[0] == 303
        shown = text(insight, ONE)
        assert "Version 2" in shown
        assert "numbers changed since version 1" in shown
        assert "is open that was closed then" not in shown

    def test_files_are_given_out_to_the_last_byte_and_noted(self, insight: FlaskClient) -> None:
        freeze()
        five_more_come()
        freeze(reason="A paper register turned up")
        shown = insight.get(ONE).text
        for version in (1, 2):
            content = insight.get(f"{ONE}/{version}/all.zip").get_data()
            assert hashlib.sha256(content).hexdigest() in shown
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    answer = insight.get(f"{ONE}/{version}/{name}")
                    assert answer.get_data() == archive.read(name)
                    assert answer.headers["Content-Disposition"].startswith("attachment;")
        entries = db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "export_figures")).all()
        assert {"period": "2025-26-Q4", "profile": "public", "version": 2} in entries
        for path in (f"{ONE}/3/all.zip", f"{ONE}/1/changes.csv", f"{ONE}/1/..%2Fsecret"):
            assert insight.get(path).status_code == 404, path

    def test_true_numbers_need_a_reason(self, insight: FlaskClient) -> None:
        freeze()
        refused = submit(insight, ONE, f"{ONE}/1", profile="internal", reason=" ")
        assert refused.status_code == 422
        assert 'href="#reason-1"' in refused.text
        given = submit(insight, ONE, f"{ONE}/1", profile="internal", reason="Board paper")
        assert zipfile.is_zipfile(io.BytesIO(given.get_data()))
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.reason == "Board paper")).one()
        assert entry.facts == {"period": "2025-26-Q4", "profile": "internal", "version": 1}
        partner = submit(insight, ONE, f"{ONE}/1", profile="partner", reason="")
        assert 'filename="return-2025-26-Q4-v1-partner.zip"' in partner.headers["Content-Disposition"]
        assert submit(insight, ONE, f"{ONE}/9", profile="partner").status_code == 404
