"""Only an answer that is proved to be the family's frees its place; whatever is forged in it, it does not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.rules.replies import Answer, Entry, Verdict, judge, release_at

NOW = datetime(2026, 6, 16, 9, tzinfo=UTC)
TRUE = Answer(
    method="REPLY",
    uid="1f0c@pact.example.org",
    attendee="gwen@example.net",
    partstat="DECLINED",
    sequence=2,
    stamped_at=NOW - timedelta(minutes=1),
    events=1,
    attendees=1,
    sender="gwen@example.net",
    vouched_domain="example.net",
    mark="",
    has_empty_envelope=False,
)
ENTRY = Entry(uid=TRUE.uid, address="Gwen@Example.net", sequence=2, answered_at=None, is_open=True)


def verdict(entry: Entry | None = ENTRY, **values: object) -> Verdict:
    return judge(dataclasses.replace(TRUE, **values), entry, now=NOW)  # type: ignore[arg-type]


class TestAnAnswerThatIsProved:
    @pytest.mark.parametrize(
        ("partstat", "expected"),
        [
            ("DECLINED", Verdict.DECLINED_PROVED),
            ("declined", Verdict.DECLINED_PROVED),
            ("ACCEPTED", Verdict.ACCEPTED),
            ("TENTATIVE", Verdict.TENTATIVE),
        ],
    )
    def test_counts(self, partstat: str, expected: Verdict) -> None:
        assert verdict(partstat=partstat) == expected

    def test_whatever_the_case_of_its_addresses(self) -> None:
        assert verdict(attendee="GWEN@example.net", sender="Gwen@EXAMPLE.net") == Verdict.DECLINED_PROVED

    def test_without_a_sequence_it_is_about_the_first_revision(self) -> None:
        assert verdict(dataclasses.replace(ENTRY, sequence=0), sequence=None) == Verdict.DECLINED_PROVED
        assert verdict(sequence=None) == Verdict.DECLINED_WEAK

    def test_marked_as_calendars_mark_all_their_mail(self) -> None:
        assert verdict(mark="auto-generated") == Verdict.DECLINED_PROVED

    def test_a_later_one_than_the_last(self) -> None:
        earlier = dataclasses.replace(ENTRY, answered_at=NOW - timedelta(hours=1))
        assert verdict(earlier) == Verdict.DECLINED_PROVED


class TestADeclineThatIsNot:
    @pytest.mark.parametrize(
        "values",
        [
            {"vouched_domain": None},
            {"vouched_domain": "evil.example"},
            {"vouched_domain": ""},
            {"sender": "mallory@example.net"},
            {"sender": "gwen@evil.example", "vouched_domain": "evil.example"},
            {"sender": "", "vouched_domain": ""},
            {"sequence": 1},
            {"sequence": 3},
            {"stamped_at": NOW + timedelta(days=2)},
        ],
    )
    def test_is_asked_about(self, values: dict[str, object]) -> None:
        assert verdict(**values) == Verdict.DECLINED_WEAK

    def test_and_so_is_another_time_that_a_calendar_proposes(self) -> None:
        assert verdict(method="COUNTER", partstat="TENTATIVE") == Verdict.COUNTER
        assert verdict(method="COUNTER", partstat="") == Verdict.COUNTER

    @pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
    def test_but_not_of_whom_an_automatic_mail_came_from(self, method: str) -> None:
        assert verdict(method=method, vouched_domain=None, mark="auto-generated") == Verdict.AUTOMATIC


class TestWhatChangesNothing:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"mark": "auto-replied"}, Verdict.AUTOMATIC),
            ({"mark": "bulk"}, Verdict.AUTOMATIC),
            ({"has_empty_envelope": True}, Verdict.AUTOMATIC),
            ({"partstat": "ACCEPTED", "vouched_domain": None}, Verdict.UNPROVED),
            ({"partstat": "TENTATIVE", "sender": "mallory@example.net"}, Verdict.UNPROVED),
            ({"partstat": "ACCEPTED", "sequence": 1}, Verdict.STALE),
            ({"uid": "2@pact.example.org"}, Verdict.UNKNOWN),
            ({"uid": ""}, Verdict.UNKNOWN),
            ({"attendee": "mallory@example.net"}, Verdict.UNKNOWN),
            ({"attendee": ""}, Verdict.UNKNOWN),
            ({"attendees": 2}, Verdict.MALFORMED),
            ({"attendees": 0}, Verdict.MALFORMED),
            ({"events": 2}, Verdict.MALFORMED),
            ({"stamped_at": None}, Verdict.MALFORMED),
            ({"partstat": "NEEDS-ACTION"}, Verdict.MALFORMED),
            ({"partstat": ""}, Verdict.MALFORMED),
            ({"method": "REQUEST"}, Verdict.MALFORMED),
            ({"method": ""}, Verdict.MALFORMED),
        ],
    )
    def test_in_the_answer(self, values: dict[str, object], expected: Verdict) -> None:
        assert verdict(**values) == expected

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"is_open": False}, Verdict.STALE),
            ({"answered_at": TRUE.stamped_at}, Verdict.REPEATED),
            ({"answered_at": NOW}, Verdict.REPEATED),
            ({"address": None}, Verdict.UNKNOWN),
            ({"address": ""}, Verdict.UNKNOWN),
        ],
    )
    def test_in_what_we_know(self, values: dict[str, object], expected: Verdict) -> None:
        assert verdict(dataclasses.replace(ENTRY, **values)) == expected  # type: ignore[arg-type]

    def test_without_a_booking(self) -> None:
        assert verdict(None) == Verdict.UNKNOWN


ADDRESSES = st.sampled_from(["gwen@example.net", "GWEN@Example.NET", "mallory@example.net", "gwen@evil.example", ""])
ANSWERS = st.builds(
    Answer,
    method=st.sampled_from(["REPLY", "COUNTER", "REQUEST", ""]),
    uid=st.sampled_from([TRUE.uid, "2@pact.example.org", ""]),
    attendee=ADDRESSES,
    partstat=st.sampled_from(["DECLINED", "ACCEPTED", "TENTATIVE", "X", ""]),
    sequence=st.sampled_from([None, 0, 1, 2, 3]),
    stamped_at=st.sampled_from([None, NOW - timedelta(hours=1), NOW, NOW + timedelta(days=400)]),
    events=st.sampled_from([1, 1, 0, 2]),
    attendees=st.sampled_from([1, 1, 0, 2]),
    sender=ADDRESSES,
    vouched_domain=st.sampled_from([None, "", "example.net", "Example.NET", "evil.example"]),
    mark=st.sampled_from(["", "auto-generated", "auto-replied", "list"]),
    has_empty_envelope=st.booleans(),
)
ENTRIES = st.builds(
    Entry,
    uid=st.just(TRUE.uid),
    address=st.sampled_from([None, "", "gwen@example.net", "Gwen@Example.net"]),
    sequence=st.sampled_from([0, 2]),
    answered_at=st.sampled_from([None, NOW - timedelta(minutes=30)]),
    is_open=st.booleans(),
)


@given(
    st.dictionaries(st.sampled_from([each.name for each in dataclasses.fields(Answer)]), st.just(None), max_size=4),
    ANSWERS,
    ENTRIES,
)
def test_nothing_forged_is_ever_proved(forged: dict[str, None], drawn: Answer, entry: Entry) -> None:
    """Any answer, and the true one with a few things changed: proved is what the list in the facts says, no more."""
    changed = {name: getattr(drawn, name) for name in forged}
    for answer, known in ((drawn, entry), (dataclasses.replace(TRUE, **changed), ENTRY)):
        if judge(answer, known, now=NOW) != Verdict.DECLINED_PROVED:
            continue
        assert (answer.method, answer.events, answer.attendees) == ("REPLY", 1, 1)
        assert answer.partstat.upper() == "DECLINED"
        assert answer.uid == known.uid
        assert answer.sender.lower() == answer.attendee.lower() == (known.address or "").lower() != ""
        assert (answer.vouched_domain or "").lower() == "example.net"
        assert (answer.sequence or 0) == known.sequence
        assert answer.stamped_at is not None
        assert known.answered_at is None or answer.stamped_at > known.answered_at
        assert answer.stamped_at <= NOW + timedelta(days=1)
        assert known.is_open
        assert not answer.has_empty_envelope
        assert answer.mark in ("", "auto-generated")


def test_a_place_is_kept_back_for_two_hours_and_not_at_all_on_the_last_day() -> None:
    assert release_at(NOW, starts_at=NOW + timedelta(hours=25)) == NOW + timedelta(hours=2)
    assert release_at(NOW, starts_at=NOW + timedelta(hours=24)) == NOW
