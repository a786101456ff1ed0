"""What we can say at once to somebody who asks for something."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.locality import get_locality
from booking.locality.kinds import Fulfil
from booking.rules.access_needs import (
    KnownFact,
    NeedAnswer,
    ask_by,
    baseline_gaps,
    due_on,
    interpreters_needed,
    is_lead_ok,
    is_stale,
    match_need,
    needs_for,
)
from booking.rules.calendar_periods import is_working_day
from booking.rules.words import Delivery, FactAnswer

KENT = get_locality("kent")
TODAY = date(2026, 11, 23)
HOLIDAYS = KENT.bank_holidays
NEEDS = st.sampled_from(KENT.needs)
ANSWERS = st.sampled_from(list(FactAnswer))
DAYS = st.dates(date(2025, 1, 1), date(2028, 6, 30))


def _match(code: str, **facts: str) -> NeedAnswer:
    known = {name: KnownFact(FactAnswer(value), TODAY) for name, value in facts.items()}
    return match_need(KENT.get_need(code), known, today=TODAY).answer


class TestMatchNeed:
    @pytest.mark.parametrize(
        ("fact", "answer"),
        [("yes", "there"), ("partly", "partly"), ("no", "not_there"), ("not_checked", "not_checked")],
    )
    def test_what_only_the_place_can_give_follows_the_place(self, fact: str, answer: str) -> None:
        assert _match("step_free", step_free_route=fact) == answer

    def test_a_fact_nobody_wrote_down_is_not_checked_and_never_no(self) -> None:
        assert _match("loop") == NeedAnswer.NOT_CHECKED

    @pytest.mark.parametrize("fact", ["partly", "no", "not_checked"])
    def test_what_can_also_be_arranged_is_arranged(self, fact: str) -> None:
        assert _match("blue_badge", blue_badge_bays=fact) == NeedAnswer.WE_ARRANGE

    def test_of_two_facts_the_least_helpful_decides(self) -> None:
        assert _match("low_sensory", lighting="yes", acoustic="yes") == NeedAnswer.THERE
        assert _match("low_sensory", lighting="yes", acoustic="partly") == NeedAnswer.PARTLY
        assert _match("low_sensory", lighting="yes") == NeedAnswer.NOT_CHECKED

    def test_what_staff_can_ease_is_partly_there(self) -> None:
        assert _match("low_sensory", lighting="no", acoustic="yes") == NeedAnswer.PARTLY

    @pytest.mark.parametrize("code", ["bsl", "supporter", "large_print", "text_only", "talk_to_me"])
    def test_what_no_place_decides_is_ours_to_arrange(self, code: str) -> None:
        assert _match(code) == NeedAnswer.WE_ARRANGE

    def test_a_creche_is_refused_where_there_cannot_be_one(self) -> None:
        assert _match("creche", creche="no") == NeedAnswer.NOT_THERE
        assert _match("creche", creche="yes") == NeedAnswer.WE_ARRANGE

    def test_a_picture_guide_is_made_where_there_is_none(self) -> None:
        assert _match("know_ahead", visual_story="no") == NeedAnswer.WE_ARRANGE

    def test_the_answer_says_on_which_fact_it_rests_and_how_old_that_is(self) -> None:
        facts = {"hearing_loop": KnownFact(FactAnswer.YES, date(2025, 9, 1))}
        match = match_need(KENT.get_need("loop"), facts, today=TODAY)
        assert (match.fact, match.checked_on, match.is_stale) == ("hearing_loop", date(2025, 9, 1), True)

    @given(NEEDS, ANSWERS)
    def test_we_never_promise_what_the_place_is_known_to_lack(self, need: object, answer: FactAnswer) -> None:
        need = KENT.get_need(need.code)  # type: ignore[attr-defined]
        match = match_need(need, {code: KnownFact(answer, TODAY) for code in need.facts}, today=TODAY)
        if match.answer == NeedAnswer.THERE:
            assert answer == FactAnswer.YES
        if need.facts and need.fulfil == (Fulfil.VENUE,):
            assert (match.answer == NeedAnswer.THERE) == (answer == FactAnswer.YES)


class TestNeedsFor:
    def test_parking_is_not_asked_for_an_online_session(self) -> None:
        codes = {need.code for need in needs_for(KENT.needs, Delivery.ONLINE)}
        assert "bsl" in codes
        assert "camera_off" in codes
        assert not codes & {"step_free", "blue_badge", "bring_baby"}

    def test_joining_online_is_not_offered_where_nobody_can(self) -> None:
        codes = {need.code for need in needs_for(KENT.needs, Delivery.IN_PERSON)}
        assert "step_free" in codes
        assert not codes & {"online_join", "camera_off"}

    def test_a_hybrid_session_has_them_all(self) -> None:
        assert needs_for(KENT.needs, Delivery.HYBRID) == KENT.needs


class TestLeadTime:
    def test_a_bsl_interpreter_is_asked_for_twenty_working_days_before(self) -> None:
        bsl = KENT.get_need("bsl")
        assert ask_by(bsl, session_on=date(2026, 11, 30), holidays=HOLIDAYS) == date(2026, 11, 2)
        assert is_lead_ok(bsl, asked_on=date(2026, 11, 2), session_on=date(2026, 11, 30), holidays=HOLIDAYS)
        assert not is_lead_ok(bsl, asked_on=date(2026, 11, 3), session_on=date(2026, 11, 30), holidays=HOLIDAYS)

    def test_christmas_takes_days_away(self) -> None:
        assert ask_by(KENT.get_need("blue_badge"), session_on=date(2026, 12, 30), holidays=HOLIDAYS) == date(
            2026, 12, 23
        )

    def test_a_need_without_lead_may_be_asked_on_the_day(self) -> None:
        day = date(2026, 11, 28)
        assert is_lead_ok(KENT.get_need("phone_on"), asked_on=day, session_on=day, holidays=HOLIDAYS)

    def test_it_is_due_by_its_own_lead_time_in_working_days(self) -> None:
        due = due_on(KENT.get_need("bsl"), asked_on=TODAY, session_on=date(2027, 1, 25), holidays=HOLIDAYS)
        assert due == date(2026, 12, 23), "20 working days: Christmas, Boxing Day's Monday and New Year do not count"

    def test_it_is_due_two_working_days_before_the_session_where_the_lead_is_shorter(self) -> None:
        due = due_on(KENT.get_need("loop"), asked_on=TODAY, session_on=date(2026, 12, 14), holidays=HOLIDAYS)
        assert due == date(2026, 12, 10)

    def test_what_is_asked_for_late_is_due_in_two_working_days_and_not_at_once(self) -> None:
        due = due_on(KENT.get_need("bsl"), asked_on=date(2026, 12, 4), session_on=date(2026, 12, 14), holidays=HOLIDAYS)
        assert due == date(2026, 12, 8)

    def test_somebody_who_would_rather_talk_hears_from_us_in_two_working_days(self) -> None:
        due = due_on(
            KENT.get_need("talk_to_me"), asked_on=date(2026, 11, 27), session_on=date(2027, 1, 11), holidays=HOLIDAYS
        )
        assert due == date(2026, 12, 1)

    @given(NEEDS, DAYS, st.integers(0, 120))
    def test_due_dates_lie_between_asking_and_the_session(self, need: object, asked: date, days: int) -> None:
        need = KENT.get_need(need.code)  # type: ignore[attr-defined]
        session = date.fromordinal(asked.toordinal() + days)
        due = due_on(need, asked_on=asked, session_on=session, holidays=HOLIDAYS)
        assert asked <= due <= session
        assert due in (asked, session) or is_working_day(due, HOLIDAYS)


@pytest.mark.parametrize(
    ("code", "minutes", "count"), [("bsl", 60, 1), ("bsl", 61, 2), ("bsl", 120, 2), ("lipspeaker", 120, 1)]
)
def test_interpreters_work_in_pairs_beyond_an_hour(code: str, minutes: int, count: int) -> None:
    assert interpreters_needed(KENT.get_need(code), minutes=minutes) == count


class TestStale:
    @pytest.mark.parametrize(
        ("checked", "today", "stale"),
        [
            (date(2025, 11, 23), date(2026, 11, 23), False),
            (date(2025, 11, 22), date(2026, 11, 23), True),
            (date(2027, 2, 28), date(2028, 2, 29), False),
            (date(2027, 2, 27), date(2028, 2, 29), True),
        ],
    )
    def test_a_fact_is_stale_after_twelve_months(self, checked: date, today: date, stale: bool) -> None:
        assert is_stale(KnownFact(FactAnswer.YES, checked), today=today) is stale

    def test_an_answer_without_a_date_is_stale_and_no_answer_is_not(self) -> None:
        assert is_stale(KnownFact(FactAnswer.YES), today=TODAY)
        assert not is_stale(KnownFact(FactAnswer.NOT_CHECKED), today=TODAY)


def test_the_baseline_lists_what_is_missing_or_unchecked() -> None:
    facts = {
        "step_free_route": KnownFact(FactAnswer.PARTLY, TODAY),
        "accessible_toilet": KnownFact(FactAnswer.YES, TODAY),
        "quiet_room": KnownFact(FactAnswer.NO, TODAY),
    }
    assert set(baseline_gaps(KENT.facts, facts)) == {"quiet_room", "hearing_loop"}
