"""A stand-in for GOV.UK Notify: its HTTP interface for texts on loopback, told what to answer next.

Written from its published interface: `POST /v2/notifications/sms`, JSON Web Tokens signed with the key's secret.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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
    """The texts it took, what it was sent, and what it answers next: a status, or one of the words above."""

    texts: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: deque[int | str] = field(default_factory=deque)
    url: str = ""
    awake: threading.Event = field(default_factory=threading.Event)

    @property
    def said(self) -> list[str]:
        return [text["personalisation"]["message"] for text in self.texts]


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
            number = str(uuid.uuid4())
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
