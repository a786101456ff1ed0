"""A mailbox for one computer: an SMTP server that keeps every message, and a page that shows them. Loopback only.

`make run` starts it unless MAIL_SERVER names a real one: python scripts/local_mailbox.py --smtp-port 8025 --port 8001
"""

from __future__ import annotations

import argparse
import re
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from mailbox_pages import SANDBOX, STYLE, letter_page, list_page, missing_page
from mailbox_store import Store

LOOPBACK = "127.0.0.1"
LISTED = 200
FOLDER = Path(__file__).resolve().parent.parent / "instance" / "mailbox"
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
FRAME_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; sandbox {SANDBOX}"
_LETTER = re.compile(r"/messages/(?P<id>[0-9TZ-]+)(?:/(?P<rest>message\.eml|invite\.ics|html/(?P<part>[0-9]{1,4})))?")

Answer = tuple[int, str, bytes, dict[str, str]]


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="A local mailbox that keeps and shows every message.")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="of the page")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    store = Store(asked.folder)
    post_office = smtp_server(store, asked.smtp_port)
    post_office.start()
    pages = page_server(store, asked.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=pages.shutdown).start())
    pages.serve_forever()
    pages.server_close()
    post_office.stop()


def smtp_server(store: Store, port: int) -> Controller:
    """Return an SMTP server, not yet started, that puts what it receives into the store."""
    return Controller(_Keep(store), hostname=LOOPBACK, port=port, ident="local mailbox")


def page_server(store: Store, port: int) -> ThreadingHTTPServer:
    """Return a web server, already listening, for the store's pages. Port 0 takes any free one."""
    server = _PageServer((LOOPBACK, port), _Pages)
    server.store = store
    return server


def answer(store: Store, path: str) -> Answer:
    """Return status, type, content and further headers for a path. Reading changes nothing."""
    if path == "/":
        letters = [letter for one in store.ids()[:LISTED] if (letter := store.letter(one))]
        return _page(200, list_page(letters))
    if path == "/style.css":
        return 200, "text/css; charset=utf-8", STYLE.encode(), {}
    found = _LETTER.fullmatch(path)
    letter = store.letter(found["id"]) if found else None
    if found is None or letter is None:
        return _page(404, missing_page())
    if found["rest"] is None:
        return _page(200, letter_page(letter))
    if found["part"]:
        return _html_part(store, letter.id, int(found["part"]))
    if found["rest"] == "message.eml":
        return _download(store.raw(letter.id) or b"", "message/rfc822", f"{letter.id}.eml")
    calendar = letter.first("text/calendar")
    if calendar is None:
        return _page(404, missing_page())
    return _download(calendar.content, "text/calendar; charset=utf-8", f"{letter.id}.ics")


class _Keep:
    """What the SMTP server does with a message."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.original_content or b""
        self._store.add(content, sender=str(envelope.mail_from or ""), recipients=[str(to) for to in envelope.rcpt_tos])
        return "250 Kept"


class _PageServer(ThreadingHTTPServer):
    daemon_threads = True
    store: Store


class _Pages(BaseHTTPRequestHandler):
    server: _PageServer
    server_version = "local-mailbox"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        if not self._is_for_this_computer():
            self._send((421, "text/plain; charset=utf-8", b"This mailbox answers on this computer only.\n", {}))
            return
        self._send(answer(self.server.store, self.path.partition("?")[0]))

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses of messages do not belong in a log."""

    def _is_for_this_computer(self) -> bool:
        """Refuse other host names, so that no web page elsewhere can read these messages under a name of its own."""
        host = re.sub(r":[0-9]+$", "", self.headers.get("Host", ""))
        return host in (LOOPBACK, "localhost")

    def _send(self, reply: Answer) -> None:
        status, kind, content, headers = reply
        common = {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Content-Security-Policy": PAGE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        self.send_response(status)
        for name, value in (common | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _page(status: int, html: str) -> Answer:
    return status, "text/html; charset=utf-8", html.encode(), {}


def _html_part(store: Store, message_id: str, number: int) -> Answer:
    letter = store.letter(message_id)
    parts = letter.parts if letter else ()
    if not 1 <= number <= len(parts) or parts[number - 1].kind != "text/html":
        return _page(404, missing_page())
    content = parts[number - 1].text.encode()
    return 200, "text/html; charset=utf-8", content, {"Content-Security-Policy": FRAME_POLICY}


def _download(content: bytes, kind: str, name: str) -> Answer:
    return 200, kind, content, {"Content-Disposition": f'attachment; filename="{name}"'}


if __name__ == "__main__":
    main()
