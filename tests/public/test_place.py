"""What a place is like: pictures in order, steps, who greets, how to leave. Of a private place nobody else learns."""

from __future__ import annotations

import gzip
import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking.extensions import db, transaction
from booking.formats.tokens import booking_token
from booking.models import Booking, Event, Photo, VenueFact
from booking.rules.words import CancelledBy, Delivery, EventCancelReason, EventStatus, FactAnswer
from booking.services.cancel_booking import cancel_booking
from booking.services.cancel_session import cancel_session
from booking.services.save_photo import move_photo
from tests.cast import a_booking, a_photo, a_venue, an_event
from tests.public.looking import counting_queries, html, page, text_of
from tests.public.test_weight import COMPRESSED, LIMIT

STEPS = [
    "Ring the bell beside the yellow door.",
    "Wait: the door opens by itself.",
    "Our room is the first on the left.",
]
LEAVING = "Go out as you came in.\nThe door to the garden is a quicker way."
GREETER = "Jo, in a green jumper"
AGENDA = [{"minutes": 10, "what": "Welcome and names"}, {"minutes": 50, "what": "Your questions"}]
SECRETS = ("Lantern House", "9 Hidden Lane", "past the bakery", "yellow door", "garden", "green jumper", "bay behind")


pytestmark = pytest.mark.usefixtures("in_app")


def a_story(*, pictures: int = 2, is_confidential: bool = False, **values: object) -> Event:
    """Save a session in a place that we say all about."""
    place = {"name": "Lantern House", "address": "9 Hidden Lane, Maidstone", "directions": "Walk past the bakery."}
    venue = a_venue(**place, arrival_steps=STEPS, leaving=LEAVING, is_confidential=is_confidential)
    with transaction():
        for code, note in (("quiet_room", "Next to our room."), ("accessible_toilet", "In the bay behind.")):
            fact = VenueFact(venue_id=venue.id, code=code, answer=FactAnswer.YES, note=note)
            fact.checked_on, fact.checked_by = date(2026, 5, 1), "Jo Bell"
            db.session.add(fact)
    for number in range(pictures):
        a_photo(venue, alt=f"Picture of thing {number}", seed=number)
    return an_event(venue_id=venue.id, greeter=GREETER, agenda=AGENDA, **values)


def photo_of(event: Event, place: int = 0) -> Photo:
    assert event.venue is not None
    db.session.refresh(event.venue)
    return event.venue.photos[place]


def own(booking: Booking, more: str = "/place") -> str:
    return f"/bookings/{booking_token(booking)}{more}"


def in_order(text: str, *parts: str) -> bool:
    """Tell whether each part stands somewhere after the one before it."""
    at = 0
    for part in parts:
        at = text.find(part, at) + len(part)
        assert at >= len(part), part
    return True


