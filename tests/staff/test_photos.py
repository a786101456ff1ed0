"""Pictures of a venue: whatever is uploaded, only clean small pixels stay; staff sort them without dragging."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from booking.extensions import db, transaction
from booking.formats.pdf import can_make_pdf
from booking.formats.pictures import AIM, BOX, MOST_BYTES
from booking.models import AuditEntry, Photo, Staff, Venue, VenueFact
from booking.rules.words import FactAnswer, StaffRole
from booking.services.save_photo import AT_MOST
from tests.cast import a_member_of_staff, a_photo, a_venue, an_event, sign_in
from tests.conftest import make_config
from tests.staff.browse import forms_of, send

ALT = "The front door. It is yellow and there is no step."
GPS = b"51.2787N"


def a_file(
    size: tuple[int, int] = (600, 400), kind: str = "JPEG", *, colour: Any = (200, 60, 60), **more: Any
) -> bytes:
    """The bytes of a picture in one colour."""
    file = BytesIO()
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()


def a_photo_with_secrets() -> bytes:
    """A photo on its side, as a phone takes it: with where and when it was taken, by which phone."""
    exif = Image.Exif()
    exif[0x0112] = 6  # it must be turned a quarter to the right
    exif[0x010F] = "Secretphone"
    exif.get_ifd(0x8825)[29] = GPS.decode()
    image = Image.new("RGB", (800, 400), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 400, 400))
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"Taken by Zara at 4 Long Lane", quality=95)
    return file.getvalue()


def a_bomb(side: int = 60_000) -> bytes:
    """A PNG of some bytes that says it is far larger than any memory."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.fixture
def venue_id(app: Flask) -> int:
    with app.app_context():
        return int(a_venue(name="Rose Hall").id)


def upload(
    client: FlaskClient, venue_id: int, body: bytes, *, alt: str = ALT, name: str = "door.jpg", **more: Any
) -> TestResponse:
    page = f"/staff/venues/{venue_id}/photos"
    token = forms_of(client.get(page))[page]["csrf_token"][0]
    file = FileStorage(BytesIO(body), filename=name, content_type=more.pop("kind", "image/jpeg"))
    return post(client, page, {"csrf_token": token, "alt": alt, "photo": file, **more})


