"""Ask to be told about new sessions: the form, the yes, the page behind the link, and the one tap that stops it."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from booking import clock
from booking.extensions import db
from booking.formats.tokens import subscription_token
from booking.jobs import tick
from booking.models import Message, Subscription
from booking.rules.news import ONLINE
from booking.rules.words import MessageKind, SubscriptionStatus
from tests.cast import a_booking, an_event
from tests.limits import forget_tries
from tests.mail.conftest import relay  # noqa: F401 (a fixture)
from tests.mail.relay import Relay, text_of
from tests.public.family import Family
from tests.public.looking import text_of as said

pytestmark = pytest.mark.usefixtures("in_app")
ASHFORD = {"email": "reader@example.net", "where": "district", "district": "ashford"}


@pytest.fixture
def reader(client: FlaskClient) -> Family:
    forget_tries()
    return Family(client)


def all_of_them() -> list[Subscription]:
    db.session.rollback()
    return list(db.session.scalars(select(Subscription).order_by(Subscription.id)))


def the_one() -> Subscription:
    (row,) = all_of_them()
    return row


def link() -> str:
    return f"/news/{subscription_token(the_one())}"


class TestAsking:
    def test_keeps_the_wish_and_queues_the_question(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD, kinds=["coffee", "drop_in"])
        assert reader.path == "/news/sent"
        assert "press Yes" in reader.text
        row = the_one()
        assert (row.status, row.district, row.kinds) == (SubscriptionStatus.ASKED, "ashford", ["coffee", "drop_in"])
        assert db.session.scalars(select(Message.kind)).all() == [MessageKind.NEWS_ASKED]

    @pytest.mark.parametrize("typed", ["CT9", "ct9 1aa", "CT9-1AA"])
    def test_keeps_no_more_of_a_postcode_than_its_first_part(self, reader: Family, typed: str) -> None:
        reader.open("/news").send(email="reader@example.net", where="near", place=typed, miles="15")
        row = the_one()
        assert (row.place, row.miles, row.district) == ("CT9", 15, "")
        assert row.easting is not None

    @pytest.mark.one_database
    def test_knows_towns(self, reader: Family) -> None:
        reader.open("/news").send(email="reader@example.net", where="near", place="margate", miles="5")
        assert the_one().place == "Margate"

    @pytest.mark.one_database
    @pytest.mark.parametrize(("where", "district"), [("anywhere", ""), ("online", ONLINE)])
    def test_takes_everywhere_and_online(self, reader: Family, where: str, district: str) -> None:
        reader.open("/news").send(email="reader@example.net", where=where, district="thanet", place="CT9")
        row = the_one()
        assert (row.district, row.place, row.easting) == (district, "", None)

    @pytest.mark.one_database
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"email": ""}, "Enter your email address."),
            ({"email": "nobody"}, "Enter an email address like name@example.com."),
            ({"email": "bookings@pact.example.org"}, "This is our own address."),
            ({"where": ""}, "Choose where."),
            ({"where": "moon"}, "Choose where."),
            ({"district": ""}, "Choose a district from the list."),
            ({"district": "zzz"}, "Choose a district from the list."),
            ({"where": "near", "place": ""}, "We cannot find that place."),
            ({"where": "near", "place": "Nowhereville"}, "We cannot find that place."),
            ({"where": "near", "place": "CT9", "miles": "999"}, "Choose how far away from the list."),
            ({"kinds": ["zzz"]}, "Choose kinds of sessions from the list."),
            ({"needs": ["zzz"]}, "Choose what a place should have from the list."),
            ({"needs": ["lift"]}, "Tick that you agree"),
            ({"website": "https://spam.example"}, "Leave this empty"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, reader: Family, given: dict[str, object], sentence: str
    ) -> None:
        reader.open("/news").send({**ASHFORD, "kinds": ["coffee"]} | given)
        assert reader.status == 422
        assert sentence in reader.text
        assert all_of_them() == []
        if "email" not in given:
            assert 'value="reader@example.net"' in reader.text
        if "kinds" not in given:
            assert 'value="coffee" checked' in reader.text

    @pytest.mark.one_database
    def test_keeps_needs_only_with_consent_and_sealed(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD, needs=["lift", "quiet_space"], consent_needs="y")
        assert sorted(the_one().needs or ()) == ["lift", "quiet_space"]

    @pytest.mark.one_database
    def test_answers_the_same_for_an_address_that_is_known(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD)
        first = (reader.path, said(reader.text))
        reader.open("/news").send(ASHFORD)
        assert (reader.path, said(reader.text)) == first

    def test_begins_with_what_was_searched_for(self, reader: Family) -> None:
        reader.open("/news?district=thanet&kind=coffee")
        assert '<option value="thanet" selected' in reader.text
        assert 'value="district" checked' in reader.text
        assert 'value="coffee" checked' in reader.text
        reader.open("/news?place=CT9")
        assert 'value="near" checked' in reader.text

    @pytest.mark.one_database
    def test_follows_a_wish_with_its_place_and_kind_and_nothing_that_leads_back_to_it(self, reader: Family) -> None:
        reader.open("/wish").send(reason="nothing_near", place="ct9 1aa", kind="workshop", text="Not for others")
        assert 'href="/news?place=CT9&amp;kind=workshop"' in reader.text
        reader.open("/news?place=CT9&kind=workshop").send(email="reader@example.net")
        row = the_one()
        assert (row.place, row.kinds) == ("CT9", ["workshop"])

    def test_is_offered_where_a_search_found_nothing(self, reader: Family) -> None:
        reader.open("/sessions?district=thanet&kind=coffee")
        assert 'href="/news?district=thanet&amp;kind=coffee"' in reader.text

    @pytest.mark.one_database
    def test_keeps_a_full_postcode_out_of_its_address(self, client: FlaskClient) -> None:
        answer = client.get("/news?place=CT9+1AA&kind=forum")
        assert (answer.status_code, answer.location) == (303, "/news?place=CT9&kind=forum")

    @pytest.mark.one_database
    def test_is_in_the_language_of_the_page(self, reader: Family) -> None:
        reader.open("/pl/news").send(ASHFORD)
        assert the_one().lang == "pl"

    @pytest.mark.one_database
    def test_is_limited(self, reader: Family) -> None:
        form = {"csrf_token": reader.open("/news").csrf}
        answers = [reader.post("/news", data=form).status_code for _number in range(31)]
        assert answers == [422] * 30 + [429]


class TestTheLink:
    @pytest.mark.one_database
    def test_asks_and_changes_nothing_until_the_button_is_pressed(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD)
        reader.open(link())
        assert "Shall we tell you about new sessions?" in reader.text
        assert "Ashford" in reader.text
        assert the_one().status == SubscriptionStatus.ASKED
        reader.send()
        assert the_one().status == SubscriptionStatus.ACTIVE
        assert the_one().confirmed_at is not None
        assert "What we tell you about" in reader.text

    @pytest.mark.one_database
    def test_of_nobody_says_so_calmly(self, client: FlaskClient) -> None:
        for path in ("/news/zzz", "/news/" + "a" * 26, "/news/" + "a" * 26 + "/stop"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "This link is not in use" in answer.text

    @pytest.mark.one_database
    def test_is_for_nobody_else(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD)
        answer = reader.get(link())
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]

    def test_changes_what_is_told(self, reader: Family) -> None:
        self._confirmed(reader)
        reader.send(where="near", place="CT9", miles="25", kinds=["forum"], to=link())
        assert "Within 25 miles of CT9" in reader.text
        row = the_one()
        assert (row.place, row.miles, row.district, row.kinds) == ("CT9", 25, "", ["forum"])

    @pytest.mark.one_database
    def test_shows_mistakes_without_changing_anything(self, reader: Family) -> None:
        self._confirmed(reader)
        reader.send(where="near", place="Nowhereville", to=link())
        assert reader.status == 422
        assert 'value="Nowhereville"' in reader.text
        assert the_one().district == "ashford"

    @pytest.mark.one_database
    def test_shows_what_else_the_address_asked_for_and_stops_one_alone(self, reader: Family) -> None:
        self._confirmed(reader)
        path = link()
        reader.open("/news").send(email="reader@example.net", where="online")
        other = f"/news/{subscription_token(all_of_them()[1])}"
        reader.open(other).send()
        reader.open(path)
        assert "Sessions you can join online" in reader.text
        reader.send(to="/drop")
        assert reader.path == other
        assert the_one().district == ONLINE

    @staticmethod
    def _confirmed(reader: Family) -> None:
        reader.open("/news").send(ASHFORD)
        reader.open(link()).send()


class TestStopping:
    @pytest.mark.one_database
    def test_asks_on_get_and_stops_on_the_button(self, reader: Family) -> None:
        reader.open("/news").send(ASHFORD)
        reader.open(f"{link()}/stop")
        assert len(all_of_them()) == 1
        reader.send()
        assert "The emails have stopped" in reader.text
        assert all_of_them() == []

    @pytest.mark.one_database
    def test_works_as_gmail_does_it(self, app: Flask, reader: Family, relay: Relay) -> None:  # noqa: F811
        """The header of the mail as it arrived, a body of one pair, no cookie, no Referer, and no redirect."""
        reader.open("/news").send(ASHFORD)
        reader.open(link()).send()
        an_event(first_published_at=clock.now() - timedelta(hours=2))
        tick()
        address = _one_tap(relay.mails[-1])
        stranger = app.test_client(use_cookies=False)
        answer = stranger.post(
            address, data="List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert all_of_them() == []
        again = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
        assert again.status_code == 200
        assert "The emails have stopped" in again.text

    @pytest.mark.one_database
    def test_is_not_done_by_opening_the_links_of_the_mail(self, reader: Family, relay: Relay) -> None:  # noqa: F811
        reader.open("/news").send(ASHFORD)
        reader.open(link()).send()
        an_event(first_published_at=clock.now() - timedelta(hours=2))
        tick()
        for word in text_of(relay.mails[-1]).split():
            if word.startswith("http://localhost/"):
                assert reader.get(word.removeprefix("http://localhost")).status_code == 200
        assert the_one().status == SubscriptionStatus.ACTIVE

    def test_leaves_bookings_alone(self, reader: Family) -> None:
        booking = a_booking(an_event(), email="reader@example.net")
        reader.open("/news").send(ASHFORD)
        reader.open(f"{link()}/stop").send()
        assert (
            db.session.scalar(
                select(func.count(Message.id)).where(Message.booking_id == booking.id, Message.address.is_not(None))
            )
            == 1
        )


def _one_tap(mail: EmailMessage) -> str:
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
