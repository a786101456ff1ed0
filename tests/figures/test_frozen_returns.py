"""A return that is frozen: its numbers and files stay to the last byte, whatever becomes of the data afterwards."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from booking import clock
from booking.errors import Conflict, Refusal
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event, Family, Place, Snapshot, SnapshotBundle, Subscription
from booking.queries.sealed_columns import sealed_columns
from booking.queries.snapshots import Spoiled, frozen_figures, frozen_zip, get_bundle, versions_of
from booking.rules.calendar_periods import parse_period
from booking.rules.disclosure import Profile
from booking.rules.engagement.metric import Cell
from booking.rules.frozen_figures import read
from booking.rules.words import Outcome, SubscriptionStatus
from booking.services.check_counters import find_problems
from booking.services.forget_family import forget_family
from booking.services.freeze_return import NothingChanged, freeze_return, prepare_freeze
from booking.services.join_families import join_families
from booking.services.make_return import make_return
from booking.services.rotate_keys import reseal_some
from tests.figures.frozen import KENT, Q4, files_of, freeze
from tests.figures.quarter import CAME, NOT, a_family, a_place_in, a_session, at, went


@pytest.fixture
def history(in_app: Flask) -> None:
    """Thirty families at one forum in Ashford: 24 of Ashford came, 3 of Dover came, 3 of Ashford did not."""
    with transaction():
        forum = a_session(at("2026-02-10", 10), venue=a_place_in("ashford"), capacity=40)
        for number in range(30):
            outcome = NOT if number >= 27 else CAME
            went(forum, a_family(), outcome, district="dover" if 24 <= number < 27 else "ashford")


@pytest.fixture(autouse=True)
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a server that draws no letters, which is quicker; what the PDF holds is told in test_return_files.py."""
    monkeypatch.setattr("booking.services.make_bundle.can_make_pdf", lambda: False)


def an_open_register() -> int:
    with transaction():
        forum = a_session(at("2026-03-12", 10), venue=a_place_in("dover"), title="=Open forum", closed=False)
        went(forum, a_family(), CAME, district="dover")
    return forum.id


def close(event_id: int) -> None:
    with transaction():
        db.session.get_one(Event, event_id).register_closed_at = clock.now()


def five_more_come() -> None:
    """Two of those who did not come are corrected, and a forum with 14 families turns up on paper."""
    with transaction():
        absent = db.session.scalars(select(Place).where(Place.outcome == Outcome.DID_NOT_COME)).all()
        for place in absent:
            place.outcome = Outcome.ATTENDED
        forum = a_session(at("2026-02-11", 10), venue=a_place_in("ashford"), capacity=40)
        for _ in range(14):
            went(forum, a_family(), CAME, district="swale")


