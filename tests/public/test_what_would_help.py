"""A family says what would help before it books: only its own browser knows, and each session answers."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from booking import clock
from booking.extensions import db, transaction
from booking.locality import get_locality
from booking.models import Event, VenueFact
from booking.rules.words import BookingMode, Delivery, EventKind, FactAnswer
from tests.cast import a_venue, an_event
from tests.public.family import Family
from tests.public.looking import counting_queries, text_of

KENT = get_locality("kent")


def an_event_with(title: str, facts: dict[str, str], **values: object) -> Event:
    venue = a_venue(is_confidential=bool(values.pop("is_confidential", False)))
    with transaction():
        for code, answer in facts.items():
            db.session.add(
                VenueFact(venue_id=venue.id, code=code, answer=FactAnswer(answer), checked_on=clock.today(), note="")
            )
    return an_event(title=title, venue_id=venue.id, **values)  # type: ignore[arg-type]


def tick(client: FlaskClient, *codes: str, asked_from: str = "") -> TestResponse:
    family = Family(client).open(f"/what-would-help{asked_from}")
    return family.post(f"/what-would-help{asked_from}", data={"needs": list(codes), "csrf_token": family.csrf})


def get(client: FlaskClient, path: str) -> TestResponse:
    """Ask as a browser does: a context that a test has pushed is not shared."""
    return Family(client).get(path)


def page(client: FlaskClient, path: str) -> str:
    """Return the words of a page that passes the checks for all pages."""
    return text_of(Family(client).open(path).text)


class TestTheChoice:
    def test_is_offered_on_the_first_page_the_list_and_a_session(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event()
        for path in ("/", "/sessions", f"/sessions/{event.slug}"):
            assert "Tell us what would help, and we show which sessions fit" in page(client, path)

    def test_offers_the_most_asked_first_then_everything_but_own_words(self, app: Flask, client: FlaskClient) -> None:
        html = get(client, "/what-would-help").text
        codes = re.findall(r'name="needs" type="checkbox" value="(\w+)"', html)
        assert tuple(codes[:12]) == KENT.most_asked_codes
        assert sorted(codes) == sorted(need.code for need in KENT.needs if need.code != "something_else")

    @pytest.mark.one_database
    def test_comes_back_ticked_and_is_cleared_in_one_tap(self, app: Flask, client: FlaskClient) -> None:
        assert tick(client, "step_free", "bsl").location == "/sessions"
        html = get(client, "/what-would-help").text
        assert re.findall(r'value="(\w+)" checked', html) == ["step_free", "bsl"]
        family = Family(client).open("/what-would-help")
        family.post("/what-would-help", data={"action": "clear", "csrf_token": family.csrf})
        assert " checked" not in get(client, "/what-would-help").text
        assert "Tell us what would help" in page(client, "/sessions")

    @pytest.mark.one_database
    def test_leads_back_to_the_session_it_was_asked_from_and_nowhere_else(
        self, in_app: Flask, client: FlaskClient
    ) -> None:
        slug = an_event().slug
        assert tick(client, "bsl", asked_from=f"?session={slug}").location == f"/sessions/{slug}"
        assert tick(client, "bsl", asked_from="?session=//evil.example").location == "/sessions"

    def test_takes_no_more_than_twenty_and_only_what_is_listed(self, app: Flask, client: FlaskClient) -> None:
        codes = [need.code for need in KENT.needs][:21]
        answer = tick(client, *codes)
        assert answer.status_code == 422
        assert "Choose no more than 20 things here." in answer.text
        tick(client, *codes[:20], "no_such_need", "something_else")
        assert get(client, "/what-would-help").text.count(" checked") == 20

    @pytest.mark.one_database
    def test_nothing_ticked_is_no_choice(self, app: Flask, client: FlaskClient) -> None:
        tick(client, "bsl")
        tick(client)
        assert "Tell us what would help" in page(client, "/sessions")


class TestNobodyElseKnows:
    def test_no_need_is_in_an_address_a_log_a_row_or_the_cookie_in_clear(
        self, in_app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        event = an_event_with("Forum", {"changing_places": "no"})
        before = _all_rows()
        with caplog.at_level(logging.DEBUG):
            answers = [tick(client, "changing_places", "deafblind_guide", asked_from=f"?session={event.slug}")]
            for path in ("/", "/sessions", "/sessions?fit=1", f"/sessions/{event.slug}", "/what-would-help"):
                answers.append(get(client, path))
        assert _all_rows() == before
        cookie = client.get_cookie("session")
        assert cookie is not None
        opened = in_app.session_interface.get_signing_serializer(in_app).loads(cookie.value)  # type: ignore[attr-defined]
        for secret in ("changing_places", "deafblind"):
            assert secret not in caplog.text
            assert secret not in str(opened)
            for answer in answers:
                assert secret not in str(answer.headers)
                hrefs = re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)
                assert [href for href in hrefs if secret in href] == []

    @pytest.mark.one_database
    def test_the_cookie_is_as_long_whatever_was_ticked(self, app: Flask, client: FlaskClient) -> None:
        lengths = set()
        for codes in (["bsl"], [need.code for need in KENT.needs][:20]):
            tick(client, *codes)
            with client.session_transaction() as session:
                lengths.add(len(session["would_help"]))
        assert len(lengths) == 1
        assert lengths.pop() < 1000

    def test_a_page_that_shows_needs_is_kept_by_no_cache_and_a_page_without_may_be_looked_at_again(
        self, in_app: Flask, client: FlaskClient
    ) -> None:
        slug = an_event().slug
        paths = ("/", "/sessions", "/sessions?kind=forum", "/sessions?view=month", f"/sessions/{slug}")
        assert [get(client, path).headers["Cache-Control"] for path in paths] == ["no-cache, private"] * 5
        tick(client, "bsl")
        assert [get(client, path).headers["Cache-Control"] for path in (*paths, "/what-would-help")] == ["no-store"] * 6

    @pytest.mark.one_database
    def test_one_family_never_sees_what_another_ticked(self, in_app: Flask) -> None:
        event = an_event_with("Forum", {"quiet_room": "no", "hearing_loop": "yes"})
        first, second, nobody = (in_app.test_client() for _ in range(3))
        tick(first, "quiet_space")
        tick(second, "loop")
        for path in ("/", "/sessions", f"/sessions/{event.slug}"):
            one, two, none = page(first, path), page(second, path), page(nobody, path)
            assert "place can’t" in one
            assert "place can’t" not in two
            assert "Already there" in two
            assert "Already there" not in one
            assert "place can’t" not in none
            assert "Already there" not in none

    @pytest.mark.one_database
    def test_looking_at_sessions_sets_no_cookie(self, in_app: Flask, client: FlaskClient) -> None:
        slug = an_event().slug
        for path in ("/", "/sessions", f"/sessions/{slug}"):
            assert "Set-Cookie" not in get(client, path).headers

    @pytest.mark.one_database
    def test_a_cookie_sealed_with_keys_that_are_gone_is_no_choice(self, app: Flask, client: FlaskClient) -> None:
        with client.session_transaction() as session:
            session["would_help"] = "9.AAAA"
        assert "Tell us what would help" in page(client, "/sessions")


@pytest.mark.one_database
class TestWhatEachSessionSays:
    def test_on_its_card(self, in_app: Flask, client: FlaskClient) -> None:
        christmas = clock.london_time(date(2026, 12, 29), 10)
        facts = {"step_free_route": "yes", "baby_change": "partly", "quiet_room": "no"}
        an_event_with("Christmas forum", facts, starts_at=christmas)
        tick(client, "step_free", "bring_baby", "quiet_space", "loop", "large_print", "bsl", "supporter")
        found = page(client, "/sessions")
        assert "We show what fits the 7 things you ticked." in found
        assert "Already there: No steps" in found
        assert "Partly: A baby or toddler with me" in found
        assert "This place can’t: A quiet room to step out to" in found
        assert "Not checked, ask us: Hearing loop" in found
        # 20 working days before Tuesday 29 December, without Christmas Day and the Monday for Boxing Day.
        assert (
            "We can arrange it if you book by Friday 27 November: British Sign Language (BSL) interpreter, Large print"
            in found
        )
        assert "Yes, always: I am bringing a supporter" in found

    def test_on_its_page_with_the_fact_it_rests_on(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event_with("Forum", {"quiet_room": "no", "baby_change": "partly"})
        tick(client, "quiet_space", "bring_baby", "large_print")
        found = page(client, f"/sessions/{event.slug}")
        assert "A quiet room to step out to This place can’t. There is no quiet room" in found
        assert "A baby or toddler with me Partly. You can change a baby in the accessible toilet." in found
        assert "Large print We can arrange it if you book by Tuesday 23 June." in found

    def test_short_notice_is_warned_of_and_never_a_wall(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event_with("Forum", {})
        tick(client, "bsl")
        found = get(client, f"/sessions/{event.slug}").text
        assert "We need 20 working days to arrange this. Ask anyway: we will try." in found
        assert f'href="/sessions/{event.slug}/book"' in found

    def test_what_is_not_booked_is_asked_by_telling_us(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(booking_mode=BookingMode.OPEN, capacity=None)
        tick(client, "large_print")
        assert "We can arrange it if you tell us by Tuesday 23 June." in page(client, f"/sessions/{event.slug}")

    def test_a_confidential_place_tells_nothing_that_leads_there(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event_with("Forum", {"public_transport": "no", "drop_off": "yes"}, is_confidential=True)
        tick(client, "drop_off")
        for path in ("/sessions", f"/sessions/{event.slug}"):
            assert "Already there" not in page(client, path)
        assert "Not checked yet. Ask us" in page(client, f"/sessions/{event.slug}")

    def test_nothing_is_said_of_what_is_cancelled_or_over(self, in_app: Flask, client: FlaskClient) -> None:
        event = an_event(starts_at=clock.now() - timedelta(days=2))
        tick(client, "bsl")
        assert "What would help you" not in page(client, f"/sessions/{event.slug}")


class TestTheseTwoCan:
    def test_the_next_two_of_the_kind_or_online_that_have_it(self, in_app: Flask, client: FlaskClient) -> None:
        refuses = an_event_with("The one that cannot", {"quiet_room": "no"})
        soon = clock.london_time(clock.today() + timedelta(days=3), 10)
        later = clock.london_time(clock.today() + timedelta(days=30), 10)
        an_event_with("Has it and is next", {"quiet_room": "yes"}, starts_at=soon)
        an_event_with("Refuses the loop", {"quiet_room": "yes", "hearing_loop": "no"}, starts_at=soon)
        an_event_with("Was never checked", {}, starts_at=soon)
        an_event(title="A talk online", kind=EventKind.WEBINAR, delivery=Delivery.ONLINE, starts_at=later)
        an_event_with("Has it but comes third", {"quiet_room": "yes"}, starts_at=later + timedelta(days=1))
        tick(client, "quiet_space", "loop")
        found = page(client, f"/sessions/{refuses.slug}")
        assert "These two can:" in found
        assert found.index("Has it and is next") < found.index("A talk online")
        assert not [name for name in ("Refuses the loop", "never checked", "comes third") if name in found]

    @pytest.mark.one_database
    def test_says_so_when_one_or_none_can(self, in_app: Flask, client: FlaskClient) -> None:
        refuses = an_event_with("Forum", {"quiet_room": "no"})
        tick(client, "quiet_space")
        assert "We know of no other session yet that can." in page(client, f"/sessions/{refuses.slug}")
        an_event_with("Another forum", {"quiet_room": "yes"})
        assert "This one can: " in page(client, f"/sessions/{refuses.slug}")


class TestOnlyWhatFits:
    @pytest.mark.one_database
    def test_leaves_out_what_cannot_and_sets_apart_what_is_not_checked(
        self, in_app: Flask, client: FlaskClient
    ) -> None:
        an_event_with("Fits", {"quiet_room": "yes"})
        an_event_with("Cannot", {"quiet_room": "no"})
        an_event_with("Unknown", {})
        tick(client, "quiet_space")
        assert 'href="/sessions?fit=1"' in get(client, "/sessions").text
        found = page(client, "/sessions?fit=1")
        assert "Cannot" not in found
        assert found.index("Fits") < found.index("These might fit: we have not checked yet") < found.index("Unknown")
        assert "Show all sessions" in found
        assert "Cannot" not in page(client, "/sessions?fit=1&view=month")

    def test_goes_with_the_other_parts_of_a_search(self, in_app: Flask, client: FlaskClient) -> None:
        an_event_with("Fits", {"quiet_room": "yes", "hearing_loop": "yes"})
        an_event_with("No loop", {"quiet_room": "yes", "hearing_loop": "no"})
        tick(client, "quiet_space")
        found = get(client, "/sessions?fit=1&with=hearing_loop&kind=forum").text
        assert "Fits" in found
        assert "No loop" not in found
        assert '<input type="hidden" name="fit" value="1">' in found

    @pytest.mark.one_database
    @pytest.mark.parametrize("fit", ["1", "0", "x"])
    def test_means_nothing_in_a_browser_without_ticks(self, in_app: Flask, client: FlaskClient, fit: str) -> None:
        an_event_with("Cannot", {"quiet_room": "no"})
        assert "Cannot" in page(client, f"/sessions?fit={fit}")

    def test_asks_the_database_as_often_however_many_there_are(self, app: Flask, client: FlaskClient) -> None:
        tick(client, "quiet_space", "loop", "low_sensory")
        counts = {}
        for number in (1, 6):
            with app.app_context():
                for _ in range(number):
                    an_event_with("Forum", {"quiet_room": "yes", "hearing_loop": "no", "lighting": "yes"})
            for path in ("/", "/sessions", "/sessions?fit=1", "/sessions?view=month"):
                with counting_queries(app) as asked:
                    get(client, path)
                counts.setdefault(path, []).append(len(asked))
        assert all(few == many for few, many in counts.values()), counts


def _all_rows() -> dict[str, list[object]]:
    db.session.rollback()
    tables = (table.name for table in db.metadata.sorted_tables)
    return {name: list(map(tuple, db.session.execute(text(f"SELECT * FROM {name}")))) for name in tables}
