"""What a session offers for a need: there, to be arranged by a day, partly, unknown, or not."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.rules.access_needs import KnownFact
from booking.rules.calendar_periods import is_working_day
from booking.rules.need_matches import Fit, Gathering, Match, Offer, can_instead, fit_of, match_all, match_at
from booking.rules.words import Delivery, FactAnswer

KENT = get_locality("kent")
TODAY = date(2026, 11, 23)
SESSION = date(2026, 12, 10)
HERE, ONLINE, HYBRID = Delivery.IN_PERSON, Delivery.ONLINE, Delivery.HYBRID


def gathering(delivery: Delivery = HERE, *, day: date | None = SESSION, **facts: str) -> Gathering:
    known = {code: KnownFact(FactAnswer(answer), TODAY) for code, answer in facts.items()}
    return Gathering(delivery=delivery, day=day, facts=known)


def offer(code: str, at: Gathering, *, today: date = TODAY) -> Match:
    return match_at(KENT.get_need(code), at, today=today, holidays=KENT.bank_holidays)


class TestAtAPlace:
    @pytest.mark.parametrize(
        ("answer", "said"),
        [("yes", "there"), ("partly", "partly"), ("no", "refused"), ("not_checked", "not_checked")],
    )
    def test_what_only_the_place_has_follows_what_is_known_of_it(self, answer: str, said: str) -> None:
        assert offer("quiet_space", gathering(quiet_room=answer)).offer == said

    def test_what_nobody_wrote_down_is_not_checked(self) -> None:
        assert offer("quiet_space", gathering()).offer == Offer.NOT_CHECKED

    def test_what_was_checked_long_ago_says_so(self) -> None:
        facts = {"quiet_room": KnownFact(FactAnswer.YES, date(2025, 11, 1))}
        match = offer("quiet_space", Gathering(delivery=HERE, day=SESSION, facts=facts))
        assert (match.offer, match.is_stale) == (Offer.THERE, True)

    def test_what_people_do_is_always_there(self) -> None:
        for code in ("breaks", "phone_on", "supporter", "text_only", "time_fit"):
            assert offer(code, gathering()).offer == Offer.ALWAYS, code

    def test_asking_to_talk_says_when_we_ring(self) -> None:
        assert offer("talk_to_me", gathering()) == Match("talk_to_me", Offer.TALK, days=2)

    def test_what_only_an_online_session_gives_is_refused_and_what_does_not_come_up_is_not(self) -> None:
        assert [offer(code, gathering()).offer for code in ("online_join", "phone_in", "auto_captions")] == [
            Offer.REFUSED
        ] * 3
        assert [offer(code, gathering()).offer for code in ("camera_off", "test_call")] == [Offer.NOT_NEEDED] * 2

    def test_a_creche_is_refused_where_there_can_be_none(self) -> None:
        assert offer("creche", gathering(creche="no")).offer == Offer.REFUSED
        assert offer("creche", gathering(creche="yes")).offer == Offer.ARRANGE


class TestOnline:
    def test_what_belongs_to_a_place_does_not_come_up(self) -> None:
        for code in ("step_free", "quiet_space", "blue_badge", "changing_places"):
            assert offer(code, gathering(ONLINE)).offer == Offer.AT_HOME, code

    def test_an_interpreter_is_still_to_be_arranged(self) -> None:
        assert offer("stt", gathering(ONLINE, day=date(2026, 12, 18))).offer == Offer.ARRANGE

    def test_joining_online_is_there(self) -> None:
        assert offer("online_join", gathering(ONLINE)).offer == Offer.ALWAYS

    def test_a_place_that_cannot_can_be_joined_from_home_when_the_session_is_both(self) -> None:
        assert offer("step_free", gathering(HYBRID, step_free_route="no")).offer == Offer.JOIN_ONLINE
        assert offer("step_free", gathering(HYBRID, step_free_route="yes")).offer == Offer.THERE


class TestTheLastDayToAsk:
    @pytest.mark.parametrize(
        ("code", "session", "by"),
        [
            # Friday 25 and Monday 28 December (for Saturday 26) and Friday 1 January are bank holidays.
            ("large_print", date(2026, 12, 31), date(2026, 12, 22)),
            ("large_print", date(2027, 1, 5), date(2026, 12, 24)),
            ("bsl", date(2027, 1, 5), date(2026, 12, 3)),
            ("meet_me", date(2026, 12, 29), date(2026, 12, 24)),
            # Good Friday 26 and Easter Monday 29 March 2027.
            ("blue_badge", date(2027, 3, 30), date(2027, 3, 23)),
            ("large_print", date(2027, 4, 1), date(2027, 3, 23)),
            # A session on a Saturday counts back from the Friday.
            ("meet_me", date(2026, 12, 12), date(2026, 12, 11)),
        ],
    )
    def test_counts_working_days_back_over_bank_holidays(self, code: str, session: date, by: date) -> None:
        match = offer(code, gathering(day=session))
        assert (match.offer, match.by) == (Offer.ARRANGE, by)

    def test_is_the_last_one_that_is_in_time(self) -> None:
        at = gathering(day=date(2027, 1, 5))
        assert offer("bsl", at, today=date(2026, 12, 3)).offer == Offer.ARRANGE
        late = offer("bsl", at, today=date(2026, 12, 4))
        assert (late.offer, late.days) == (Offer.LATE, 20)

    def test_is_not_known_while_the_date_is_not(self) -> None:
        assert offer("bsl", gathering(day=None)) == Match("bsl", Offer.ARRANGE, days=20)

    @given(st.sampled_from(KENT.needs), st.dates(date(2026, 1, 10), date(2027, 12, 20)))
    def test_is_a_working_day_before_the_session(self, need: object, session: date) -> None:
        match = match_at(need, gathering(day=session), today=session - timedelta(90), holidays=KENT.bank_holidays)  # type: ignore[arg-type]
        if match.by is not None:
            assert match.by < session
            assert is_working_day(match.by, KENT.bank_holidays)


class TestTheWholeSession:
    @staticmethod
    def matches(codes: str, delivery: Delivery = HERE, **facts: str) -> tuple[Match, ...]:
        needs = [KENT.get_need(code) for code in codes.split()]
        return match_all(needs, gathering(delivery, **facts), today=TODAY, holidays=KENT.bank_holidays)

    @pytest.mark.parametrize(
        ("facts", "fit"),
        [
            ({"quiet_room": "yes", "hearing_loop": "partly"}, Fit.FITS),
            ({"quiet_room": "yes"}, Fit.UNKNOWN),
            ({"quiet_room": "no"}, Fit.DOES_NOT),
            ({"quiet_room": "no", "hearing_loop": "yes"}, Fit.DOES_NOT),
        ],
    )
    def test_fits_when_nothing_is_refused_or_unknown(self, facts: Mapping[str, str], fit: Fit) -> None:
        assert fit_of(self.matches("quiet_space loop", **facts)) == fit

    def test_fits_whoever_needs_nothing(self) -> None:
        assert fit_of(()) == Fit.FITS

    def test_another_one_can_when_it_gives_for_sure_what_was_refused(self) -> None:
        assert can_instead(["quiet_space"], self.matches("quiet_space loop", quiet_room="yes"))
        assert can_instead(["quiet_space"], self.matches("quiet_space", ONLINE))
        assert not can_instead(["quiet_space"], self.matches("quiet_space loop"))
        assert not can_instead(["quiet_space"], self.matches("quiet_space", quiet_room="partly"))
        assert not can_instead(["quiet_space"], self.matches("quiet_space loop", quiet_room="yes", hearing_loop="no"))