@pytest.mark.one_database
@pytest.mark.usefixtures("history")
class TestFreezing:
    def test_keeps_the_numbers_and_what_each_reader_gets(self) -> None:
        snapshot = freeze()
        assert (snapshot.period, snapshot.version, snapshot.frozen_role) == ("2025-26-Q4", 1, "command")
        assert snapshot.sha256 == hashlib.sha256(frozen_figures(snapshot)).hexdigest()
        numbers = read(json.loads(frozen_figures(snapshot))).numbers
        assert (numbers[Cell("families")], numbers[Cell("families", "D", "dover")]) == (27, 3)
        names = {bundle.profile: bundle.name for bundle in snapshot.bundles}
        assert names[Profile.PUBLIC] == "return-2025-26-Q4-v1.zip"
        assert names[Profile.PARTNER] == "return-2025-26-Q4-v1-partner.zip"
        for bundle in snapshot.bundles:
            content = frozen_zip(bundle)
            assert (bundle.size, bundle.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "freeze_figures")).one()
        assert entry.facts == {"period": "2025-26-Q4", "version": 1}

    def test_says_in_its_files_that_it_is_frozen_and_by_what_right(self) -> None:
        files = files_of(freeze())
        told = json.loads(files["metadata.json"])
        assert (told["state"], told["return_version"], told["frozen_by"], told["k"]) == ("frozen", 1, "command", 10)
        assert told["frozen_at"].startswith("2026-06-16T09:00")
        assert told["sha256"] == {
            name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "metadata.json"
        }
        assert "Frozen on Tuesday 16 June 2026 as version 1." in files["summary.html"].decode()

    def test_no_file_for_outside_tells_the_sum_of_the_true_numbers(self) -> None:
        """Whoever knows all but a few small numbers could try them all until the sum fits."""
        snapshot = freeze()
        for profile in (Profile.PUBLIC, Profile.PARTNER):
            assert all(snapshot.sha256.encode() not in content for content in files_of(snapshot, profile).values())

    def test_compares_with_what_the_same_reader_was_given_of_the_quarter_before(self) -> None:
        with transaction():
            forum = a_session(at("2025-11-10", 10), venue=a_place_in("ashford"), capacity=40)
            for number in range(17):
                went(forum, a_family(), CAME if number else NOT, district="ashford")
        quarter = prepare_freeze(parse_period("2025-26-Q3"), locality=KENT)
        with transaction():
            freeze_return(quarter, screen="test")
        snapshot = freeze()
        for profile, before, now in ((Profile.INTERNAL, "16", "27"), (Profile.PUBLIC, "15", "25")):
            page = " ".join(files_of(snapshot, profile)["summary.html"].decode().split())
            assert "2025-26 Q3 (October to December 2025)" in page
            assert f'Families reached</th><td class="n">{before}</td><td class="n">{now}</td>' in page

    def test_waits_for_ten_working_days(self) -> None:
        # 31 March 2026 is a Tuesday; Good Friday and Easter Monday are 3 and 6 April.
        with time_machine.travel("2026-04-15 12:00:00+00:00"), pytest.raises(Refusal, match="from 16 April 2026"):
            freeze()
        with time_machine.travel("2026-04-16 12:00:00+00:00"):
            assert freeze().version == 1

    def test_is_for_quarters(self) -> None:
        with pytest.raises(Refusal, match="Only a quarter"):
            prepare_freeze(parse_period("2025-26"), locality=KENT)

    def test_keeps_what_only_the_day_can_say(self) -> None:
        with transaction():
            db.session.add(
                Subscription(email="a@b.example", email_hash="a", status=SubscriptionStatus.ACTIVE, district="dover")
            )
        with time_machine.travel("2026-04-30 12:00:00+00:00"):  # two weeks late, which happens
            freeze()
        with transaction():
            db.session.execute(Subscription.__table__.delete())
        five_more_come()
        second = read(json.loads(frozen_figures(freeze(reason="More came")))).numbers
        assert second[Cell("subscribers")] == 1

    def test_says_of_a_quarter_long_over_that_nobody_collected_it(self) -> None:
        with time_machine.travel("2026-05-01 12:00:00+00:00"):
            page = files_of(freeze())["summary.html"].decode()
        assert "how many people want our news" in page

    def test_an_open_register_stops_it_unless_somebody_says_why(self) -> None:
        event_id = an_open_register()
        with pytest.raises(Refusal, match="One register is still open") as refused:
            freeze(reason="  ")
        assert refused.value.field == "reason"
        snapshot = freeze(reason="The hall burnt down")
        assert snapshot.open_registers == [[event_id, "=Open forum", "2026-03-12"]]
        page = files_of(snapshot)["summary.html"].decode()
        assert "“=Open forum”, 12 March 2026. Why it was frozen all the same: “The hall burnt down”" in " ".join(
            page.replace("\n", " ").split()
        ).replace(" .", ".")

    def test_a_second_time_needs_a_change_and_a_reason(self) -> None:
        freeze()
        with pytest.raises(NothingChanged, match="Nothing has changed since version 1"):
            freeze(reason="Once more")
        five_more_come()
        with pytest.raises(Refusal, match="Say why the figures changed since version 1") as refused:
            freeze()
        assert refused.value.field == "reason"
        second = freeze(reason="A paper register turned up")
        assert second.version == 2
        files = files_of(second)
        page = files["summary.html"].decode()
        assert "What changed since version 1" in page
        assert "A paper register turned up" in page
        assert "M06,Families reached,all,all,25,45" in files["changes.csv"].decode()
        assert "changes.csv" not in files_of(versions_of(Q4.code)[0])

    def test_who_looked_at_an_older_version_is_told(self) -> None:
        freeze()
        five_more_come()
        with pytest.raises(Conflict, match="Somebody has just frozen"):
            freeze(reason="More came", after=0)


