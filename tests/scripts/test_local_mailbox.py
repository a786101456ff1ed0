"""The local mailbox keeps what it receives byte for byte, and shows it without being fooled by it."""

from __future__ import annotations

import http.client
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from local_mailbox import page_server, smtp_server
from mailbox_store import Store
from processes import free_port

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n"
    "SUMMARY:Forum in Ashford, with a line that is folded because it is longer tha\r\n n most\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
HOSTILE = [
    pytest.param(b"", id="nothing at all"),
    pytest.param(b"\x00\xff\xfe\x80 no header here", id="bytes that are no text"),
    pytest.param(
        b"Subject: =?x-none?b?////?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\nhi", id="unknown charset"
    ),
    pytest.param(b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=a=", id="broken base64"),
    pytest.param(b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhalf", id="multipart without a boundary"),
    pytest.param(b"Subject: " + b"a" * 5000 + b"\r\n\r\n", id="a very long header"),
    pytest.param(b'To: <@@@>,,;\r\nFrom: "\r\nDate: never\r\nMessage-ID: <<\r\n\r\nx', id="headers that mean nothing"),
    pytest.param(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 400, id="parts in parts in parts"),
    pytest.param(
        b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="../../\r\n\t\x01x"\r\n\r\nx',
        id="odd name",
    ),
]


class Page(HTMLParser):
    """What a test looks at in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mailbox")


@pytest.fixture
def mail_port(store: Store) -> Iterator[int]:
    server = smtp_server(store, free_port(20025))
    server.start()
    yield server.port
    server.stop()


@pytest.fixture
def page_port(store: Store) -> Iterator[int]:
    server = page_server(store, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def get(
    port: int, path: str, *, method: str = "GET", host: str = "127.0.0.1"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": host})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def invitation(subject: str = "Your place in Ashford") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "bookings@example.org"
    message["To"] = "parent@example.org"
    message.set_content("Change it here: https://example.org/bookings/abc?a=1&b=2.\n")
    message.add_alternative("<p>Hello <b>there</b></p><script>alert(1)</script>", subtype="html")
    message.add_alternative(CALENDAR.encode(), maintype="text", subtype="calendar", params={"method": "REQUEST"})
    return message


class TestReceiving:
    def test_keeps_the_bytes_and_the_envelope(self, store: Store, mail_port: int) -> None:
        sent = b"Subject: caf\xc3\xa9\r\n\r\n..dot at the start\r\nlast line without an end\r\n"
        with smtplib.SMTP("127.0.0.1", mail_port) as server:
            server.sendmail("from@example.org", ["one@example.org", "hidden@example.org"], sent)
        (message_id,) = store.ids()
        assert store.raw(message_id) == sent
        letter = store.letter(message_id)
        assert letter is not None
        assert letter.envelope.sender == "from@example.org"
        assert letter.envelope.recipients == ("one@example.org", "hidden@example.org")

    def test_keeps_messages_that_come_at_once(self, store: Store, mail_port: int) -> None:
        def send(number: int) -> None:
            with smtplib.SMTP("127.0.0.1", mail_port) as server:
                server.sendmail("a@example.org", ["b@example.org"], f"Subject: {number}\r\n\r\n".encode())

        threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        letters = [store.letter(message_id) for message_id in store.ids()]
        assert {letter.subject for letter in letters if letter} == {str(number) for number in range(20)}


class TestPages:
    def test_lists_the_newest_first(self, store: Store, page_port: int) -> None:
        for subject in ("First", "Second"):
            store.add(invitation(subject).as_bytes(), sender="a@example.org", recipients=["b@example.org"])
        response, content = get(page_port, "/")
        page = Page(content.decode())
        assert response.status == 200
        assert page.text.index("Second") < page.text.index("First")
        assert "REQUEST" in page.text
        assert page.tags.count("h1") == 1
        assert {"caption", "th"} <= set(page.tags)
        assert ("lang", "en-GB") in page.attributes

    def test_says_when_there_is_nothing(self, page_port: int) -> None:
        assert "No message has been sent yet" in get(page_port, "/")[1].decode()

    def test_shows_every_part(self, store: Store, page_port: int) -> None:
        message_id = store.add(invitation().as_bytes(), sender="a@example.org", recipients=["b@example.org"])
        page = Page(get(page_port, f"/messages/{message_id}")[1].decode())
        assert page.tags.count("h1") == 1
        assert "text/calendar, method REQUEST" in page.text
        assert "longer than most" in page.text
        assert ("href", "https://example.org/bookings/abc?a=1&b=2") in page.attributes
        assert "script" not in page.tags
        assert "<script>alert(1)</script>" in page.text

    def test_seals_a_messages_own_html(self, store: Store, page_port: int) -> None:
        message_id = store.add(invitation().as_bytes(), sender="a@example.org", recipients=["b@example.org"])
        response, content = get(page_port, f"/messages/{message_id}/html/2")
        policy = response.headers["Content-Security-Policy"]
        assert b"<script>" in content
        assert policy.startswith("default-src 'none'")
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy

    def test_hands_out_the_message_and_the_calendar_as_they_came(self, store: Store, page_port: int) -> None:
        sent = invitation().as_bytes()
        message_id = store.add(sent, sender="a@example.org", recipients=["b@example.org"])
        assert get(page_port, f"/messages/{message_id}/message.eml")[1] == sent
        response, content = get(page_port, f"/messages/{message_id}/invite.ics")
        assert content == CALENDAR.encode()
        assert response.headers["Content-Disposition"].startswith("attachment")

    def test_answers_head_without_content(self, page_port: int) -> None:
        response, content = get(page_port, "/", method="HEAD")
        assert response.status == 200
        assert content == b""


class TestHostileContent:
    @pytest.mark.parametrize("content", HOSTILE)
    def test_a_spoiled_message_still_has_its_page(self, store: Store, page_port: int, content: bytes) -> None:
        message_id = store.add(content, sender="<b>", recipients=["<i>"])
        for path in ("/", f"/messages/{message_id}"):
            response, shown = get(page_port, path)
            page = Page(shown.decode())
            assert response.status == 200
            assert page.tags.count("h1") == 1
            assert not {"b", "i"} & set(page.tags)
        assert get(page_port, f"/messages/{message_id}/message.eml")[1] == content

    def test_escapes_what_headers_say(self, store: Store, page_port: int) -> None:
        content = b"Subject: <img src=x onerror=alert(1)>\r\nX-<b>: </td><script>\r\n\r\n</pre><script>\r\n"
        message_id = store.add(content, sender="a@example.org", recipients=["b@example.org"])
        for path in ("/", f"/messages/{message_id}"):
            assert not {"img", "script"} & set(Page(get(page_port, path)[1].decode()).tags)

    @pytest.mark.parametrize(
        "path",
        [
            "/messages/../../etc/passwd",
            "/messages/..%2f..%2fetc%2fpasswd/message.eml",
            "/messages/20260101T000000000000Z-0001",
            "/messages/20260101T000000000000Z-0001/html/1",
            "/nowhere",
            "/[",
        ],
    )
    def test_an_address_that_leads_nowhere_is_a_calm_page(self, page_port: int, path: str) -> None:
        response, content = get(page_port, path)
        assert response.status == 404
        assert "There is no such message" in content.decode()

    def test_a_part_that_is_no_html_is_not_served_as_html(self, store: Store, page_port: int) -> None:
        message_id = store.add(invitation().as_bytes(), sender="a@example.org", recipients=["b@example.org"])
        for number in ("0", "1", "3", "99"):
            assert get(page_port, f"/messages/{message_id}/html/{number}")[0].status == 404

    def test_another_host_name_gets_nothing(self, store: Store, page_port: int) -> None:
        store.add(invitation().as_bytes(), sender="a@example.org", recipients=["b@example.org"])
        response, content = get(page_port, "/", host="elsewhere.example")
        assert response.status == 421
        assert b"Ashford" not in content
