"""What figures are meant to come to: a file comes in whole or not at all, and stands beside the figure."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.extensions import db, transaction
from booking.models import AuditEntry, TargetValue
from booking.queries.targets import targets_at
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.figures.quarter import CAME, a_family, a_place_in, a_session, at, went
from tests.staff.browse import forms_of

HEADER = "metric_id,breakdown,category,value,agreed_by,agreed_on"
GOOD = f"""{HEADER}
M15,,,85%,The steering group,2025-04-01
M06,residence_district,Dover,20,"KCC, NHS Kent and PACT",2025-04-01
"""
PAGE = "/staff/figures/targets"


def bring_in(client: FlaskClient, text: str) -> tuple[int, str]:
    page = client.get(PAGE).get_data(as_text=True)
    data = forms_of(page)[PAGE] | {"file": (io.BytesIO(text.encode()), "targets.csv")}
    answer = client.post(PAGE, data=data, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


def values(day: date = date(2026, 6, 16)) -> dict[tuple[str, str, str], Decimal]:
    db.session.expire_all()
    return {of: target.value for of, target in targets_at(day).items()}


def test_a_file_comes_in_and_a_second_time_changes_nothing(insight: FlaskClient) -> None:
    status, page = bring_in(insight, GOOD)
    assert status == 200
    assert "Brought in: 2 new, 0 changed, 0 as they were." in page
    assert "KCC, NHS Kent and PACT" in page
    assert values() == {("M15", "all", "all"): 85, ("M06", "D", "dover"): 20}
    assert "0 new, 0 changed, 2 as they were." in bring_in(insight, GOOD)[1]
    assert "0 new, 1 changed, 1 as they were." in bring_in(insight, GOOD.replace("85%", "85.5"))[1]
    assert values()["M15", "all", "all"] == Decimal("85.5")
    kept = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "import_targets")).all()
    assert [entry.facts for entry in kept] == [{"new": 2, "changed": 0}, {"new": 0, "changed": 1}]
    assert insight.get(f"{PAGE}.csv").text.splitlines()[1:] == [
        "M15,all,all,85.5,The steering group,2025-04-01",
        'M06,residence_district,dover,20,"KCC, NHS Kent and PACT",2025-04-01',
    ]


def test_what_was_sent_can_be_brought_in_again(insight: FlaskClient) -> None:
    bring_in(insight, GOOD)
    assert "0 new, 0 changed, 2 as they were." in bring_in(insight, insight.get(f"{PAGE}.csv").text)[1]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("M99,,,1,Us,2025-04-01", "line 3, metric_id: Write the code of a figure that is counted"),
        ("M13,,,1,Us,2025-04-01", "line 3, metric_id: Write the code of a figure that is counted"),
        ("M06,venue_district,dover,1,Us,2025-04-01", "line 3, breakdown: Write all or residence_district"),
        ("M06,residence_district,Narnia,1,Us,2025-04-01", "line 3, category: This is no category"),
        ("M06,,dover,1,Us,2025-04-01", "line 3, category: A target in all has no category"),
        ("M15,,,101,Us,2025-04-01", "line 3, value: Write a number from 0 to 100"),
        ("M06,,,-1,Us,2025-04-01", "line 3, value: Write a number from 0 to 1,000,000"),
        ("M06,,,many,Us,2025-04-01", "line 3, value: Write a number"),
        ("M06,,,nan,Us,2025-04-01", "line 3, value: Write a number"),
        ("M06,,,1.234,Us,2025-04-01", "line 3, value: Write a number"),
        ("M06,,,1,,2025-04-01", "line 3, agreed_by: Say who agreed it"),
        ("M06,,,1,Us,1 April", "line 3, agreed_on: Write the day as 2026-07-09"),
        ("M06,,,1,Us,2030-04-01", "line 3, agreed_on: This day is still to come"),
        ("M05,,,2,Them,2025-04-01", "line 3, metric_id: This figure, category and day stand in the file twice"),
    ],
)
def test_each_problem_is_named_and_nothing_comes_in(insight: FlaskClient, row: str, sentence: str) -> None:
    status, page = bring_in(insight, f"{HEADER}\nM05,,,1,Us,2025-04-01\n{row}\n")
    place, _, words = sentence.partition(": ")
    line, _, column = place.partition(", ")
    assert status == 422
    assert f"<strong>{line.capitalize()}, {column}</strong>: {words}" in page
    assert values() == {}


@pytest.mark.one_database
def test_no_file_and_no_row_are_said_plainly(insight: FlaskClient) -> None:
    assert "The file is empty." in bring_in(insight, "")[1]
    assert "There is no row in the file." in bring_in(insight, HEADER)[1]


@pytest.mark.one_database
def test_who_only_reads_figures_agrees_nothing(in_app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    assert "Bring in" not in client.get(PAGE).get_data(as_text=True)
    assert client.post(PAGE).status_code in (400, 403)
    assert values() == {}


def test_a_later_target_takes_the_place_of_an_earlier_one_but_not_in_earlier_periods(insight: FlaskClient) -> None:
    bring_in(insight, GOOD)
    bring_in(insight, f"{HEADER}\nM15,,,90,The steering group,2026-04-01\n")
    assert values(date(2026, 3, 31))["M15", "all", "all"] == 85
    assert values(date(2026, 4, 1))["M15", "all", "all"] == 90
    assert values(date(2025, 3, 31)) == {}


def test_a_target_stands_beside_its_figure_with_who_agreed_it(insight: FlaskClient) -> None:
    with transaction():
        forum = a_session(at("2026-02-10", 10), venue=a_place_in("dover"))
        for _each in range(5):
            went(forum, a_family(), CAME, district="dover")
    figures, overview = "/staff/figures?period=2025-26-Q4", "/staff/figures/overview?period=2025-26-Q4"
    reach = "/staff/figures/overview/reach?period=2025-26-Q4"
    for page in (figures, overview, reach):
        assert "agreed by" not in insight.get(page).text, "without one nothing is shown"
    bring_in(insight, GOOD)
    assert "Target: 85%, agreed by The steering group on" in insight.get(figures).text
    assert "Target: 20, agreed by KCC, NHS Kent and PACT on" in insight.get(figures).text
    assert "Attendance rate: 85%, agreed by The steering group on" in insight.get(overview).text
    assert "Families reached, Dover: 20, agreed by KCC, NHS Kent and PACT on" in insight.get(reach).text
    assert "agreed by" not in insight.get(f"{reach}&kind=forum").text, "it is for all sessions"
    assert "agreed by" not in insight.get(figures.replace("2025-26-Q4", "2024-25-Q4")).text, "not yet agreed then"


def test_the_command_says_what_it_would_do(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text(GOOD)
    runner = app.test_cli_runner()
    assert "To import: 2 new" in runner.invoke(args=["import-targets", str(file), "--dry-run"]).output
    with app.app_context():
        assert db.session.scalars(db.select(TargetValue)).all() == []
    assert "Imported: 2 new" in runner.invoke(args=["import-targets", str(file)]).output
    file.write_text(GOOD.replace("Dover", "Nowhere"))
    bad = runner.invoke(args=["import-targets", str(file)])
    assert bad.exit_code == 1
    assert "1 problems, so nothing was imported." in bad.output