@pytest.mark.usefixtures("history")
class TestWhatIsFrozenStays:
    def all_bytes(self) -> dict[str, bytes]:
        db.session.rollback()
        bundles = db.session.scalars(select(SnapshotBundle)).all()
        kept = {bundle.name: frozen_zip(bundle) for bundle in bundles}
        return kept | {"figures": frozen_figures(db.session.scalars(select(Snapshot)).one())}

    @pytest.mark.one_database
    def test_when_a_family_is_erased(self) -> None:
        freeze()
        before = self.all_bytes()
        booking = db.session.scalars(select(Booking).where(Booking.district == "dover")).first()
        assert booking is not None
        with transaction():
            forget_family(booking.family_id, screen="test")  # type: ignore[arg-type]
        assert self.all_bytes() == before

    @pytest.mark.one_database
    def test_when_two_records_of_a_family_become_one(self) -> None:
        freeze()
        before = self.all_bytes()
        one, other = db.session.scalars(select(Family.id).order_by(Family.id).limit(2))
        with transaction():
            join_families(one, other)
        assert self.all_bytes() == before
        with pytest.raises(Refusal, match="Say why"):
            freeze()

    def test_when_the_keys_are_renewed(self) -> None:
        freeze()
        before = self.all_bytes()
        with transaction():
            for column in sealed_columns():
                if column.table.name.startswith("snapshot"):
                    reseal_some(column)
        assert self.all_bytes() == before

    def test_the_database_refuses_to_change_it(self) -> None:
        freeze()
        for column in ("sha256", "period", "version", "reason", "frozen_at", "open_registers"):
            with pytest.raises(DBAPIError, match="never changed"), transaction():
                db.session.execute(text(f"UPDATE snapshot SET {column} = {column}"))
        with pytest.raises(DBAPIError, match="never changed"), transaction():
            db.session.execute(text("UPDATE snapshot_bundle SET sha256 = 'other'"))

    def test_the_database_refuses_to_take_it_away(self) -> None:
        freeze()
        before = self.all_bytes()
        for table in ("snapshot_bundle", "snapshot"):
            with pytest.raises(DBAPIError, match="never changed"), transaction():
                db.session.execute(text(f"DELETE FROM {table}"))
        if db.engine.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="never changed"), transaction():
                db.session.execute(text("TRUNCATE snapshot CASCADE"))
        assert self.all_bytes() == before

    @pytest.mark.one_database
    def test_so_does_the_code(self) -> None:
        snapshot = freeze()
        with pytest.raises(RuntimeError, match="never changed"), transaction():
            db.session.get_one(Snapshot, snapshot.id).figures = b"other"
            db.session.flush()
        with pytest.raises(RuntimeError, match="never changed"), transaction():
            db.session.delete(db.session.get_one(Snapshot, snapshot.id))
            db.session.flush()

    def test_a_seal_put_in_the_place_of_another_is_found(self) -> None:
        snapshot = freeze()
        with transaction():
            db.session.execute(
                text(
                    "UPDATE snapshot_bundle SET content = "
                    "(SELECT other.content FROM snapshot_bundle AS other WHERE other.profile = 'internal')"
                )
            )
        with pytest.raises(Spoiled):
            frozen_zip(get_bundle(snapshot, Profile.PUBLIC))
        assert [problem for problem in find_problems() if "Return" in problem] == [
            f"Return 2025-26-Q4 version 1, {name}: it is not what was frozen."
            for name in ("return-2025-26-Q4-v1-partner.zip", "return-2025-26-Q4-v1.zip")
        ]

    @pytest.mark.one_database
    def test_small_numbers_cannot_be_read_in_a_copy(self) -> None:
        freeze()
        row = db.session.execute(text("SELECT figures FROM snapshot")).scalar_one()
        assert "families" not in row


