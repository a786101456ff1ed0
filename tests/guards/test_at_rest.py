"""A copy of the databases tells nobody's name, contact, needs, question, answers or mail."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
from collections import deque
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from booking.extensions import db, transaction
from booking.jobs.deliver import deliver_messages
from booking.models import Booking, Draft, Message
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.sweep_old import sweep_old
from tests.cast import an_event, sign_in, somebody_with_every_role
from tests.everything_told import WORDS, everything_told
from tests.guards.crawl import crawl
from tests.mail.relay import Relay, point_at, running
from tests.postgres import program
from tests.public.family import Family
from tests.staff.browse import send

TOLD = {
    "full_name": "Zebedee Quillfeather",
    "other_names": "Wilhelmina Oxbowhurst",
    "email": "zq.unheard@somewhere.example",
    "phone": "07700 900 813",
    "outcode": "ME13",
    "need_detail": "a marmalade-coloured chair by the orangery",
    "question": "who mends the weathercock of Faversham Abbey",
}
LEFT = {"full_name": "Ottoline Half-Finished", "email": "ottoline@unfinished.example", "phone": "07700 900 777"}
TABLES_OF_A_BOOKING = ("need_request", "remembered_need", "booking", "booking_change", "message", "draft", "consent")
NOT_FILLED = {
    "series",
    "slot",
    "may_come",
    "venue_fact",
    "photo",
    "room",
    "duty",
    "told",
    "erasure",
    "family_join",
    "pupil_count",
    "snapshot",
    "snapshot_bundle",
    "target",
    "attendance_list",
}
"""Tables that hold nothing of anybody."""
FOUND_BY = (
    "07700900813",
    "+447700900813",
    "447700900813",
    "zq.unheard",
    "ottoline",
    "quillfeather",
    "wilhelmina",
    "oxbowhurst",
)
"""None is shorter: five letters turn up by chance in so much that is sealed."""


def test_nothing_personal_can_be_read_in_a_dump(app: Flask, database_url: str) -> None:
    _book_and_leave(app)
    _send_but_be_told_to_wait(app)
    with app.app_context(), transaction():
        _ask_for_news()
    with app.app_context():
        rows = {table.name: _rows(table.name) for table in db.metadata.sorted_tables}
        message = db.session.scalars(select(Message).where(Message.booking_id.is_not(None))).one()
        assert message.rendered, "the mail has been written"
        assert TOLD["full_name"] in str(db.session.scalars(select(Booking)).one().places[0].adult.name)
        assert "Half-Finished" in str([draft.answers for draft in db.session.scalars(select(Draft))])
    assert rows["subscription"][0]["needs"], "the places they need are kept"
    assert all(
        rows[name] for name in ("booking", "adult", "need_request", "draft", "message", "consent", "audit_entry")
    )
    dump = json.dumps(rows, default=str, ensure_ascii=False) + _files(app, database_url)
    secrets = [*TOLD.values(), *LEFT.values(), *FOUND_BY]
    secrets.remove("ME13")  # the outcode stays readable for the figures, by design
    assert _readable(secrets, dump) == []
    assert _readable(["marmalade", "weathercock", "orangery"], dump) == []


def test_after_a_busy_day_neither_database_nor_logs_nor_queue_tell_anything(
    app: Flask, database_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "mail.log")  # the relay of the test, which is not ours
    _book_and_leave(app)
    with app.app_context():
        everything_told()
    addresses, subjects = _work_through_the_day(app)
    with app.app_context():
        rows = {table.name: _rows(table.name) for table in db.metadata.sorted_tables}
        queue = [row for row in rows["message"] if row["status"] in ("queued", "sending")]
        assert queue, "mail still waits"
        assert any(row["rendered"] for row in queue), "of which one was written already"
        assert [name for name, found in rows.items() if not found and name not in NOT_FILLED] == []
    dump = json.dumps(rows, default=str, ensure_ascii=False) + _files(app, database_url) + _dumped(database_url)
    secrets = [*WORDS.values(), *(each for words in WORDS.values() for each in words.split() if len(each) > 8)]
    secrets += [*TOLD.values(), *LEFT.values(), *FOUND_BY]
    secrets = [each for each in secrets if each not in ("ME13", "sessions")]
    assert _readable(secrets, dump) == []
    said = caplog.text + "".join(capfd.readouterr())
    assert "Exception" not in said
    assert _readable(secrets, said) == []
    assert _readable(secrets, " ".join([*addresses, *subjects])) == []


def test_what_a_reader_of_news_needs_is_not_even_named_in_a_dump(app: Flask, database_url: str) -> None:
    with app.app_context(), transaction():
        _ask_for_news()
    with app.app_context():
        assert "quiet_space" not in json.dumps([_rows(name) for name in ("subscription", "message")], default=str)


def test_a_need_is_not_even_named_in_a_dump(app: Flask, database_url: str) -> None:
    _book_and_leave(app)
    with app.app_context():
        needs = json.dumps([_rows(name) for name in TABLES_OF_A_BOOKING], default=str)
        code = db.session.scalars(select(Booking)).one().needs[0].code
    assert code not in needs


def test_the_search_finds_what_it_looks_for() -> None:
    for form in ("Zebedee", base64.b64encode(b"x Zebedee y").decode(), "Zebedee".encode("utf-16-le").decode("latin-1")):
        assert _readable(["Zebedee"], f"--{form}--") == ["Zebedee"]
    assert _readable(["Zebedee"], "Zebra") == []


def _book_and_leave(app: Flask) -> None:
    """Book with everything that can be told, leave a second form half filled in, and let staff look at it."""
    with app.app_context():
        event = an_event()
        slug, event_id = event.slug, event.id
    family = Family(app.test_client())
    family.open(f"/sessions/{slug}/book").send(adults=2)
    contact = {name: TOLD[name] for name in ("full_name", "other_names", "email", "phone", "outcode")}
    family.send(contact | {"contact_by": "email"})
    if family.path.endswith("/district"):
        family.send(district="swale")
    family.send(age_phase="primary", consent_profile="y")
    needs = {"any_needs": "yes", "needs": "something_else", "need_detail": TOLD["need_detail"]}
    family.send(needs | {"consent_needs": "y", "remember_needs": "y"})
    family.send(question=TOLD["question"])
    assert family.path.endswith("/check"), family.path
    assert family.send().path.startswith("/bookings/")
    other = Family(app.test_client())
    other.open(f"/sessions/{slug}/book").send(adults=1)
    other.send(LEFT | {"contact_by": "email"})
    staff = app.test_client()
    with app.app_context():
        sign_in(staff, somebody_with_every_role())
    names = f"/door/{event_id}?q=Quillfeather"
    list(crawl(app, staff, [f"/staff/sessions/{event_id}", f"/door/{event_id}", names, "/staff/messages"]))


def _work_through_the_day(app: Flask) -> tuple[list[str], list[str]]:
    """Complain, send, sweep, let staff open every page; return the addresses they opened and the mails' subjects."""
    complainant = Family(app.test_client())
    complainant.open("/privacy/complaint").send(text=WORDS["complaint"], email=WORDS["complaint_mail"])
    _send_but_be_told_to_wait(app, several=True)
    staff = app.test_client()
    with app.app_context():
        sign_in(staff, somebody_with_every_role())
        with transaction():
            sweep_old()
    lead = "/staff/privacy/family"
    for said in (WORDS["email"], WORDS["phone"]):
        shown = send(staff, lead, said=said, asked="phone")
        assert WORDS["name"] in shown.text
        assert send(staff, shown, to=f"{lead}/file").status_code == 200
        assert send(staff, shown, to=f"{lead}/erase").status_code == 200
    assert send(staff, "/staff/who-looked", said=WORDS["email"]).status_code == 200
    visits = list(crawl(app, staff, ["/staff/", "/door/", "/staff/complaints"], per_endpoint=2))
    assert any(WORDS["complainant"] in visit.response.text for visit in visits if visit.is_page)
    relay = Relay(data=deque(["250 OK", "250 OK", "451 not now"]))
    state = app.extensions["mail"]
    before = dict(vars(state))
    with app.app_context(), running(relay):
        point_at(app, relay)
        deliver_messages()
        vars(state).update(before)
        _ask_for_news()
        db.session.commit()
    return [visit.path for visit in visits], relay.subjects


