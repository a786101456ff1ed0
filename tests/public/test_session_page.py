"""One session's page: its states, its times, its place, and what it never tells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from booking import clock
from booking.extensions import db, transaction
from booking.models import Event, VenueFact
from booking.rules.words import BookingMode, Delivery, EventStatus, FactAnswer
from tests.cast import a_venue, an_event, slots_for
from tests.public.looking import counting_queries, html, page

SECRETS = (
    "Lantern House",
    "9 Hidden Lane",
    "ME14 9ZZ",
    "past the bakery",
    "bay behind",
    "51.27",
    "Kestrel room",
    "Jo Bell",
)


def a_hidden_event(**values: object) -> Event:
    """Save a session in a place that is kept private, with all that could give it away."""
    venue = a_venue(
        name="Lantern House",
        address="9 Hidden Lane, Maidstone",
        postcode="ME14 9ZZ",
        town="Maidstone",
        outcode="ME14",
        district="maidstone",
        easting=576000,
        northing=155700,
        lat=51.27,
        lon=0.52,
        directions="Walk past the bakery",
        is_confidential=True,
    )
    with transaction():
        for code in ("blue_badge_bays", "hearing_loop"):
            note = "In the bay behind the church" if code == "blue_badge_bays" else "In the Kestrel room"
            fact = VenueFact(venue_id=venue.id, code=code, answer=FactAnswer.YES, note=note)
            fact.checked_on, fact.checked_by = date(2026, 5, 1), "Jo Bell"
            db.session.add(fact)
    return an_event(venue_id=venue.id, room="Kestrel room", **values)


def a_fact(event: Event, code: str, answer: FactAnswer, *, on: date | None, by: str = "Kent PACT") -> None:
    with transaction():
        db.session.add(
            VenueFact(
                venue_id=event.venue_id, code=code, answer=answer, checked_on=on, checked_by=by, note="Two of them."
            )
        )


class TestWhatItSays:
    @pytest.mark.one_database
    def test_when_in_londons_words_and_for_machines(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(starts_at=clock.london_time(date(2026, 7, 1), 10))
        found = html(client, f"/sessions/{event.slug}")
        assert "Wednesday 1 July 2026<br>10am to midday" in found
        assert 'datetime="2026-07-01T10:00+01:00"' in found
        assert "clocks" not in found

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2026, 10, 24), "The clocks go back one hour on Sunday 25 October 2026"),
            (date(2026, 10, 26), "The clocks go back one hour on Sunday 25 October 2026"),
            (date(2027, 3, 28), "The clocks go forward one hour on Sunday 28 March 2027"),
        ],
    )
    def test_says_when_the_clocks_change_that_weekend(
        self, in_app: Flask, client: FlaskClient, day: date, words: str
    ) -> None:
        event = an_event(starts_at=clock.london_time(day, 10))
        assert words in page(client, f"/sessions/{event.slug}")

    def test_the_agenda_has_clock_times(self, in_app: Flask, client: FlaskClient) -> None:
        agenda = [{"minutes": 10, "what": "Welcome"}, {"minutes": 50, "what": "Talk"}, {"minutes": 0, "what": "End"}]
        event = an_event(agenda=agenda, people=["EHC plan officer", "PACT parent rep"])
        found = page(client, f"/sessions/{event.slug}")
        assert "10am Welcome 10 minutes 10:10am Talk 50 minutes 11am End" in found
        assert "EHC plan officer PACT parent rep" in found

    @pytest.mark.one_database
    def test_the_six_norms_and_children_are_on_every_page(self, in_app: Flask, client: FlaskClient) -> None:
        for event in (an_event(), an_event(delivery=Delivery.ONLINE), an_event(booking_mode=BookingMode.OPEN)):
            found = page(client, f"/sessions/{event.slug}")
            for norm in ("phone on", "leave early", "camera off", "Just listen", "your baby", "a supporter"):
                assert norm in found
            assert "Children" in found

    @pytest.mark.one_database
    def test_text_of_staff_is_shown_as_text(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(title="<b>Bold</b> & ëü", description="One\n\n<script>two</script>")
        found = html(client, f"/sessions/{event.slug}")
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; ëü" in found
        assert "<script>two" not in found

    def test_asks_the_database_the_same_number_of_times_however_much_there_is(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            event = an_event(booking_mode=BookingMode.SLOTS)
            slots_for(event, times=1)
            a_fact(event, "hearing_loop", FactAnswer.YES, on=date(2026, 5, 1))
            slug = event.slug
        with counting_queries(app) as few:
            client.get(f"/sessions/{slug}")
        with app.app_context():
            slots_for(event, times=9)
            for code in ("quiet_room", "wifi", "toys", "lift"):
                a_fact(event, code, FactAnswer.YES, on=date(2026, 5, 1))
        with counting_queries(app) as many:
            client.get(f"/sessions/{slug}")
        assert len(few) == len(many) <= 4


class TestStates:
    @pytest.mark.one_database
    def test_places_to_book(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(places_taken=8)
        found = html(client, f"/sessions/{event.slug}")
        assert "2 places left" in found
        assert f'href="/sessions/{event.slug}/book"' in found
        assert "Book a place" in found

    @pytest.mark.one_database
    def test_a_time_to_book(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(booking_mode=BookingMode.SLOTS, capacity=None)
        slots_for(event, times=3)
        found = page(client, f"/sessions/{event.slug}")
        assert "Book a time" in found
        assert "3 places left" in found
        assert "EHC plan officer" in found

    def test_full_leads_to_the_waiting_list(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(places_taken=10)
        found = html(client, f"/sessions/{event.slug}")
        assert "Full – you can join the waiting list" in found
        assert "Join the waiting list" in found
        assert f'href="/sessions/{event.slug}/book"' in found

    @pytest.mark.one_database
    def test_open_is_just_turn_up(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(booking_mode=BookingMode.OPEN, capacity=None)
        found = html(client, f"/sessions/{event.slug}")
        assert "Just turn up" in found
        assert "/book" not in found

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"status": EventStatus.CANCELLED}, "This session is cancelled."),
            ({"new_date_pending": True}, "This session is put off."),
            ({"hours_from_now": -3}, "This session is over."),
            ({"hours_from_now": -1}, "This session has started."),
            ({"status": EventStatus.CANCELLED, "hours_from_now": -3}, "This session is cancelled."),
        ],
    )
    def test_what_cannot_be_booked_says_why(
        self, in_app: Flask, client: FlaskClient, values: dict[str, object], words: str
    ) -> None:
        hours = values.pop("hours_from_now", None)
        if isinstance(hours, int):
            values["starts_at"] = clock.now() + timedelta(hours=hours)
        event = an_event(**values)  # type: ignore[arg-type]
        found = html(client, f"/sessions/{event.slug}")
        assert words in found
        assert "/book" not in found

    @pytest.mark.one_database
    @pytest.mark.parametrize("slug", ["nothing", "x" * 300, "%00", "..%2f..%2fetc"])
    def test_drafts_and_what_is_not_there_look_the_same(self, in_app: Flask, client: FlaskClient, slug: str) -> None:
        draft = an_event(status=EventStatus.DRAFT, title="Secret plans")
        found = page(client, f"/sessions/{draft.slug}", status=404)
        assert "Secret plans" not in found
        assert client.get(f"/sessions/{slug}").status_code == 404


class TestThePlace:
    @pytest.mark.one_database
    def test_says_yes_partly_no_and_not_checked(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event()
        a_fact(event, "hearing_loop", FactAnswer.YES, on=date(2026, 5, 1))
        a_fact(event, "baby_change", FactAnswer.PARTLY, on=date(2026, 5, 1))
        a_fact(event, "creche", FactAnswer.NO, on=date(2026, 4, 1), by="the caretaker")
        found = page(client, f"/sessions/{event.slug}")
        assert "Hearing loop: Yes There is a hearing loop and we have tested it. Two of them." in found
        assert "Baby changing: Partly You can change a baby in the accessible toilet." in found
        assert "Crèche: No There is no crèche. Two of them. Checked on 1 April 2026 by the caretaker." in found
        assert "Quiet room: Not checked " in found
        assert found.count("Checked on 1 May 2026 by Kent PACT.") == 1
        assert "more than a year ago" not in found

    def test_warns_of_what_was_checked_more_than_a_year_ago(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event()
        a_fact(event, "hearing_loop", FactAnswer.YES, on=date(2025, 6, 15))
        assert "We checked some of this more than a year ago." in page(client, f"/sessions/{event.slug}")

    @pytest.mark.one_database
    def test_directions_are_words_and_the_map_is_a_plain_link(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(venue_id=a_venue(directions="Left at the pond.\nUp the hill.").id, room="Oak room")
        found = html(client, f"/sessions/{event.slug}")
        assert "Left at the pond." in found
        assert "Room: Oak room" in found
        assert 'href="https://www.openstreetmap.org/?mlat=51.146' in found

    @pytest.mark.one_database
    def test_an_online_session_has_no_place_and_shows_no_link_to_join(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(delivery=Delivery.ONLINE, join_url="https://meet.example.org/abc", dial_in="020 7946 0000")
        found = html(client, f"/sessions/{event.slug}")
        assert "meet.example.org" not in found
        assert "7946" not in found
        assert "You will get the link to join when you book" in found
        assert "What this place is like" not in found


class TestAConfidentialPlace:
    @pytest.mark.one_database
    def test_is_never_told_on_its_page(self, in_app: Flask, client: FlaskClient) -> None:
        event = a_hidden_event()
        found = html(client, f"/sessions/{event.slug}")
        assert [secret for secret in SECRETS if secret in found] == []
        assert "openstreetmap" not in found
        assert "Maidstone" in found
        assert "There is a hearing loop" in found
        assert "Blue Badge" not in found

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        "address",
        [
            "/",
            "/sessions",
            "/sessions?place=ME14&with=hearing_loop",
            "/sessions?kind=coffee&place=ME14",
            "/embed",
            "/calendar.ics",
            "/calendar/maidstone.ics",
            "/feed.atom",
            "/api/v1/sessions",
        ],
    )
    def test_is_never_told_anywhere(self, in_app: Flask, client: FlaskClient, address: str) -> None:
        event = a_hidden_event(title="A quiet forum")
        found = client.get(address).text
        assert event.slug in found.replace("\r\n ", "")
        assert [secret for secret in SECRETS if secret in found] == []

    def test_its_distance_is_that_of_its_town(self, in_app: Flask, client: FlaskClient) -> None:
        near = a_hidden_event().venue
        assert near is not None
        first = page(client, "/sessions?place=Canterbury")
        with transaction():
            near.easting, near.northing = 590000, 140000
        assert page(client, "/sessions?place=Canterbury") == first
