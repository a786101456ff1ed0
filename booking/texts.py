"""Talk to GOV.UK Notify, which sends our texts: one try a call, a time-out, and what its answers mean."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, current_app

from booking.models import Booking
from booking.rules.receipts import notify_id
from booking.rules.texts import mobile_number
from booking.smtp import is_loopback

if TYPE_CHECKING:
    from config import Config

SECONDS = 10
NOT_NOW = (401, 403, 408, 425, 429)
"""Answers below 500 that are about the key, the clock or the moment, and not about this text."""


class TextRefused(Exception):
    """GOV.UK Notify answered that it did not take the text: for good, or for now."""

    def __init__(self, code: int) -> None:
        super().__init__(f"GOV.UK Notify answered {code}")
        self.code = code

    @property
    def is_final(self) -> bool:
        return 400 <= self.code < 500 and self.code not in NOT_NOW

    @property
    def is_about_us(self) -> bool:
        """Whether the next text would get the same answer: it does not know our key, or asks us to slow down."""
        return self.code in NOT_NOW


class NotReached(Exception):
    """GOV.UK Notify could not be reached: nothing has left."""


class TextLost(Exception):
    """The line broke after the text had begun its way: nobody knows whether it was taken."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What GOV.UK Notify knows of a text: its id there, and one word for what became of it."""

    carrier_id: str | None
    word: str


class TextLine:
    """A line to GOV.UK Notify with our key and our template, whose whole text is `((message))`."""

    def __init__(self, config: Config) -> None:
        self._template_id = config.sms_template_id
        self._client = _client(config)

    def send(self, text: str, *, to: str, reference: str) -> str | None:
        """Send one text and return its id there. Raise TextRefused, NotReached or TextLost; it is never tried twice."""
        from notifications_python_client.errors import APIError  # noqa: PLC0415

        try:
            taken = self._client.send_sms_notification(
                phone_number=to,
                template_id=self._template_id,
                personalisation={"message": text},
                reference=reference,
            )
        except APIError as error:
            # Its words may hold what we sent: only the code is kept.
            raise _what_happened(error) from None
        return notify_id(taken.get("id")) if isinstance(taken, dict) else None

    def ask(self, reference: str, *, carrier_id: str | None) -> Answer | None:
        """Return what became of a text, None if it is not known there. Raise what `send` raises."""
        from notifications_python_client.errors import APIError  # noqa: PLC0415

        try:
            if carrier_id:
                return _answer(self._client.get_notification_by_id(carrier_id))
            found = self._client.get_all_notifications(reference=reference)
        except APIError as error:
            raise _what_happened(error) from None
        texts = found.get("notifications") if isinstance(found, dict) else None
        return _answer(texts[0]) if isinstance(texts, list) and texts else None

    def hang_up(self) -> None:
        """Close the line."""
        self._client.request_session.close()


def are_on() -> bool:
    """Return whether this installation sends texts."""
    return _config().sms_is_on


def reaches(booking: Booking) -> bool:
    """Return whether we may send texts about this booking, and can."""
    return are_on() and booking.may_text and mobile_number(booking.phone) is not None


def texts_stay_here(app: Flask) -> bool:
    """Return whether texts go to this computer alone: a stand-in of GOV.UK Notify."""
    return is_loopback(urlsplit(app.extensions["config"].sms_base_url).hostname or "")


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config


def _answer(told: Any) -> Answer | None:
    word = told.get("status") if isinstance(told, dict) else None
    return Answer(carrier_id=notify_id(told["id"]), word=word) if isinstance(word, str) and "id" in told else None


def _client(config: Config) -> Any:
    """Build the client when the first text leaves: loading it takes longer than a whole page."""
    from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415

    logging.getLogger("notifications_python_client").setLevel(logging.ERROR)  # it would log answers word by word
    build: Any = NotificationsAPIClient  # the library carries only half of its types
    return build(config.sms_api_key, base_url=config.sms_base_url, timeout=SECONDS)


def _what_happened(error: Any) -> Exception:
    """Tell a refusal from a line that broke. An answer that cannot be read may still mean that it was taken."""
    if error.response is not None:
        code = int(error.response.status_code)
        return TextRefused(code) if code >= 300 else TextLost()
    return NotReached() if _never_connected(error.__cause__) else TextLost()


def _never_connected(cause: BaseException | None) -> bool:
    from requests.exceptions import ConnectionError, ConnectTimeout  # noqa: PLC0415
    from urllib3.exceptions import MaxRetryError, NewConnectionError  # noqa: PLC0415
    from urllib3.exceptions import SSLError as BadCertificate  # noqa: PLC0415

    if isinstance(cause, ConnectTimeout):
        return True
    reason = cause.args[0] if isinstance(cause, ConnectionError) and cause.args else None
    if not isinstance(reason, MaxRetryError):
        return False
    return isinstance(reason.reason, NewConnectionError | BadCertificate)
