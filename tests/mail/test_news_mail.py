"""News of new sessions as it arrives: who gets what, once a day and never at night, and how it stops."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from booking import clock
from booking.extensions import db, transaction
from booking.jobs import tick
from booking.locality import get_locality
from booking.models import Event, Message, Subscription, Told
from booking.queries.subscriptions import find_subscription_by_token
from booking.rules.news import ONLINE
from booking.rules.retention import Kept
from booking.rules.words import Delivery, EventKind, EventStatus, FactAnswer, MessageKind, MessageStatus
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.confirm_news import change_news, confirm_news
from booking.services.queue_news import news_due, queue_news
from booking.services.stop_subscription import stop_one, stop_subscription
from booking.services.sweep_old import sweep_old
from tests.cast import a_booking, a_venue, an_event
from tests.mail.deeds import outbox, statuses
from tests.mail.relay import DROP, KEEP_AND_DROP, Relay, page_of, text_of

ASHFORD = NewsWanted(district="ashford")
ANYWHERE = NewsWanted()
MARGATE = {"town": "Margate", "outcode": "CT9", "district": "thanet", "easting": 635400, "northing": 171000}


def asked(wanted: NewsWanted = ASHFORD, email: str = "reader@example.net", lang: str = "en") -> Subscription:
    with transaction():
        row = ask_for_news(email, wanted, lang=lang)
    assert row is not None
    return db.session.get_one(Subscription, row.id)


def subscribed(wanted: NewsWanted = ASHFORD, email: str = "reader@example.net", **values: Any) -> Subscription:
    """Ask and say yes; the question has gone out."""
    row = asked(wanted, email, **values)
    tick()
    with transaction():
        confirm_news(row.id)
    return db.session.get_one(Subscription, row.id)


def published(**values: Any) -> Event:
    """Publish a session two hours ago: nothing has been added since."""
    return an_event(**{"first_published_at": clock.now() - timedelta(hours=2)} | values)


def token_of(row: Subscription) -> str:
    from booking.formats.tokens import subscription_token

    return subscription_token(row)


def news(relay: Relay) -> list[Any]:
    return [mail for mail in relay.mails if "new session" in str(mail["Subject"]) and "say yes" not in mail["Subject"]]


class TestTheQuestion:
    def test_is_the_only_mail_until_somebody_says_yes(self, relay: Relay) -> None:
        row = asked()
        published()
        tick()
        (mail,) = relay.mails
        assert mail["To"] == "reader@example.net"
        assert f"http://localhost/news/{token_of(row)}" in text_of(mail)
        assert f'href="http://localhost/news/{token_of(row)}"' in page_of(mail)
        assert "Ashford" in text_of(mail)
        assert "delete this address after 7 days" in text_of(mail)
        assert mail["List-Unsubscribe"] is None

    def test_is_found_by_its_link_alone(self, in_app: Flask) -> None:
        row = asked()
        found = find_subscription_by_token(token_of(row))
        assert found is not None
        assert found.id == row.id
        assert find_subscription_by_token("a" * 26) is None
        lying = str(db.session.execute(text("SELECT * FROM subscription")).all())
        assert token_of(row) not in lying
        assert "reader" not in lying

    def test_is_not_asked_more_than_five_times_a_day(self, relay: Relay) -> None:
        for _number in range(5):
            asked()
        with transaction():
            assert ask_for_news("Reader@Example.net", ASHFORD, lang="en") is None
        tick()
        tick()
        assert len(relay.mails) == 5

    def test_leads_who_has_five_already_to_what_they_have(self, relay: Relay, summer: time_machine.Traveller) -> None:
        rows = [subscribed() for _number in range(5)]
        summer.shift(timedelta(days=2))
        with transaction():
            assert ask_for_news("reader@example.net", ASHFORD, lang="en") is None
        tick()
        assert "what you asked for" in relay.subjects[-1]
        assert token_of(rows[-1]) in text_of(relay.mails[-1])

    def test_is_deleted_after_a_week_without_an_answer_with_its_address(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        kept = subscribed(email="kept@example.net")
        asked()
        tick()
        summer.shift(timedelta(days=7))
        with transaction():
            assert sweep_old()[Kept.NEWS_ASKED.value] == 0
        summer.shift(timedelta(days=1))
        with transaction():
            assert sweep_old()[Kept.NEWS_ASKED.value] == 1
        assert [row.id for row in db.session.scalars(select(Subscription))] == [kept.id]
        assert [row.address for row in outbox()] == ["kept@example.net", None]


class TestTheNews:
    def test_names_each_session_that_fits_and_is_new(self, relay: Relay) -> None:
        old = published(title="There already")
        subscribed()
        new = published(title="Sleep well", capacity=3)
        published(title="Far away", venue_id=a_venue(**MARGATE).id)
        published(title="Not shown", status=EventStatus.DRAFT)
        tick()
        (mail,) = news(relay)
        assert mail["Subject"] == "1 new session for you"
        for words in (text_of(mail), page_of(mail)):
            for part in (
                "Sleep well",
                "Tuesday 30 June 2026, 10am to midday",
                "Oast Meadow Community Centre, Ashford",
                "3 places left",
                f"http://localhost/sessions/{new.slug}",
            ):
                assert part in words
            for other in (old.title, "Far away", "Not shown"):
                assert other not in words

    def test_can_be_stopped_with_one_tap_as_mail_programs_want_it(self, relay: Relay) -> None:
        row = subscribed(lang="pl")
        published()
        tick()
        link = f"http://localhost/pl/news/{token_of(row)}/stop"
        assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in b"\r\n" + relay.raw[-1]
        assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in relay.raw[-1]
        mail = relay.mails[-1]
        assert mail["List-Unsubscribe"] == f"<{link}>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert "Precedence" not in mail
        assert link in text_of(mail)
        assert mail.get_content_type() == "multipart/alternative"

    def test_comes_once_a_day_and_tells_nothing_twice(self, relay: Relay, summer: time_machine.Traveller) -> None:
        subscribed()
        published(title="First")
        tick()
        published(title="Second")
        tick()
        assert len(news(relay)) == 1
        summer.shift(timedelta(days=1))
        tick()
        assert len(news(relay)) == 2
        assert "Second" in text_of(relay.mails[-1])
        assert "First" not in text_of(relay.mails[-1])
        summer.shift(timedelta(days=1))
        tick()
        assert len(news(relay)) == 2

    @pytest.mark.parametrize(
        ("hour", "minute", "leaves"), [(7, 59, False), (8, 0, True), (19, 59, True), (20, 0, False)]
    )
    def test_leaves_between_eight_in_the_morning_and_eight_in_the_evening_in_london(
        self, relay: Relay, summer: time_machine.Traveller, hour: int, minute: int, leaves: bool
    ) -> None:
        subscribed()
        published()
        summer.move_to(clock.london_time(clock.today() + timedelta(days=1), hour, minute))
        tick()
        assert bool(news(relay)) == leaves

    def test_waits_an_hour_for_more_to_be_published(self, relay: Relay, summer: time_machine.Traveller) -> None:
        subscribed()
        published(title="First")
        an_event(title="Just now")
        tick()
        assert not news(relay)
        summer.shift(timedelta(hours=1))
        tick()
        assert relay.subjects[-1] == "2 new sessions for you"

    def test_is_told_of_a_session_that_moves_to_the_area(self, relay: Relay) -> None:
        far = published(title="On the move", venue_id=a_venue(**MARGATE).id)
        subscribed()
        tick()
        assert not news(relay)
        with transaction():
            db.session.get_one(Event, far.id).venue_id = a_venue_here()
        tick()
        assert "On the move" in text_of(news(relay)[0])

    @pytest.mark.parametrize(
        ("wanted", "titles"),
        [
            (ANYWHERE, {"Ashford forum", "Margate coffee", "Online talk"}),
            (NewsWanted(district=ONLINE), {"Online talk"}),
            (NewsWanted(kinds=(EventKind.COFFEE, EventKind.WEBINAR)), {"Margate coffee", "Online talk"}),
            (NewsWanted(place="CT9", easting=635000, northing=171000, miles=5), {"Margate coffee"}),
            (NewsWanted(place="CT9", easting=635000, northing=171000, miles=50), {"Ashford forum", "Margate coffee"}),
            (NewsWanted(district="thanet", kinds=(EventKind.FORUM,)), set()),
        ],
    )
    def test_is_of_the_place_and_the_kinds_that_were_asked_for(
        self, relay: Relay, wanted: NewsWanted, titles: set[str]
    ) -> None:
        subscribed(wanted)
        published(title="Ashford forum")
        published(title="Margate coffee", kind=EventKind.COFFEE, venue_id=a_venue(**MARGATE).id)
        published(title="Online talk", kind=EventKind.WEBINAR, delivery=Delivery.ONLINE)
        tick()
        said = "".join(text_of(mail) for mail in news(relay))
        assert {title for title in ("Ashford forum", "Margate coffee", "Online talk") if title in said} == titles

    def test_says_how_far_it_is_from_the_spot_they_named(self, relay: Relay) -> None:
        subscribed(NewsWanted(place="TN23", easting=600600, northing=142600 + 6 * 1609, miles=10))
        published()
        tick()
        assert "Oast Meadow Community Centre, Ashford (6 miles)" in text_of(relay.mails[-1])

    def test_is_only_of_places_that_have_what_is_needed(self, relay: Relay) -> None:
        need = next(need for need in get_locality("kent").needs if need.code == "wheelchair_space" or need.facts)
        with_it, unchecked = a_venue(), a_venue()
        with transaction():
            from booking.models import VenueFact

            for code in need.facts:
                db.session.add(
                    VenueFact(
                        venue_id=with_it.id, code=code, answer=FactAnswer.YES, checked_on=clock.today(), checked_by="x"
                    )
                )
        subscribed(NewsWanted(district="ashford", needs=(need.code,)))
        published(title="With it", venue_id=with_it.id)
        published(title="Nobody looked", venue_id=unchecked.id)
        tick()
        said = text_of(news(relay)[0])
        assert "With it" in said
        assert "Nobody looked" not in said
        assert need.code not in str(db.session.execute(text("SELECT * FROM subscription")).all())

    def test_never_names_a_confidential_place(self, relay: Relay) -> None:
        hidden = a_venue(name="Willow Refuge", address="1 Hidden Lane", is_confidential=True)
        subscribed()
        published(title="Somewhere safe", venue_id=hidden.id)
        tick()
        raw = text_of(relay.mails[-1]) + page_of(relay.mails[-1])
        assert "Somewhere safe" in raw
        assert "Ashford" in raw
        assert "Willow" not in raw
        assert "Hidden" not in raw

    def test_says_that_a_full_session_has_a_waiting_list(self, relay: Relay) -> None:
        subscribed()
        event = published(capacity=1)
        a_booking(event)
        tick()
        assert "Full – you can join the waiting list" in text_of(news(relay)[0])

    def test_is_one_mail_however_many_wishes_an_address_has(self, relay: Relay) -> None:
        subscribed()
        subscribed(NewsWanted(kinds=(EventKind.COFFEE,)))
        published(title="Fits both", kind=EventKind.COFFEE)
        published(title="Fits one", kind=EventKind.COFFEE, venue_id=a_venue(**MARGATE).id)
        tick()
        (mail,) = news(relay)
        assert text_of(mail).count("Fits both") == 1
        assert "Fits one" in text_of(mail)
        assert db.session.scalar(select(func.count()).select_from(Told)) == 3

    def test_names_twenty_sessions_and_says_how_many_more_there_are(self, relay: Relay) -> None:
        subscribed()
        venue = a_venue()
        for number in range(23):
            published(title=f"Number {number}.", venue_id=venue.id)
        tick()
        (mail,) = news(relay)
        assert mail["Subject"] == "23 new sessions for you"
        assert text_of(mail).count("Number ") == 20
        assert "And 3 more. See all sessions here:\r\nhttp://localhost/sessions\r\n" in text_of(mail)
        assert 'href="http://localhost/sessions"' in page_of(mail)

    def test_is_apart_from_what_a_booking_sends(self, relay: Relay) -> None:
        a_booking(an_event(), email="reader@example.net")
        published()
        tick()
        tick()
        assert not news(relay)
        assert db.session.scalar(select(func.count(Subscription.id))) == 0
        assert all(mail["List-Unsubscribe"] is None for mail in relay.mails)


def a_venue_here() -> int:
    from booking.models import Venue

    return db.session.scalars(select(Venue.id).where(Venue.district == "ashford")).first() or _new_venue()


def _new_venue() -> int:
    from booking.models import Venue

    row = Venue(code="here", name="Here", town="Ashford", outcode="TN23", district="ashford", lat=51.1, lon=0.8)
    row.easting, row.northing = 600600, 142600
    db.session.add(row)
    db.session.flush()
    return row.id


class TestOnItsWay:
    def test_tells_what_is_still_true_when_it_leaves(self, relay: Relay) -> None:
        row = subscribed()
        kept, gone = published(title="Still on"), published(title="Called off")
        with transaction():
            assert queue_news(row.email_hash)
        with transaction():
            db.session.get_one(Event, gone.id).status = EventStatus.CANCELLED
        tick()
        assert "Still on" in text_of(news(relay)[0])
        assert "Called off" not in text_of(news(relay)[0])
        assert kept.title == "Still on"

    def test_is_not_sent_when_nothing_is_left_to_tell(self, relay: Relay) -> None:
        row, event = subscribed(), published()
        with transaction():
            assert queue_news(row.email_hash)
        with transaction():
            db.session.get_one(Event, event.id).status = EventStatus.CANCELLED
        tick()
        assert not news(relay)
        assert statuses()[-1] == "news: stale"

    def test_is_told_the_next_day_if_the_mail_server_was_away_all_day(
        self, relay: Relay, summer: time_machine.Traveller
    ) -> None:
        subscribed()
        published(title="Missed")
        relay.rcpt = deque(["451 not now"] * 20)
        for _hour in range(14):
            tick()
            summer.shift(timedelta(hours=1))
        assert not news(relay)
        relay.rcpt.clear()
        summer.move_to(clock.london_time(clock.today() + timedelta(days=1), 9))
        tick()  # the old one ends here at the latest
        tick()
        assert "Missed" in text_of(news(relay)[0])

    @pytest.mark.parametrize("answer", [DROP, KEEP_AND_DROP])
    def test_is_never_sent_twice(self, relay: Relay, summer: time_machine.Traveller, answer: str) -> None:
        subscribed()
        published()
        relay.data = deque([answer])
        for _minute in range(10):
            tick()
            summer.shift(timedelta(minutes=10))
        assert len(news(relay)) == (1 if answer == KEEP_AND_DROP else 0)
        assert statuses()[-1] == "news: unknown"

    def test_is_queued_once_by_several_workers(self, in_app: Flask, relay: Relay) -> None:
        row = subscribed()
        published()
        assert news_due() == [row.email_hash]
        with transaction():
            assert queue_news(row.email_hash)
        with transaction():
            assert not queue_news(row.email_hash)
        assert news_due() == []

    def test_is_queued_once_by_workers_that_begin_at_the_same_moment(self, in_app: Flask, relay: Relay) -> None:
        row = subscribed()
        published()
        email_hash, start = row.email_hash, Barrier(4)

        def work(_number: int) -> bool:
            with in_app.app_context():
                start.wait()
                with transaction():
                    return queue_news(email_hash)

        db.session.rollback()
        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(work, range(4))) == [False, False, False, True]
        assert [each.kind for each in outbox()].count(MessageKind.NEWS) == 1

    def test_of_a_demonstration_never_leaves_the_computer(self, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
        row = subscribed()
        with transaction():
            db.session.get_one(Subscription, row.id).is_demo = True
        published()
        monkeypatch.setattr("booking.services.prepare_message.stays_here", lambda _app: False)
        tick()
        assert not news(relay)
        assert statuses()[-1] == "news: stale"


class TestStopping:
    def test_lets_nothing_leave_that_waits_and_keeps_no_address(self, relay: Relay) -> None:
        row = subscribed()
        published()
        with transaction():
            assert queue_news(row.email_hash)
        with transaction():
            stop_subscription(db.session.get_one(Subscription, row.id))
        tick()
        assert not news(relay)
        assert statuses() == ["news_asked: sent", "news: stale"]
        assert [(each.address, each.address_hash, each.facts) for each in outbox()] == [(None, None, None)] * 2
        assert db.session.scalar(select(func.count(Subscription.id))) == 0
        assert db.session.scalar(select(func.count()).select_from(Told)) == 0

    def test_stops_all_of_an_address_and_nobody_else(self, relay: Relay) -> None:
        mine, other = subscribed(), subscribed(email="other@example.net")
        subscribed(ANYWHERE)
        with transaction():
            stop_subscription(db.session.get_one(Subscription, mine.id))
        assert [row.id for row in db.session.scalars(select(Subscription))] == [other.id]

    def test_of_one_leaves_the_others(self, relay: Relay) -> None:
        mine, more = subscribed(), subscribed(ANYWHERE)
        with transaction():
            stop_one(db.session.get_one(Subscription, mine.id))
        assert [row.id for row in db.session.scalars(select(Subscription))] == [more.id]

    def test_leaves_a_mail_that_is_just_being_sent_as_one_that_may_have_arrived(self, relay: Relay) -> None:
        row = subscribed()
        published()
        with transaction():
            queue_news(row.email_hash)
        with transaction():
            message = db.session.scalars(select(Message).where(Message.kind == MessageKind.NEWS)).one()
            message.status, message.data_started_at = MessageStatus.SENDING, clock.now()
        with transaction():
            stop_subscription(db.session.get_one(Subscription, row.id))
        assert statuses()[-1] == "news: unknown"


class TestChanging:
    def test_counts_what_fits_by_then_as_known(self, relay: Relay, summer: time_machine.Traveller) -> None:
        row = subscribed()
        published(title="In Margate", venue_id=a_venue(**MARGATE).id)
        with transaction():
            change_news(row.id, NewsWanted(district="thanet"))
        tick()
        assert not news(relay)
        published(title="New in Margate", venue_id=a_venue(**MARGATE).id)
        tick()
        assert "New in Margate" in text_of(news(relay)[0])
