"""A stand-in for GOV.UK Notify: its HTTP interface for texts on loopback, told what to answer next.

Written from its published interface: `POST /v2/notifications/sms`, `GET /v2/notifications/<id>`, the list by
reference, JSON Web Tokens signed with the key's secret, and receipts that it posts to an address of ours.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"tests-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
HANG = "say nothing"
DROP = "close the line without an answer"
KEEP_AND_DROP = "take the text, then close the line"
GARBLED = "take the text, then answer something else than JSON"


@dataclass
class Notify:
    """The texts it took, what it was sent, and what it answers next: a status, or one of the words above.

    `became` says by reference what became of a text; one that it does not name is on its way. `asked_for` are the
    addresses that were asked.
    """

    texts: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    became: dict[str, str] = field(default_factory=dict)
    answers: deque[int | str] = field(default_factory=deque)
    url: str = ""
    awake: threading.Event = field(default_factory=threading.Event)

    @property
    def said(self) -> list[str]:
        return [text["personalisation"]["message"] for text in self.texts]

    def of(self, text: dict[str, Any]) -> dict[str, Any]:
        """Return what it tells about a text that it took."""
        return {
            "id": text["id"],
            "reference": text["reference"],
            "phone_number": text["phone_number"],
            "type": "sms",
            "status": self.became.get(text["reference"], "sending"),
        }

    def call_back(self, text: dict[str, Any], address: str, *, token: str) -> int:
        """Post the receipt of a text to an address, as it does by itself, and return the answer's status."""
        told = self.of(text)
        receipt = {
            "id": told["id"],
            "reference": told["reference"],
            "to": told["phone_number"],
            "status": told["status"],
            "created_at": "2026-06-16T09:00:00.000000Z",
            "completed_at": "2026-06-16T09:00:05.000000Z",
            "sent_at": "2026-06-16T09:00:01.000000Z",
            "notification_type": "sms",
            "template_id": TEMPLATE,
            "template_version": 1,
        }
        call = urllib.request.Request(
            address,
            data=json.dumps(receipt).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        try:
            with urllib.request.urlopen(call, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code


@contextmanager
def answering(notify: Notify) -> Iterator[Notify]:
    """Let it answer on a free port of this computer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(notify))
    server.daemon_threads = True
    notify.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield notify
    finally:
        notify.awake.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(notify: Notify) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            notify.asked.append({"path": self.path, "body": body, "authorization": self.headers["Authorization"]})
            if problem := self._token_problem():
                self._answer(403, {"errors": [{"error": "AuthError", "message": problem}], "status_code": 403})
                return
            answer = notify.answers.popleft() if notify.answers else 201
            if answer == HANG:
                notify.awake.wait(30)
                return
            if answer in (KEEP_AND_DROP, GARBLED, 201):
                body["id"] = str(uuid.uuid4())
                notify.texts.append(body)
            if answer in (DROP, KEEP_AND_DROP):
                self.close_connection = True
            elif answer == GARBLED:
                self._send(201, b"<html>")
            elif answer == 201:
                self._answer(201, self._taken(body))
            else:
                words = f"it is said about {body['phone_number']}"
                self._answer(int(answer), {"errors": [{"error": "E", "message": words}], "status_code": answer})

        def do_GET(self) -> None:
            notify.asked_for.append(self.path)
            if problem := self._token_problem():
                self._answer(403, {"errors": [{"error": "AuthError", "message": problem}], "status_code": 403})
                return
            answer = notify.answers.popleft() if notify.answers else 200
            if answer == DROP:
                self.close_connection = True
            elif answer != 200:
                self._answer(int(answer), {"errors": [{"error": "E", "message": "no"}], "status_code": answer})
            else:
                self._tell()

        def _tell(self) -> None:
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if path == "/v2/notifications":
                found = [notify.of(text) for text in notify.texts if text["reference"] in query["reference"]]
                self._answer(200, {"notifications": found, "links": {"current": self.path}})
                return
            one = [notify.of(text) for text in notify.texts if path == f"/v2/notifications/{text['id']}"]
            missing = {"errors": [{"error": "NoResultFound", "message": "No result found"}], "status_code": 404}
            self._answer(200 if one else 404, one[0] if one else missing)

        def _token_problem(self) -> str:
            scheme, _space, token = self.headers["Authorization"].partition(" ")
            try:
                claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
            except jwt.PyJWTError:
                return "Invalid token: signature, api token not found"
            if scheme != "Bearer" or claims["iss"] != SERVICE:
                return "Invalid token: service not found"
            return ""

        def _taken(self, body: dict[str, Any]) -> dict[str, Any]:
            number = body["id"]
            return {
                "id": number,
                "reference": body.get("reference"),
                "content": {"body": body["personalisation"]["message"], "from_number": "GOVUK"},
                "uri": f"{notify.url}/v2/notifications/{number}",
                "template": {"id": body["template_id"], "version": 1, "uri": ""},
            }

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            self._send(status, json.dumps(body).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing on the screen."""

    return Handler
