"""Keep out of logs what opens a family's page or says where somebody lives: link tokens and what was searched for."""

from __future__ import annotations

import logging
import re

from flask import Flask

TOKEN = re.compile(r"\b[A-Za-z2-7]{26}\b")
"""A token of ours as `cipher.derive_token` writes it, also at the end of a staff invitation."""
QUESTION = re.compile(r"\?[^\s\"'<>]+")
"""All that follows the question mark of an address."""
LOGGERS = ("gunicorn.access", "gunicorn.error", "werkzeug", "py.warnings")


def init_app(app: Flask) -> None:
    """Mask what the app and the web server log, whoever turns which log on."""
    mask = Mask()
    for logger in (app.logger, *map(logging.getLogger, LOGGERS)):
        if not any(isinstance(each, Mask) for each in logger.filters):
            logger.addFilter(mask)


class Mask(logging.Filter):
    """Rewrites records; none is held back."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message, and the text of the exception with it."""
        record.msg, record.args = masked(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        return True


def masked(text: str) -> str:
    """Return text without tokens and without what was asked in addresses."""
    return QUESTION.sub("?…", TOKEN.sub("…", text))
