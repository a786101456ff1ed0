"""How many pupils each district has: a file comes in whole or not at all, and the figures follow."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.extensions import db
from booking.models import AuditEntry, PupilCount
from booking.rules.words import StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.staff.browse import forms_of

HEADER = "district,year,pupils_sen_support,pupils_ehcp,source,published_on"
GOOD = f'{HEADER}\nDover,2025,2000,1000,KCC facts and figures,2025-07-01\nSwale,2025,"3,100",900,KCC,2025-07-01\n'


def bring_in(client: FlaskClient, text: str) -> tuple[int, str]:
    page = client.get("/staff/figures/pupils").get_data(as_text=True)
    data = forms_of(page)["/staff/figures/pupils"] | {"file": (io.BytesIO(text.encode()), "pupils.csv")}
    answer = client.post("/staff/figures/pupils", data=data, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


def counts() -> dict[str, tuple[int, int]]:
    db.session.expire_all()
    return {row.district: (row.sen_support, row.ehcp) for row in db.session.scalars(db.select(PupilCount))}


def test_a_file_comes_in_and_a_second_time_changes_nothing(insight: FlaskClient) -> None:
    status, page = bring_in(insight, GOOD)
    assert status == 200
    assert "Brought in: 2 new, 0 changed, 0 as they were." in page
    assert "KCC facts and figures, for 2025, published" in page
    assert counts() == {"dover": (2000, 1000), "swale": (3100, 900)}
    assert "0 new, 0 changed, 2 as they were." in bring_in(insight, GOOD)[1]
    assert "0 new, 1 changed, 1 as they were." in bring_in(insight, GOOD.replace("2000", "2100"))[1]
    kept = db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "import_pupils")).all()
    assert [entry.facts for entry in kept] == [{"new": 2, "changed": 0}, {"new": 0, "changed": 1}]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Medway,2025,1,1,KCC,2025-07-01", "line 3, district: Write the name of a district"),
        ("Narnia,2025,1,1,KCC,2025-07-01", "line 3, district: Write the name of a district"),
        ("Dover,25,1,1,KCC,2025-07-01", "line 3, year: Write a whole number from 2,010"),
        ("Dover,2025,-1,1,KCC,2025-07-01", "line 3, pupils_sen_support: Write a whole number from 0"),
        ("Dover,2025,1,c,KCC,2025-07-01", "line 3, pupils_ehcp: Write a whole number"),
        ("Dover,2025,1,1,,2025-07-01", "line 3, source: Say where the numbers are from"),
        ("Dover,2025,1,1,KCC,1 July", "line 3, published_on: Write the day as 2026-07-09"),
        ("Dover,2025,1,1,KCC,2030-07-01", "line 3, published_on: This day is still to come"),
        ("Swale,2025,1,1,KCC,2025-07-01", "line 3, district: This district and year stand in the file twice"),
    ],
)
def test_each_problem_is_named_and_nothing_comes_in(insight: FlaskClient, row: str, sentence: str) -> None:
    status, page = bring_in(insight, f"{HEADER}\nSwale,2025,1,1,KCC,2025-07-01\n{row}\n")
    place, _, words = sentence.partition(": ")
    line, _, column = place.partition(", ")
    assert status == 422
    assert f"<strong>{line.capitalize()}, {column}</strong>: {words}" in page
    assert counts() == {}


@pytest.mark.one_database
def test_no_file_and_no_csv_are_said_plainly(insight: FlaskClient) -> None:
    assert "The file is empty." in bring_in(insight, "")[1]
    assert "There is no row in the file." in bring_in(insight, HEADER)[1]


@pytest.mark.one_database
def test_who_only_reads_figures_cannot_change_what_they_rest_on(in_app: Flask, client: FlaskClient) -> None:
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    assert "Bring in" not in client.get("/staff/figures/pupils").get_data(as_text=True)
    assert client.post("/staff/figures/pupils").status_code in (400, 403)
    assert counts() == {}


def test_the_command_says_what_it_would_do(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "pupils.csv"
    file.write_text(GOOD)
    runner = app.test_cli_runner()
    assert "To import: 2 new" in runner.invoke(args=["import-pupils", str(file), "--dry-run"]).output
    with app.app_context():
        assert counts() == {}
    assert "Imported: 2 new" in runner.invoke(args=["import-pupils", str(file)]).output
    file.write_text(GOOD.replace("Swale", "Nowhere"))
    bad = runner.invoke(args=["import-pupils", str(file)])
    assert bad.exit_code == 1
    assert "1 problems, so nothing was imported." in bad.output
