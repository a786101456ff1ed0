"""Every message with made-up people, so that staff know what families are told before they are."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.extensions import LANGUAGES
from booking.rules.languages import DEFAULT, PageLanguage
from booking.rules.texts import LONGEST, length
from booking.rules.words import MessageKind
from booking.services.write_sample import Sample, write_sample
from booking.web.staff.blueprint import staff

LOCKED = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The page of a mail has its style in itself; here it may do nothing else, just as in a mail program."""


@staff.get("/messages/samples")
def message_samples() -> ResponseReturnValue:
    """List every kind of message."""
    return render_template("staff/message_samples.html", kinds=list(MessageKind))


@staff.get("/messages/samples/<kind>")
def message_sample(kind: str) -> ResponseReturnValue:
    """Show one message: its subject, its words, its calendar part and its text to a phone."""
    lang = _asked_language()
    sample = _sample(kind, lang)
    return render_template(
        "staff/message_sample.html",
        kind=_known(kind),
        sample=sample,
        letters=length(sample.texted),
        lang=lang,
        languages=LANGUAGES.values(),
        longest=LONGEST,
    )


@staff.get("/messages/samples/<kind>/page")
def message_sample_page(kind: str) -> ResponseReturnValue:
    """Show the page of a mail alone, as a mail program does."""
    answer = Response(_sample(kind, _asked_language()).html or abort(404), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LOCKED
    return answer


def _known(kind: str) -> MessageKind:
    if kind not in set(MessageKind):
        abort(404)
    return MessageKind(kind)


def _asked_language() -> PageLanguage:
    return LANGUAGES.get(request.args.get("lang", DEFAULT)) or abort(404)


def _sample(kind: str, lang: PageLanguage) -> Sample:
    return write_sample(_known(kind), lang.code)
