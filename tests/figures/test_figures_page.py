"""The figures page, its downloads, and the return a command writes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listen
from sqlalchemy import select

from booking.extensions import db, transaction
from booking.formats.figures_file import COLUMNS
from booking.formats.figures_shares import share_in_words
from booking.models import AuditEntry
from booking.rules.words import Origin, StaffRole
from tests.cast import a_member_of_staff, sign_in
from tests.door.conftest import submit
from tests.figures.quarter import CAME, NOT, a_family, a_place_in, a_session, at, went

PAGE = "/staff/figures?period=2025-26-Q4"


@pytest.fixture
def history(in_app: Flask) -> None:
    """Thirty families at one forum in Ashford: 24 of Ashford came, 3 of Dover came, 3 of Ashford did not."""
    with transaction():
        forum = a_session(at("2026-02-10", 10), venue=a_place_in("ashford"), capacity=40)
        for number in range(30):
            outcome = NOT if number >= 27 else CAME
            went(forum, a_family(), outcome, district="dover" if 24 <= number < 27 else "ashford")


@pytest.fixture
def insight(in_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    return client


def rows_of(answer_data: bytes) -> dict[tuple[str, str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(answer_data.decode("utf-8-sig")))
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return {(row["metric_id"], row["breakdown"], row["category"]): row for row in rows}


@pytest.mark.usefixtures("history")
class TestPage:
    @pytest.mark.parametrize("period", ["2025-26-H2", "2025-26", "2026-C1", "2025-26-S", "2026-02-10_2026-02-10"])
    def test_any_period_that_holds_the_session_counts_it(self, insight: FlaskClient, period: str) -> None:
        assert "We held 1 session." in insight.get(f"/staff/figures?period={period}").get_data(as_text=True)

    def test_days_can_be_typed_and_bad_ones_are_said_and_kept(self, insight: FlaskClient) -> None:
        good = insight.get("/staff/figures?from=2026-02-10&to=2026-02-28").get_data(as_text=True)
        assert "Figures Chosen days (10 February to 28 February 2026)" in good
        assert "We held 1 session." in good
        bad = insight.get("/staff/figures?from=2026-02-10&to=10 March").get_data(as_text=True)
        assert "Write both days as 2026-04-10." in bad
        assert 'value="10 March"' in bad

    def test_says_the_main_things_in_words(self, insight: FlaskClient) -> None:
        html = insight.get(PAGE).get_data(as_text=True)
        assert "We held 1 session." in html
        assert "We reached 27 families:" in html
        assert "About 9 in 10 people who booked came (" in html
        assert "2025-26 Q4 (January to March 2026)" in html

    @pytest.mark.parametrize("letter", ["D", "V", "K", "L", "T", "O", "A", "S", "N", "P", "W", "R", "U", "nonsense"])
    def test_every_breakdown(self, insight: FlaskClient, letter: str) -> None:
        assert insight.get(f"{PAGE}&by={letter}").status_code == 200

    @pytest.mark.parametrize("period", ["2025", "2026-27-Q5", "<b>", "2026-28-Q1"])
    def test_a_period_that_is_none_is_not_found(self, insight: FlaskClient, period: str) -> None:
        assert insight.get(f"/staff/figures?period={period}").status_code == 404

    def test_a_year_can_be_looked_at(self, insight: FlaskClient) -> None:
        assert "2025-26 (April 2025 to March 2026)" in insight.get("/staff/figures?period=2025-26").get_data(
            as_text=True
        )

    def test_front_desk_may_not(self, in_app: Flask, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert client.get(PAGE).status_code == 403
        assert client.get("/staff/figures.csv?period=2025-26-Q4").status_code == 403

    def test_query_count_does_not_grow(self, insight: FlaskClient) -> None:
        def queries() -> int:
            db.session.rollback()
            insight.get(PAGE)
            seen: list[str] = []
            listen.listen(db.engine, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
            insight.get(PAGE)
            listen.remove(db.engine, "before_cursor_execute", note)
            return len(seen)

        few = queries()
        with transaction():
            for day in ("2026-02-11", "2026-02-12", "2026-03-01"):
                went(a_session(at(day, 10), venue=a_place_in("dover")), a_family(adults=2), CAME, CAME)
        assert queries() == few


@pytest.mark.usefixtures("history")
class TestDownloads:
    def test_public_is_rounded_and_protected(self, insight: FlaskClient) -> None:
        answer = insight.get("/staff/figures.csv?period=2025-26-Q4")
        rows = rows_of(answer.get_data())
        assert answer.headers["Content-Disposition"] == 'attachment; filename="figures-2025-26-Q4-public-draft.csv"'
        assert (rows["M06", "all", "all"]["value"], rows["M06", "all", "all"]["flag"]) == ("25", "")
        # Three of Dover are hidden, and with them Ashford, or 27 - 24 would tell.
        for district in ("dover", "ashford"):
            assert (
                rows["M06", "residence_district", district]["value"],
                rows["M06", "residence_district", district]["flag"],
            ) == ("", "c")
        assert rows["M06", "residence_district", "thanet"]["value"] == "0"
        # Three who did not come are few: so neither rate is told.
        assert rows["M15", "all", "all"]["flag"] == "c"
        assert rows["M01", "all", "all"]["value"] == "1"

    def test_internal_needs_a_reason_and_keeps_it(self, insight: FlaskClient) -> None:
        fields = {"period": "2025-26-Q4", "profile": "internal"}
        refused = submit(insight, PAGE, "/staff/figures.csv", **fields, reason="  ")
        assert refused.status_code == 422
        assert "Say why you need the internal figures" in refused.get_data(as_text=True)
        rows = rows_of(submit(insight, PAGE, "/staff/figures.csv", **fields, reason="Board paper").get_data())
        assert rows["M06", "residence_district", "dover"]["value"] == "3"
        assert rows["M15", "all", "all"]["value"] == "90"
        assert rows["M15", "all", "all"]["denominator"] == "30"
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export_figures")).one()
        assert (entry.reason, entry.facts) == ("Board paper", {"period": "2025-26-Q4", "profile": "internal"})

    def test_partner_is_true_from_five(self, insight: FlaskClient) -> None:
        fields = {"period": "2025-26-Q4", "profile": "partner"}
        rows = rows_of(submit(insight, PAGE, "/staff/figures.csv", **fields).get_data())
        assert rows["M06", "all", "all"]["value"] == "27"
        assert rows["M06", "residence_district", "dover"]["flag"] == "c"

    def test_a_year_is_not_for_outside(self, insight: FlaskClient) -> None:
        assert insight.get("/staff/figures.csv?period=2025-26").status_code == 422

    def test_attendance_is_not_for_insight(self, insight: FlaskClient) -> None:
        assert insight.get("/staff/figures/attendance.csv?period=2025-26-Q4").status_code == 403

    def test_attendance_of_the_quarter_is_without_names(self, client: FlaskClient) -> None:
        sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
        text = client.get("/staff/figures/attendance.csv?period=2025-26-Q4").get_data().decode("utf-8-sig")
        assert len(text.strip().splitlines()) == 31
        other = client.get("/staff/figures/attendance.csv?period=2025-26-Q3").get_data().decode("utf-8-sig")
        assert len(other.strip().splitlines()) == 1
        book = client.get("/staff/figures/attendance.xlsx?period=2025-26-Q4").get_data()
        assert zipfile.is_zipfile(io.BytesIO(book))
        entries = db.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "export_attendance")).all()
        assert entries == [{"period": "2025-26-Q4"}, {"period": "2025-26-Q3"}, {"period": "2025-26-Q4"}]


class TestReturn:
    def invoke(self, app: Flask, out: Path, *more: str) -> str:
        result = app.test_cli_runner().invoke(args=["return", "--period", "2025-26-Q4", "--out", str(out), *more])
        assert result.exit_code == 0, result.output
        return result.output

    @pytest.mark.usefixtures("history")
    def test_same_data_same_bytes(self, app: Flask, tmp_path: Path) -> None:
        self.invoke(app, tmp_path / "a")
        output = self.invoke(app, tmp_path / "b")
        one, other = (next((tmp_path / name).iterdir()) for name in ("a", "b"))
        assert one.name == "return-2025-26-Q4-draft1.zip"
        assert one.read_bytes() == other.read_bytes()
        assert hashlib.sha256(one.read_bytes()).hexdigest() in output

    @pytest.mark.usefixtures("history")
    def test_another_return_is_never_replaced(self, app: Flask, tmp_path: Path) -> None:
        for profile in ("public", "partner", "public"):
            self.invoke(app, tmp_path, "--profile", profile)
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "return-2025-26-Q4-draft1.zip",
            "return-2025-26-Q4-draft2.zip",
        ]

    @pytest.mark.usefixtures("history")
    def test_holds_what_it_says(self, app: Flask, tmp_path: Path) -> None:
        self.invoke(app, tmp_path)
        with zipfile.ZipFile(next(tmp_path.iterdir())) as archive:
            files = ["metrics.csv", "metrics.xlsx", "summary.html", "summary.pdf", "you-said-we-did.csv"]
            assert sorted(archive.namelist()) == ["metadata.json", *files]
            metadata = json.loads(archive.read("metadata.json"))
            assert (metadata["profile"], metadata["k"], metadata["state"]) == ("public", 10, "draft")
            for name in files:
                assert metadata["sha256"][name] == hashlib.sha256(archive.read(name)).hexdigest()
            assert rows_of(archive.read("metrics.csv"))["M06", "all", "all"]["value"] == "25"
            summary = archive.read("summary.html").decode()
            assert "We reached about 25 families:" in summary
            assert "Demonstration" not in summary
            assert "Draft, not to be handed on. These figures are not frozen" in summary

    @pytest.mark.parametrize(
        "more", [["--profile", "internal"], ["--period", "2026-Q1"], ["--period", "2025-26"], ["--profile", "press"]]
    )
    def test_refuses_with_a_sentence(self, app: Flask, tmp_path: Path, more: list[str]) -> None:
        result = app.test_cli_runner().invoke(
            args=["return", "--period", "2025-26-Q4", "--out", str(tmp_path / "x"), *more]
        )
        assert result.exit_code != 0
        assert "Error" in result.output
        assert not (tmp_path / "x").exists()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("percent", "said"),
    [
        ("0", "none of the"),
        ("3", "fewer than 1 in 20"),
        ("5", "about 1 in 20"),
        ("12.4", "about 1 in 8"),
        ("14.3", "about 1 in 7"),
        ("27.4", "about 1 in 4"),
        ("28", "about 3 in 10"),
        ("33.3", "between 3 and 4 in 10"),
        ("67.5", "about 7 in 10"),
        ("75.0", "between 7 and 8 in 10"),
        ("88", "about 9 in 10"),
        ("94.9", "more than 9 in 10"),
        ("97", "nearly all of the"),
        ("100", "all of the"),
    ],
)
def test_shares_in_words(in_app: Flask, percent: str, said: str) -> None:
    assert share_in_words(Decimal(percent)) == said


@pytest.mark.usefixtures("in_app")
def test_walk_ins_of_one_tap_are_in_the_figures(client: FlaskClient) -> None:
    with transaction():
        went(a_session(at("2026-02-10", 10), venue=a_place_in("swale")), None, CAME, origin=Origin.WALK_IN)
    sign_in(client, a_member_of_staff(StaffRole.ORGANISER))
    html = client.get(PAGE).get_data(as_text=True)
    assert "Somebody came 1 time." in html
    assert "All of the people who came had not booked." in html
