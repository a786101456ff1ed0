"""Whatever comes in by mail is read as far as it can be, and nothing in it stops us."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.formats.incoming import IncomingMail, read_mail
from booking.formats.incoming_text import without_quotes
from tests.mail.samples import BOUNCES, OURS, from_person, postfix

US = "mx.pact.example.org"
pytestmark = pytest.mark.real_clock


def read(raw: bytes) -> IncomingMail:
    return read_mail(raw, authserv_id=US)


class TestWhoItIsFrom:
    def test_addresses_and_ids_come_bare_and_in_small_letters(self) -> None:
        mail = read(from_person(sender="Gwen <Gwen@Example.NET>", In_Reply_To="<a@x>", References="<b@x> <a@x>"))
        assert mail.from_address == "gwen@example.net"
        assert mail.in_reply_to == ("a@x", "b@x")

    def test_every_header_that_names_our_mailbox_counts(self) -> None:
        mail = read(from_person(Delivered_To="bookings+b1.x@pact.example.org", X_Original_To="other@pact.example.org"))
        assert mail.to_addresses == (OURS, "bookings+b1.x@pact.example.org", "other@pact.example.org")

    def test_two_senders_are_nobody(self) -> None:
        raw = from_person().replace(b"From: Gwen <gwen@example.net>", b"From: a@x.org, b@y.org")
        assert read(raw).from_address == ""


class TestWhatProvesIt:
    def vouched(self, *results: str, sender: str = "Gwen <gwen@example.net>") -> str | None:
        heads = "".join(f"Authentication-Results: {result}\r\n" for result in results).encode()
        return read(heads + from_person(sender=sender)).passes_dmarc_for

    def test_our_own_server_says_it_passes(self) -> None:
        assert self.vouched(f"{US}; spf=pass smtp.mailfrom=x@y; dmarc=pass (p=none) header.from=Example.net") == (
            "example.net"
        )

    @pytest.mark.parametrize(
        "result",
        [
            f"{US}; dmarc=fail header.from=example.net",
            f"{US}; dmarc=pass header.from=example.org",
            f"{US}; dmarc=pass",
            f"{US}; dkim=pass header.d=example.net",
            f"{US}; dmarc=pass header.from=example.net; dmarc=fail header.from=example.net",
            f"{US}; (dmarc=pass header.from=example.net)",
            f"{US}.evil.example; dmarc=pass header.from=example.net",
            "mx.evil.example; dmarc=pass header.from=example.net",
            f"{US}; none",
            f"{US} broken (((",
            "",
        ],
    )
    def test_anything_else_proves_nothing(self, result: str) -> None:
        assert self.vouched(result) is None

    def test_only_the_topmost_of_our_own_counts(self) -> None:
        passed, failed = (f"{US}; dmarc={word} header.from=example.net" for word in ("pass", "fail"))
        assert self.vouched(failed, passed) is None
        assert self.vouched("mx.evil.example; dmarc=fail header.from=example.net", passed) == "example.net"

    def test_without_a_name_of_our_own_nobody_is_believed(self) -> None:
        raw = b"Authentication-Results: ; dmarc=pass header.from=example.net\r\n" + from_person()
        assert read_mail(raw, authserv_id="").passes_dmarc_for is None


class TestMachines:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; x=y"},
            {"Precedence": "bulk"},
            {"Precedence": "auto_reply"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<news.example.org>"},
        ],
    )
    def test_a_mark_in_the_headers_tells(self, headers: dict[str, str]) -> None:
        assert read(from_person(**headers)).auto_submitted

    @pytest.mark.parametrize("subject", ["Automatic reply: Your place", "Out of Office: back in May", "AUTO: away"])
    def test_so_do_the_subjects_of_programs_that_leave_no_mark(self, subject: str) -> None:
        assert read(from_person(subject=subject)).auto_submitted == "auto-replied"

    @pytest.mark.parametrize("subject", ["Re: your place", "Automatic doors?", "Autumn forum"])
    def test_people_are_people(self, subject: str) -> None:
        mail = read(from_person(subject=subject, Auto_Submitted="no"))
        assert (mail.auto_submitted, mail.has_empty_envelope) == ("", False)

    def test_an_empty_sender_is_seen(self) -> None:
        assert read(from_person(Return_Path="<>")).has_empty_envelope


class TestWords:
    def test_what_was_quoted_is_left_out(self) -> None:
        text = "Yes please.\n\nOn Tue, 16 Jun 2026 at 10:00, Kent PACT\n<bookings@x> wrote:\n> Hello\n> there\n"
        assert without_quotes(text) == "Yes please.\n\n[…]"

    def test_answers_between_the_quoted_lines_stay(self) -> None:
        assert without_quotes("> Will you come?\nYes, we will.\n> And Max?\nHe too.") == (
            "[…]\nYes, we will.\n[…]\nHe too."
        )

    @pytest.mark.parametrize(
        "ruler", ["-----Original Message-----", "From: Kent PACT\nSent: 16 June", "_" * 32, "*Od:* PACT\n*Data:* dziś"]
    )
    def test_outlook_quotes_without_marks(self, ruler: str) -> None:
        assert without_quotes(f"We cannot come.\n\n{ruler}\nTo: us\nHello") == "We cannot come.\n\n[…]"

    def test_a_mail_of_nothing_but_quotes_is_kept_whole(self) -> None:
        assert without_quotes("> Hello\n> there") == "> Hello\n> there"

    def test_a_page_alone_becomes_text(self) -> None:
        raw = from_person().replace(b'text/plain; charset="utf-8"', b"text/html; charset=utf-8")
        page = b"<style>p{}</style><p>Caf&eacute; at 10?</p><blockquote><p>You wrote</p></blockquote>"
        raw = raw.partition(b"\n\n")[0] + b"\n\n" + page
        assert read(raw).text == "Café at 10?\n\n[…]"

    def test_a_charset_nobody_knows_is_read_as_well_as_can_be(self) -> None:
        raw = from_person("Caf\u00e9").replace(b'charset="utf-8"', b'charset="klingon"')
        assert "Caf" in read(raw).text

    def test_a_mail_inside_the_mail_stays_closed(self) -> None:
        inner = "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nEND:VCALENDAR"
        raw = (
            b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nLook.\n--x\n"
            b"Content-Type: message/rfc822\n\n" + inner.encode() + b"\n--x--\n"
        )
        mail = read(raw)
        assert (mail.text, mail.calendar) == ("Look.", None)


def reply(*lines: str, method: str = "REPLY", said: str = "REPLY") -> bytes:
    """A calendar's answer in the form that Google and Thunderbird send."""
    body = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", *lines, "END:VCALENDAR", ""])
    return (
        f"From: Gwen <gwen@example.net>\nTo: {OURS}\nMessage-ID: <r@x>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n"
        "Content-Type: text/plain\n\nGwen has declined this invitation.\n--i\n"
        f"Content-Type: text/calendar; charset=UTF-8; method={said}\n\n{body}\n--i--\n--o--\n"
    ).encode()