class TestTheStory:
    def test_tells_all_in_the_order_it_happens(self, client: FlaskClient) -> None:
        text = page(client, f"/sessions/{a_story().slug}/place")
        assert in_order(
            text,
            "What this place is like",
            "Lantern House",
            "Picture of thing 0",
            "Picture of thing 1",
            *STEPS,
            "Who greets you",
            GREETER,
            "Toilets",
            "There is an accessible toilet.",
            "There is a quiet room you can go to at any time. Next to our room.",
            "10am",
            "Welcome and names",
            "10:10am",
            "How to leave",
            "The door to the garden is a quicker way.",
            "You can leave at any time.",
            "Checked on",
            "Is something different now?",
            "help@example.org",
        )

    @pytest.mark.one_database
    def test_shows_pictures_with_words_and_room_kept_for_them(self, client: FlaskClient) -> None:
        event = a_story()
        markup = html(client, f"/sessions/{event.slug}/place")
        first, _second = re.findall(r'<img class="house-photo[^>]*>', markup)
        assert f'src="/photos/{photo_of(event).digest}.jpg"' in first
        assert 'alt="Picture of thing 0"' in first
        assert 'width="400" height="300"' in first
        assert "loading=" not in markup, "on paper, a picture that waits to be scrolled to is missing"

    @pytest.mark.one_database
    def test_says_what_is_not_checked_and_leaves_out_what_nobody_said(self, client: FlaskClient) -> None:
        text = page(client, f"/sessions/{an_event().slug}/place")
        assert "We have not checked for an accessible toilet." in text
        assert "We have not checked for a quiet room." in text
        assert all(words not in text for words in ("step by step", "Who greets you", "What you will see", "in order"))
        assert "You can leave at any time." in text

    @pytest.mark.one_database
    def test_is_as_new_as_its_pictures(self, client: FlaskClient) -> None:
        event = a_story()
        path = f"/sessions/{event.slug}/place"
        assert in_order(page(client, path), "Picture of thing 0", "Picture of thing 1")
        with transaction():
            move_photo(event.venue_id or 0, photo_of(event).id, by=1)
        assert in_order(page(client, path), "Picture of thing 1", "Picture of thing 0")

    def test_asks_the_database_as_often_for_many_pictures(self, app: Flask, client: FlaskClient) -> None:
        few, many = a_story(pictures=1), a_story(pictures=6)
        page(client, f"/sessions/{few.slug}/place")
        counts = []
        for event in (few, many):
            with counting_queries(app) as seen:
                page(client, f"/sessions/{event.slug}/place")
            counts.append(len(seen))
        assert counts[0] == counts[1]

    @pytest.mark.one_database
    def test_takes_hostile_words_as_words(self, client: FlaskClient) -> None:
        bad = '"><script>alert(1)</script>'
        venue = a_venue(name=bad, arrival_steps=[bad], leaving=bad)
        a_photo(venue, alt=bad)
        markup = html(client, f"/sessions/{an_event(venue_id=venue.id, greeter=bad).slug}/place")
        assert "<script>alert" not in markup
        assert unescape(markup).count(bad) >= 6

    @pytest.mark.one_database
    def test_is_not_there_online_nor_for_a_draft(self, client: FlaskClient) -> None:
        online = an_event(delivery=Delivery.ONLINE)
        draft = an_event(status=EventStatus.DRAFT, first_published_at=None)
        for slug in (online.slug, draft.slug, "nothing", "%00"):
            assert client.get(f"/sessions/{slug}/place").status_code == 404


class TestTheSessionsPage:
    @pytest.mark.one_database
    def test_says_the_short_of_it_and_leads_to_the_rest(self, client: FlaskClient) -> None:
        event = a_story(pictures=6)
        markup = html(client, f"/sessions/{event.slug}")
        text = text_of(markup)
        assert in_order(text, "Arriving, step by step", *STEPS, GREETER, "The door to the garden")
        assert "See 6 pictures of this place, or print all this" in text
        assert f'href="/sessions/{event.slug}/place"' in markup
        assert "/photos/" not in markup, "a first visit stays light"

    @pytest.mark.one_database
    def test_leads_there_without_pictures_too(self, client: FlaskClient) -> None:
        assert "on one page to print" in page(client, f"/sessions/{an_event().slug}")


class TestTheWeight:
    @pytest.mark.one_database
    @pytest.mark.parametrize("part", ["", "/place"])
    def test_of_a_first_visit_is_small_before_any_picture(self, client: FlaskClient, part: str) -> None:
        answer = client.get(f"/sessions/{a_story(pictures=10).slug}{part}", headers=COMPRESSED, buffered=True)
        markup = gzip.decompress(answer.data).decode()
        loaded = set(re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="(/[^"]+)"', markup))
        pictures = {each for each in loaded if each.startswith("/photos/")}
        assert len(loaded - pictures) == 3
        assert len(pictures) == (10 if part else 0)
        others = [client.get(each, headers=COMPRESSED, buffered=True) for each in loaded - pictures]
        assert len(answer.data) + sum(len(each.data) for each in others) < LIMIT