def _dumped(database_url: str) -> str:
    """Return what PostgreSQL's own program writes of the database; SQLite's files have been read already."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return ""
    done = subprocess.run([program("pg_dump"), database_url], check=True, capture_output=True)
    return done.stdout.decode()


def _ask_for_news() -> None:
    ask_for_news(TOLD["email"], NewsWanted(district="swale", needs=("quiet_space",)), lang="en")


def _send_but_be_told_to_wait(app: Flask, *, several: bool = False) -> None:
    """Let a relay take the mail and say "not now": from then on its bytes are kept."""
    state = app.extensions["mail"]
    before = dict(vars(state))
    relay = Relay(data=deque(["451 not now"] * (20 if several else 1)))
    with running(relay), app.app_context():
        point_at(app, relay)
        later = deliver_messages().later
        assert later > 1 if several else later == 1
    vars(state).update(before)


def _rows(table: str) -> list[dict[str, object]]:
    """Return a table as the database holds it, past every type of ours."""
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]


def _files(app: Flask, database_url: str) -> str:
    """Return the bytes of the database's own files (with what deleted rows left behind) and of the jobs'.

    Another process reads them: to close a file that SQLite has open lets go of all its locks of this process, and then
    a worker that ends takes the log away under whoever still reads here (https://www.sqlite.org/howtocorrupt.html).
    """
    instance = Path(app.instance_path)
    paths = [path for path in instance.iterdir() if path.name.startswith("jobs.db")]
    assert paths, "booking woke the worker, so there is a jobs database"
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        database = Path(str(url.database))
        paths += [path for path in database.parent.iterdir() if path.name.startswith(database.name)]
    return subprocess.run(["cat", *paths], check=True, capture_output=True).stdout.decode("latin-1")


def _readable(secrets: list[str], dump: str) -> list[str]:
    """Return the secrets that stand in a dump: as they are, in wide letters, or in base64 at any offset."""
    plain = dump.casefold()
    return [
        secret
        for secret in secrets
        if secret.casefold() in plain
        or secret.encode("utf-16-le").decode("latin-1") in dump
        or any(_in_base64(secret.encode(), offset) in dump for offset in range(3))
    ]


def _in_base64(secret: bytes, offset: int) -> str:
    """Return the letters that depend on the secret alone when so many bytes come before it."""
    letters = base64.b64encode(bytes(offset) + secret).decode()
    return letters[-(-offset * 8 // 6) : (offset + len(secret)) * 8 // 6]