EVENT = (
    "BEGIN:VEVENT",
    "UID:1@pact",
    "DTSTAMP:20260616T090000Z",
    "SEQUENCE:2",
    "DTSTART:20260630T090000Z",
    "ATTENDEE;PARTSTAT=DECLINED;CN=Gwen:MAILTO:Gwen@Example.net",
    "COMMENT:Sorry\\, she is ill.",
    "END:VEVENT",
)


class TestCalendars:
    def test_an_answer_is_read(self) -> None:
        found = read(reply(*EVENT)).calendar
        assert found is not None
        assert (found.method, found.uid, found.attendee, found.partstat) == (
            "REPLY",
            "1@pact",
            "gwen@example.net",
            "DECLINED",
        )
        assert (found.sequence, found.dtstamp) == (2, datetime(2026, 6, 16, 9, tzinfo=UTC))
        assert (found.comment, found.events_count, found.attendees_count) == ("Sorry, she is ill.", 1, 1)

    def test_two_of_anything_are_counted(self) -> None:
        event = [*EVENT[:-1], "ATTENDEE:mailto:b@x.org", EVENT[-1]]
        found = read(reply(*event, *EVENT)).calendar
        assert found is not None
        assert (found.events_count, found.attendees_count) == (2, 2)

    def test_methods_that_disagree_are_none(self) -> None:
        found = read(reply(*EVENT, said="REQUEST")).calendar
        assert found is not None
        assert found.method == ""

    @pytest.mark.parametrize("lines", [(), ("BEGIN:VEVENT",), ("BEGIN:VEVENT", "DTSTAMP:soon", "END:VEVENT")])
    def test_what_is_broken_is_no_answer_or_an_empty_one(self, lines: tuple[str, ...]) -> None:
        mail = read(reply(*lines))
        assert mail.is_readable
        assert mail.calendar is None or (mail.calendar.uid, mail.calendar.dtstamp) == ("", None)