@pytest.mark.usefixtures("history")
class TestAtOnce:
    def test_two_people_make_one_version(self, app: Flask) -> None:
        gate = threading.Barrier(2)
        results: list[Any] = [None, None]

        def run(number: int) -> None:
            with app.app_context():
                ready = prepare_freeze(Q4, locality=KENT)
                db.session.rollback()
                gate.wait()
                try:
                    with transaction():
                        results[number] = freeze_return(ready, screen="test").version
                except Exception as error:
                    results[number] = error
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(isinstance(result, Conflict) for result in results) == [False, True], results
        assert db.session.scalar(select(func.count(Snapshot.id))) == 1
        assert db.session.scalar(select(func.count(SnapshotBundle.id))) == 3

    def test_a_process_that_is_killed_leaves_nothing_half(self) -> None:
        ready = prepare_freeze(Q4, locality=KENT)
        db.session.rollback()
        with pytest.raises(KeyboardInterrupt), transaction():
            freeze_return(ready, screen="test")
            raise KeyboardInterrupt
        assert db.session.scalar(select(func.count(Snapshot.id))) == 0
        assert db.session.scalar(select(func.count(SnapshotBundle.id))) == 0
        assert freeze().version == 1

    @pytest.mark.one_database
    def test_a_register_that_opens_meanwhile_is_seen(self) -> None:
        ready = prepare_freeze(Q4, locality=KENT)
        an_open_register()
        with pytest.raises(Conflict, match="opened or closed just now"), transaction():
            freeze_return(ready, screen="test")


@pytest.mark.one_database
@pytest.mark.usefixtures("history")
class TestOutside:
    def test_gets_no_draft_beside_what_is_frozen(self) -> None:
        freeze()
        five_more_come()
        with pytest.raises(Refusal, match="This quarter is frozen"), transaction():
            make_return(Q4, profile=Profile.PARTNER, locality=KENT)
        with transaction():
            made = make_return(Q4, profile=Profile.INTERNAL, locality=KENT, reason="Board paper")
        assert made.name == "return-2025-26-Q4-draft1.zip"

    def test_same_data_and_moment_same_bytes(self) -> None:
        with time_machine.travel(datetime(2026, 6, 16, 9, tzinfo=UTC), tick=False):
            one, other = (prepare_freeze(Q4, locality=KENT) for _ in range(2))
        assert one == other


@pytest.mark.one_database
@pytest.mark.usefixtures("history")
class TestCommand:
    def invoke(self, app: Flask, out: Path, *more: str, fails: bool = False) -> str:
        args = ["return", "--period", "2025-26-Q4", "--out", str(out), "--freeze", *more]
        result = app.test_cli_runner().invoke(args=args)
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    def test_freezes_and_writes_and_writes_the_same_again(self, app: Flask, tmp_path: Path) -> None:
        output = self.invoke(app, tmp_path / "a")
        first = (tmp_path / "a" / "return-2025-26-Q4-v1.zip").read_bytes()
        assert hashlib.sha256(first).hexdigest() in output
        five_more_come()
        self.invoke(app, tmp_path / "b")
        assert (tmp_path / "b" / "return-2025-26-Q4-v1.zip").read_bytes() == first
        self.invoke(app, tmp_path / "b", "--profile", "partner", "--reason", "A paper register turned up")
        assert (tmp_path / "b" / "return-2025-26-Q4-v2-partner.zip").exists()
        self.invoke(app, tmp_path / "b", "--reason", "Again")
        assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
            "return-2025-26-Q4-v1.zip",
            "return-2025-26-Q4-v2-partner.zip",
            "return-2025-26-Q4-v2.zip",
        ]

    def test_says_what_stops_it(self, app: Flask, tmp_path: Path) -> None:
        an_open_register()
        assert "One register is still open" in self.invoke(app, tmp_path, fails=True)
        assert not list(tmp_path.iterdir())

    def test_never_writes_over_another_file(self, app: Flask, tmp_path: Path) -> None:
        (tmp_path / "return-2025-26-Q4-v1.zip").write_bytes(b"mine")
        assert "says something else" in self.invoke(app, tmp_path, fails=True)
        assert (tmp_path / "return-2025-26-Q4-v1.zip").read_bytes() == b"mine"