def post(client: FlaskClient, page: str, values: dict[str, Any]) -> TestResponse:
    """Send a form with a file, as one piece of memory: the client's own way leaves a temporary file open."""
    boundary, body = encode_multipart(values)
    return client.post(page, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def photos(app: Flask) -> list[Photo]:
    with app.app_context():
        rows = list(db.session.scalars(select(Photo).order_by(Photo.venue_id, Photo.position)))
        db.session.expunge_all()
        return rows


def pixels(photo: Photo) -> Image.Image:
    return Image.open(BytesIO(photo.image)).convert("RGB")


class TestAPicture:
    @pytest.mark.one_database
    def test_is_kept_small_with_its_words_and_its_name(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
        file = BytesIO()
        noise.save(file, "JPEG", quality=60)
        assert upload(organiser, venue_id, file.getvalue()).status_code == 303
        [photo] = photos(app)
        assert (photo.alt, photo.position, photo.media_type) == (ALT, 0, "image/jpeg")
        assert len(photo.image) <= AIM
        assert (photo.width, photo.height) == pixels(photo).size
        assert photo.width <= BOX[0]
        assert photo.digest == hashlib.sha256(photo.image).hexdigest()

    @pytest.mark.one_database
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_may_be_of_three_kinds_and_becomes_one(
        self, app: Flask, organiser: FlaskClient, venue_id: int, kind: str
    ) -> None:
        assert upload(organiser, venue_id, a_file(kind=kind), name="x.bin").status_code == 303
        [photo] = photos(app)
        assert photo.image.startswith(b"\xff\xd8\xff")
        assert pixels(photo).getpixel((300, 200)) == pytest.approx((200, 60, 60), abs=6)

    @pytest.mark.one_database
    def test_with_the_wrong_ending_is_known_by_its_bytes(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        answer = upload(organiser, venue_id, a_file(kind="PNG"), name="../../door.html", kind="text/html")
        assert answer.status_code == 303
        [photo] = photos(app)
        assert photo.media_type == "image/jpeg"

    @pytest.mark.one_database
    def test_stands_the_right_way_up_and_says_nothing_of_where_it_was_taken(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        body = a_photo_with_secrets()
        assert GPS in body
        assert b"Secretphone" in body
        upload(organiser, venue_id, body)
        [photo] = photos(app)
        image = pixels(photo)
        assert image.size == (400, 800)
        assert image.getpixel((200, 100)) == pytest.approx((255, 0, 0), abs=8)
        assert image.getpixel((200, 700)) == pytest.approx((0, 0, 255), abs=8)
        assert all(secret not in photo.image for secret in (GPS, b"Secretphone", b"Long Lane", b"Exif"))
        assert not Image.open(BytesIO(photo.image)).getexif()

    @pytest.mark.one_database
    def test_that_is_a_page_as_well_is_only_a_picture_afterwards(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        page = b"<html><script>alert(1)</script><?php system('id') ?>"
        both = a_file(comment=page) + page + b"PK\x03\x04"
        upload(organiser, venue_id, both, name="door.jpg.html")
        [photo] = photos(app)
        assert b"script" not in photo.image
        assert b"<?php" not in photo.image
        assert not photo.image.rstrip(b"\x00").endswith(b"PK\x03\x04")

    @pytest.mark.one_database
    def test_is_on_white_where_it_can_be_seen_through(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        upload(organiser, venue_id, a_file(kind="PNG", colour=(0, 0, 0, 0)))
        [photo] = photos(app)
        assert pixels(photo).getpixel((10, 10)) == pytest.approx((255, 255, 255), abs=3)

    @pytest.mark.one_database
    def test_that_moves_is_kept_as_its_first_moment(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        frames = [Image.new("RGB", (300, 300), (0, shade, 0)) for shade in (0, 120, 240)]
        file = BytesIO()
        frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
        assert upload(organiser, venue_id, file.getvalue()).status_code == 303
        [photo] = photos(app)
        assert pixels(photo).getpixel((10, 10)) == pytest.approx((0, 0, 0), abs=8)


HOSTILE = {
    "nothing": (b"", "This file is empty."),
    "words": (b"Not a picture at all. " * 50, "We cannot read this file"),
    "half a picture": (a_file((900, 900), "JPEG", quality=95)[:3000], "We cannot read this file"),
    "half a PNG": (a_file((900, 900), "PNG")[:-200], "We cannot read this file"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "We cannot read this file"),
    "GIF": (a_file(kind="GIF"), "We cannot read this file"),
    "TIFF": (a_file(kind="TIFF"), "We cannot read this file"),
    "PDF": (b"%PDF-1.7\n" + bytes(500), "We cannot read this file"),
    "only the first bytes": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "We cannot read this file"),
    "a bomb": (a_bomb(), "too many dots"),
    "a smaller bomb": (a_bomb(12_000), "too many dots"),
    "a large one that lies": (a_bomb(5000), "We cannot read this file"),
    "a dot": (a_file((1, 1), "PNG"), "too small"),
    "a thread": (a_file((4000, 210), "PNG"), "too long and thin"),
    "nine megabytes": (a_file() + bytes(MOST_BYTES), "too large"),
}


@pytest.mark.one_database
def test_half_a_picture_is_refused_after_a_pdf_was_made_as_well(
    app: Flask, organiser: FlaskClient, venue_id: int
) -> None:
    """WeasyPrint tells Pillow, for the whole process, to be content with half a file."""
    assert can_make_pdf(), "Pango is missing: `make system` installs it"
    assert upload(organiser, venue_id, HOSTILE["half a PNG"][0]).status_code == 422


class TestAHostileFile:
    @pytest.mark.one_database
    @pytest.mark.parametrize("name", list(HOSTILE))
    def test_is_refused_in_words_and_what_was_typed_stays(
        self, app: Flask, organiser: FlaskClient, venue_id: int, name: str
    ) -> None:
        body, sentence = HOSTILE[name]
        answer = upload(organiser, venue_id, body, alt="Words typed <b>before</b>")
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in html
        page = f"/staff/venues/{venue_id}/photos"
        assert forms_of(html)[page]["alt"][0].strip() == "Words typed <b>before</b>"
        assert photos(app) == []

    @pytest.mark.one_database
    def test_that_is_far_too_large_gets_a_calm_page(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        answer = upload(organiser, venue_id, bytes(MOST_BYTES * 2))
        assert answer.status_code == 413
        assert "smaller file" in answer.get_data(as_text=True)
        assert photos(app) == []

    @pytest.mark.one_database
    def test_is_taken_on_no_other_page_and_from_nobody_else(
        self, app: Flask, client: FlaskClient, venue_id: int
    ) -> None:
        page, body = f"/staff/venues/{venue_id}", bytes(2 * 1024 * 1024)

        def send_to(address: str) -> int:
            return post(client, address, {"photo": FileStorage(BytesIO(body), filename="x.jpg")}).status_code

        assert send_to(f"{page}/photos") == 413
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.FRONT_DESK))
        assert send_to(f"{page}/photos") == 413
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.ADMIN))
        assert send_to(page) == 413
        assert upload(client, venue_id, a_file((2000, 1500), "PNG") + body).status_code == 303


class TestTheWords:
    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("alt", "sentence"),
        [("", "Say in a sentence"), (" \x00\n ", "Say in a sentence"), ("x" * 10_000, "Please use 300 characters")],
    )
    def test_are_needed_and_short(
        self, app: Flask, organiser: FlaskClient, venue_id: int, alt: str, sentence: str
    ) -> None:
        answer = upload(organiser, venue_id, a_file(), alt=alt)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert photos(app) == []

    @pytest.mark.one_database
    def test_without_a_file_stay(self, organiser: FlaskClient, venue_id: int) -> None:
        page = f"/staff/venues/{venue_id}/photos"
        answer = send(organiser, page, alt="Kept")
        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert "Choose a picture." in html
        assert forms_of(html)[page]["alt"][0].strip() == "Kept"

    @pytest.mark.one_database
    def test_are_changed_and_stay_text(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        upload(organiser, venue_id, a_file())
        [photo] = photos(app)
        page = f"/staff/venues/{venue_id}/photos/{photo.id}"
        assert send(organiser, page, alt="").status_code == 422
        assert send(organiser, page, alt='"><script>alert(1)</script>\n żółte drzwi').status_code == 303
        assert photos(app)[0].alt == '"><script>alert(1)</script>  żółte drzwi'
        assert "<script>alert" not in organiser.get(page).get_data(as_text=True)


class TestTheOrder:
    def test_is_changed_with_buttons_and_what_is_removed_is_gone(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        with app.app_context():
            venue = db.session.get_one(Venue, venue_id)
            one, two, three = (a_photo(venue, alt=f"Picture {n}", seed=n).id for n in (1, 2, 3))
        page = f"/staff/venues/{venue_id}/photos"
        shown = organiser.get(page)
        token = forms_of(shown)[page]["csrf_token"][0]
        assert shown.get_data(as_text=True).count(">Earlier<") == 2

        def move(number: int, to: str) -> list[int]:
            answer = organiser.post(f"{page}/{number}/move", data={"csrf_token": token, "to": to})
            assert answer.status_code == 303
            return [photo.id for photo in photos(app)]

        assert move(three, "earlier") == [one, three, two]
        assert move(one, "later") == [three, one, two]
        assert move(three, "earlier") == [three, one, two]
        assert move(two, "later") == [three, one, two]
        assert send(organiser, f"{page}/{one}", to=f"{page}/{one}/remove").status_code == 303
        assert [(photo.id, photo.position) for photo in photos(app)] == [(three, 0), (two, 1)]
        assert organiser.post(f"{page}/{one}/move", data={"csrf_token": token, "to": "later"}).status_code == 404

    def test_is_that_of_one_venue_alone(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            other = a_venue()
            photo, other_id = a_photo(other), other.id
            number, digest = photo.id, photo.digest
        page = f"/staff/venues/{venue_id}/photos"
        token = forms_of(organiser.get(page))[page]["csrf_token"][0]
        for path in (f"{number}/move", f"{number}/remove", f"{number}"):
            answer = organiser.post(f"{page}/{path}", data={"csrf_token": token, "alt": "Mine now"})
            assert answer.status_code == 404, path
        assert organiser.get(f"{page}/{digest}.jpg").status_code == 404
        assert organiser.get(f"/staff/venues/{other_id}/photos/{digest}.jpg").status_code == 200
        assert [photo.alt for photo in photos(app)] == ["The front door. It is yellow."]

    @pytest.mark.one_database
    def test_has_an_end_and_no_picture_twice(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        for shade in range(AT_MOST):
            assert upload(organiser, venue_id, a_file(colour=(shade * 20, 0, 0))).status_code == 303
        assert "There are 10 pictures already." in upload(organiser, venue_id, a_file()).get_data(as_text=True)
        [first, *_rest] = photos(app)
        page = f"/staff/venues/{venue_id}/photos/{first.id}"
        send(organiser, page, to=f"{page}/remove")
        again = upload(organiser, venue_id, a_file(colour=(20, 0, 0)))
        assert again.status_code == 422
        assert "This picture is here already." in again.get_data(as_text=True)
        assert len(photos(app)) == AT_MOST - 1


class TestWhoDidIt:
    def test_is_written_down(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        upload(organiser, venue_id, a_file())
        [photo] = photos(app)
        page = f"/staff/venues/{venue_id}/photos/{photo.id}"
        send(organiser, page, alt="New words")
        send(organiser, page, to=f"{page}/remove")
        with app.app_context():
            olu = db.session.scalars(select(Staff).where(Staff.name == "Olu Organiser")).one()
            entries = db.session.scalars(
                select(AuditEntry).where(AuditEntry.action.like("photo %")).order_by(AuditEntry.id)
            ).all()
            assert [entry.action for entry in entries] == ["photo added", "photo described", "photo removed"]
            assert {(entry.staff_id, entry.subject_type, entry.subject_id) for entry in entries} == {
                (olu.id, "venue", venue_id)
            }
            assert all(entry.facts["digest"] == photo.digest for entry in entries)

    @pytest.mark.one_database
    def test_sees_it_kept_by_no_cache(self, app: Flask, organiser: FlaskClient, venue_id: int) -> None:
        upload(organiser, venue_id, a_file())
        [photo] = photos(app)
        answer = organiser.get(f"/staff/venues/{venue_id}/photos/{photo.digest}.jpg")
        assert (answer.content_type, answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
        assert answer.data == photo.image

    @pytest.mark.one_database
    def test_may_be_only_who_looks_after_venues(self, app: Flask, client: FlaskClient, venue_id: int) -> None:
        with app.app_context():
            sign_in(client, a_member_of_staff(StaffRole.INSIGHT))
        assert client.get(f"/staff/venues/{venue_id}/photos").status_code == 403


@pytest.mark.one_database
def test_pages_elsewhere_take_one_megabyte(app: Flask) -> None:
    assert make_config("sqlite://", app.extensions["config"].instance_path).for_flask()["MAX_CONTENT_LENGTH"] == 1024**2


@pytest.mark.one_database
def test_the_field_says_what_it_takes_and_the_form_can_carry_a_file(organiser: FlaskClient, venue_id: int) -> None:
    html = organiser.get(f"/staff/venues/{venue_id}/photos").get_data(as_text=True)
    [field] = re.findall(r'<input[^>]*type="file"[^>]*>', html)
    assert 'accept="image/jpeg,image/png,image/webp"' in field
    assert 'enctype="multipart/form-data"' in html


class TestAPictureOfAFact:
    @pytest.mark.one_database
    def test_stands_beside_the_fact_on_the_pages_of_the_session(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event()
            with transaction():
                db.session.add(VenueFact(venue_id=event.venue_id, code="quiet_room", answer=FactAnswer.YES))
            photo = a_photo(event.venue, fact_code="quiet_room")
            story, anchor = f"/sessions/{event.slug}/place", f"#picture-{photo.id}"
        assert f' <a class="govuk-link" href="{story}{anchor}"' in client.get(story.removesuffix("/place")).text
        page = client.get(story).text
        assert f'href="{anchor}"' in page
        assert f'id="{anchor[1:]}"' in page

    @pytest.mark.one_database
    def test_gives_nothing_away_of_a_place_kept_private(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            event = an_event(slug="private", venue_id=a_venue(is_confidential=True).id)
            with transaction():
                db.session.add(VenueFact(venue_id=event.venue_id, code="quiet_room", answer=FactAnswer.YES))
            a_photo(event.venue, fact_code="quiet_room")
        page = client.get("/sessions/private").text
        assert "quiet" in page
        assert "#picture-" not in page

    @pytest.mark.one_database
    def test_is_chosen_when_it_is_added_and_changed_later(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        assert upload(organiser, venue_id, a_file(), fact_code="quiet_room").status_code == 303
        [photo] = photos(app)
        assert photo.fact_code == "quiet_room"
        assert "Shows: Quiet" in organiser.get(f"/staff/venues/{venue_id}/photos").text
        page = f"/staff/venues/{venue_id}/photos/{photo.id}"
        assert f'href="{page}"' in organiser.get(f"/staff/venues/{venue_id}/facts").text
        assert send(organiser, page, fact_code="").status_code == 303
        assert [each.fact_code for each in photos(app)] == [""]

    @pytest.mark.one_database
    def test_the_page_of_facts_leads_to_where_it_is_added(self, organiser: FlaskClient, venue_id: int) -> None:
        add = f"/staff/venues/{venue_id}/photos?fact=quiet_room"
        assert f'href="{add}#add"' in organiser.get(f"/staff/venues/{venue_id}/facts").text
        assert '<option value="quiet_room" selected>' in organiser.get(add).text

    @pytest.mark.one_database
    def test_of_a_fact_that_is_none_is_refused_with_nothing_lost(
        self, app: Flask, organiser: FlaskClient, venue_id: int
    ) -> None:
        answer = upload(organiser, venue_id, a_file(), fact_code="a_moat")
        assert answer.status_code == 422
        assert ALT in answer.text
        assert photos(app) == []