class TestBounces:
    @pytest.mark.parametrize("shape", BOUNCES)
    def test_every_shape_is_read(self, shape: str) -> None:
        bounce = read(BOUNCES[shape]("bookings+m1.x@pact.example.org", "abc@pact.example.org")).bounce
        assert bounce is not None
        assert bounce.is_final
        assert bounce.status in ("5.1.1", "5.1.10")
        assert bounce.recipient.startswith("gwen@")
        assert bounce.original_message_id == "abc@pact.example.org"

    def test_late_is_not_lost(self) -> None:
        bounce = read(postfix(OURS, status="4.4.1", action="delayed")).bounce
        assert bounce is not None
        assert (bounce.is_final, bounce.status) == (False, "4.4.1")

    def test_given_up_after_days_is_lost(self) -> None:
        bounce = read(postfix(OURS, status="4.4.1", action="failed")).bounce
        assert bounce is not None
        assert bounce.is_final

    @pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
    def test_good_news_is_no_bounce(self, action: str) -> None:
        assert read(postfix(OURS, status="2.0.0", action=action)).bounce is None

    def test_a_person_who_names_a_code_is_no_bounce(self) -> None:
        assert read(from_person("My provider said: error 550 5.1.1, what is that?")).bounce is None

    def test_a_read_receipt_is_no_bounce(self) -> None:
        raw = postfix(OURS).replace(b"report-type=delivery-status", b"report-type=disposition-notification")
        raw = raw.replace(b"message/delivery-status", b"message/disposition-notification")
        assert read(raw).bounce is None


WELL_FORMED = [reply(*EVENT), from_person(), *[make(OURS, "a@b") for make in BOUNCES.values()]]


class TestHostile:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00" * 1000,
            b"\xff\xfe\xfa" * 1000,
            b"From: \xff\xfe <\xe9@x>\nSubject: =?utf-8?q?=FF=FE?= =?x?b?!!!?=\n\nhi",
            b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n",
            b"Content-Type: multipart/mixed\n\nno boundary",
            b"From: " + b"a," * 20_000 + b"\n\n",
            b'From: <<<>>>@@@,,;;"\n\n',
            b"Message-ID: <\n\n",
            b"Date: [\nTo: [\nContent-Disposition: ;;;\nContent-Type: ;;;=\n\n",
            b"Content-Transfer-Encoding: base64\n\n!!!!",
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
            b"Content-Type: message/rfc822\n\n" * 2000,
            b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 20_000,
            b"Subject: x\n\n" + b"A" * 6_000_000,
            b"Content-Type: text/html\n\n" + b"<blockquote><!--" * 30_000,
            b"Content-Type: text/plain\n\n" + b"On x\n" * 30_000,
        ],
    )
    def test_it_is_survived(self, raw: bytes) -> None:
        mail = read(raw)
        assert len(mail.text) <= 8000
        assert len(mail.subject) <= 300

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from([reply(*EVENT), from_person(), *[make(OURS, "a@b") for make in BOUNCES.values()]]), st.data()
    )
    def test_so_is_any_mail_with_pieces_put_in_or_taken_out(self, raw: bytes, data: st.DataObject) -> None:
        for _change in range(3):
            start = data.draw(st.integers(0, len(raw)))
            raw = raw[:start] + data.draw(st.binary(max_size=12)) + raw[start + data.draw(st.integers(0, 40)) :]
        assert isinstance(read(raw), IncomingMail)

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400))
    def test_so_are_any_bytes(self, raw: bytes) -> None:
        assert isinstance(read(raw), IncomingMail)
