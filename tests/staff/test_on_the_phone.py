"""Families on the telephone: found by what they say, and listed where they have no e-mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, transaction
from booking.models import AuditEntry, Booking, Event, NamePart
from booking.queries import find_families
from booking.queries.find_families import SHOWN
from booking.rules.words import ContactBy, StaffRole
from booking.services.forget_family import forget_family
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, a_member_of_staff, an_event, sign_in
from tests.staff.browse import forms_of, send

FIND = "/staff/find-booking"


@pytest.fixture
def said(app: Flask) -> dict[str, object]:
    """A family with a phone alone: its booking, and its reference."""
    with app.app_context():
        event = an_event()
        booking = a_booking(event, email=None, phone="07700 900982", contact_by=ContactBy.PHONE)
        a_booking(an_event())
        return {"booking": booking.id, "reference": booking.reference}


def look_for(client: FlaskClient, text: str) -> TestResponse:
    return send(client, "/staff/", to=FIND, said=text)


@pytest.mark.parametrize(
    "spoken", ["{0}", " {0} ", "{1}", "{2}"], ids=["as it stands", "with spaces", "in small letters", "with a dash"]
)
def test_a_reference_read_out_any_way_leads_to_the_booking(
    organiser: FlaskClient, said: dict[str, object], spoken: str
) -> None:
    reference = str(said["reference"])
    halves = f"{reference[:3]} {reference[3:]}"
    found = look_for(organiser, spoken.format(halves, reference.lower(), "-".join(reference)))
    assert (found.status_code, found.location) == (303, f"/staff/bookings/{said['booking']}")
    assert halves in organiser.get(found.location).text


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["+44 7700 900982", "07700900982"])
def test_so_does_the_number_however_it_is_written(organiser: FlaskClient, said: dict[str, object], typed: str) -> None:
    assert look_for(organiser, typed).location == f"/staff/bookings/{said['booking']}"


@pytest.mark.one_database
@pytest.mark.parametrize("typed", ["ABC DEF", "nobody@example.net", "x" * 5000])
def test_what_nobody_has_is_said_and_stays_in_the_box(organiser: FlaskClient, said: object, typed: str) -> None:
    page = look_for(organiser, typed)
    assert "Nobody has this name, phone number, email or reference." in page.text
    assert forms_of(page)[FIND]["said"] == [typed[:254]]
    assert typed[:20] not in page.request.url


class TestAName:
    @pytest.fixture
    def families(self, app: Flask) -> dict[str, int]:
        """Zoë comes next week with Ben; another Zoe came last; Ann never."""
        with app.app_context():
            soon, later = an_event(starts_at=clock.now() + timedelta(days=7)), an_event()
            zoe = a_booking(soon, email="zoe@example.net")
            other = a_booking(later, email="other@example.net")
            ann = a_booking(later, email="ann@example.net")
            names = {zoe.id: "Zoë O'Brien-Lee", other.id: "Zoe Obrien", ann.id: "Ann Ash"}
            with transaction():
                for number, name in names.items():
                    db.session.get_one(Booking, number).places[0].adult.name = name
            return {"zoe": zoe.id, "other": other.id, "ann": ann.id, "soon": soon.id}

    @pytest.mark.parametrize("typed", ["zoe obri lee", "LEE zoë", "o'brien-lee", "obrien lee"])
    def test_is_found_by_its_beginnings_in_any_order_without_accents(
        self, organiser: FlaskClient, families: dict[str, int], typed: str
    ) -> None:
        assert look_for(organiser, typed).location == f"/staff/bookings/{families['zoe']}"

    def test_that_two_have_lists_both_the_next_session_first(
        self, organiser: FlaskClient, families: dict[str, int]
    ) -> None:
        page = look_for(organiser, "zo")
        assert "2 families" in page.text
        assert page.text.index(f"bookings/{families['zoe']}") < page.text.index(f"bookings/{families['other']}")
        assert "Ann Ash" not in page.text

    @pytest.mark.one_database
    def test_is_shown_while_it_is_typed_and_opened_by_nobody(
        self, organiser: FlaskClient, families: dict[str, int]
    ) -> None:
        page = send(organiser, FIND, said="ann", typing="yes")
        assert (page.status_code, "Ann Ash" in page.text) == (200, True)

    @pytest.mark.one_database
    @pytest.mark.parametrize("typed", ["z", "z l", "-"])
    def test_takes_two_letters(self, organiser: FlaskClient, families: object, typed: str) -> None:
        assert "Please type two letters or more." in look_for(organiser, typed).text

    def test_shows_no_more_than_a_page(self, app: Flask, organiser: FlaskClient) -> None:
        with app.app_context():
            event = an_event(capacity=None)
            for number in range(SHOWN + 1):
                a_booking(event, email=f"many{number}@example.net")
        page = look_for(organiser, "adult")
        assert f"More than {SHOWN} families" in page.text
        assert page.text.count('class="house-row"') == SHOWN

    def test_of_anothers_session_is_not_found(self, app: Flask, client: FlaskClient, families: dict[str, int]) -> None:
        with app.app_context():
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            with transaction():
                db.session.get_one(Event, families["soon"]).organiser_id = member.id
            sign_in(client, member)
        assert look_for(client, "zoe").location == f"/staff/bookings/{families['zoe']}"
        assert "Nobody has this name" in look_for(client, "ann").text

    def test_of_ones_own_session_is_found_however_many_others_there_are(
        self, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(find_families, "LOOKED_AT", 2)
        with app.app_context():
            own, others = an_event(capacity=None), an_event(capacity=None)
            mine = a_booking(own, email="first@example.net").id
            for number in range(4):
                a_booking(others, email=f"later{number}@example.net")
            member = a_member_of_staff(StaffRole.ORGANISER, all_sessions=False)
            with transaction():
                db.session.get_one(Event, own.id).organiser_id = member.id
            sign_in(client, member)
        assert look_for(client, "adult").location == f"/staff/bookings/{mine}"

    def test_leaves_an_entry_of_whom_the_list_showed(
        self, app: Flask, organiser: FlaskClient, families: dict[str, int]
    ) -> None:
        look_for(organiser, "zo")
        with app.app_context():
            entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            assert entry is not None
            assert (entry.screen, entry.facts) == (
                "staff.find_booking",
                {"bookings_shown": sorted((families["zoe"], families["other"]))},
            )

    def test_lies_nowhere_in_plain_and_goes_with_the_family(self, app: Flask, families: dict[str, int]) -> None:
        with app.app_context():
            for table in ("adult", "name_part"):
                rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
                assert not [row for row in rows if "Brien" in str(row) or "obri" in str(row).lower()]
            booking = db.session.get_one(Booking, families["zoe"])
            adult = booking.places[0].adult_id
            assert len(parts_of(adult)) == 3
            with transaction():
                forget_family(booking.family_id or 0, screen="test")
            assert parts_of(adult) == []

    def test_that_was_kept_before_is_found_after_the_nights_sweep(
        self, app: Flask, organiser: FlaskClient, families: dict[str, int]
    ) -> None:
        with app.app_context(), transaction():
            db.session.execute(text("DELETE FROM name_part"))
        assert "Nobody has this name" in look_for(organiser, "ann").text
        with app.app_context(), transaction():
            sweep_old()
        assert look_for(organiser, "ann").location == f"/staff/bookings/{families['ann']}"


def parts_of(adult_id: int | None) -> list[int]:
    return list(db.session.scalars(select(NamePart.bucket).where(NamePart.adult_id == adult_id)))


@pytest.mark.one_database
def test_who_may_not_see_bookings_may_not_look_for_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
    assert FIND not in forms_of(client.get("/staff/"))
    assert client.post(FIND, data={"said": "x"}).status_code in (400, 403)


@pytest.mark.one_database
def test_families_without_email_are_listed_with_their_number_and_how_they_stand(
    app: Flask, organiser: FlaskClient
) -> None:
    with app.app_context():
        event = an_event(capacity=1)
        a_booking(event, email=None, phone="07700 900982", contact_by=ContactBy.PHONE)
        a_booking(event, email=None, phone="01632 960444", contact_by=ContactBy.RING_ME)
        a_booking(event, email="reads@example.net")
        event_id = event.id
    shown = organiser.get(f"/staff/sessions/{event_id}").text
    call_list = shown.split('id="call-list"')[1].split("</ul>")[0]
    assert "Families without email (2)" in shown.split("</h2>", 20).__str__()
    assert "07700 900982" in call_list
    assert "01632 960444" in call_list
    assert "Has a place" in call_list
    assert "On the waiting list" in call_list
    assert call_list.count("Ring them with any news") == 2
    assert "reads@example.net" not in call_list