class TestAPicture:
    def test_is_sent_once_and_for_ever(self, client: FlaskClient) -> None:
        photo = photo_of(a_story())
        answer = client.get(f"/photos/{photo.digest}.jpg")
        assert (answer.status_code, answer.data) == (200, photo.image)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert client.head(f"/photos/{photo.digest}.jpg").status_code == 200

    @pytest.mark.one_database
    @pytest.mark.parametrize("name", ["0" * 64, "x", "%00", "A" * 64, "..%2f..%2fetc%2fpasswd", "0" * 5000])
    def test_of_no_such_name_is_a_calm_page(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/photos/{name}.jpg").status_code == 404

    @pytest.mark.one_database
    def test_of_a_place_kept_private_is_for_families_with_a_place(self, client: FlaskClient) -> None:
        event = a_story(is_confidential=True, capacity=1)
        going, waiting = a_booking(event), a_booking(event)
        digest = photo_of(event).digest
        assert client.get(f"/photos/{digest}.jpg").status_code == 404
        answer = client.get(own(going, f"/photos/{digest}.jpg"))
        assert (answer.status_code, answer.data) == (200, photo_of(event).image)
        assert answer.headers["Cache-Control"] == "no-store"
        assert client.get(own(waiting, f"/photos/{digest}.jpg")).status_code == 404
        assert client.get(f"/bookings/nothing/photos/{digest}.jpg").status_code == 404

    @pytest.mark.one_database
    def test_of_another_place_does_not_open_with_a_link(self, client: FlaskClient) -> None:
        event, other = a_story(is_confidential=True), a_story(pictures=5, is_confidential=True)
        booking = a_booking(event)
        assert client.get(own(booking, f"/photos/{photo_of(other, 4).digest}.jpg")).status_code == 404

    @pytest.mark.one_database
    def test_that_two_places_share_stays_open_where_it_is_open(self, client: FlaskClient) -> None:
        hidden, shown = a_story(is_confidential=True), a_story()
        assert photo_of(hidden).digest == photo_of(shown).digest
        assert client.get(f"/photos/{photo_of(hidden).digest}.jpg").status_code == 200


class TestAPrivatePlace:
    @pytest.mark.one_database
    def test_is_told_to_nobody_without_a_place(self, client: FlaskClient) -> None:
        event = a_story(is_confidential=True, capacity=1)
        a_booking(event)
        waiting = a_booking(event)
        digest = photo_of(event).digest
        for path in (f"/sessions/{event.slug}", f"/sessions/{event.slug}/place"):
            markup = html(client, path)
            assert "kept private" in markup
            assert not [secret for secret in (*SECRETS, digest, "Picture of") if secret in markup], path
        answer = client.get(own(waiting))
        assert (answer.status_code, answer.location) == (303, f"/sessions/{event.slug}/place")

    @pytest.mark.one_database
    def test_is_shown_in_full_to_a_family_with_a_place(self, client: FlaskClient) -> None:
        event = a_story(is_confidential=True)
        booking = a_booking(event)
        answer = client.get(own(booking))
        assert answer.headers["Cache-Control"] == "no-store"
        text = text_of(answer.text)
        assert in_order(text, "Lantern House", "9 Hidden Lane", "Picture of thing 0", *STEPS, GREETER)
        assert "In the bay behind." in text
        [source] = set(re.findall(r'src="([^"]*/photos/' + photo_of(event).digest + r'\.jpg)"', answer.text))
        assert client.get(source).data == photo_of(event).image
        assert own(booking) in client.get(own(booking, "")).text

    def test_is_shut_again_when_the_place_is_given_up(self, client: FlaskClient) -> None:
        event = a_story(is_confidential=True)
        first, second = a_booking(event), a_booking(event)
        digest = photo_of(event).digest
        with transaction():
            cancel_booking(first.id, by=CancelledBy.FAMILY)
        assert client.get(own(first)).status_code == 303
        assert client.get(own(first, f"/photos/{digest}.jpg")).status_code == 404
        assert own(first) not in client.get(own(first, "")).text
        with transaction():
            cancel_session(event.id, EventCancelReason.WEATHER)
        assert client.get(own(second)).status_code == 303


class TestTheFamily:
    @pytest.mark.one_database
    def test_sees_pictures_that_may_be_kept_where_the_place_is_open(self, client: FlaskClient) -> None:
        event = a_story()
        booking = a_booking(event)
        markup = client.get(own(booking)).text
        assert f'src="/photos/{photo_of(event).digest}.jpg"' in markup
        assert "Back to my booking" in markup
        assert own(booking) in client.get(own(booking, "")).text

    @pytest.mark.one_database
    def test_online_is_led_to_no_place(self, client: FlaskClient) -> None:
        booking = a_booking(an_event(delivery=Delivery.ONLINE, join_url="https://example.org/x"))
        assert own(booking) not in client.get(own(booking, "")).text
        assert client.get(own(booking), follow_redirects=True).status_code == 404
