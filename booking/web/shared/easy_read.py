"""Easy Read: one idea a line, with a picture beside it. In other languages the same calls print plain paragraphs."""

from __future__ import annotations

import re

from flask import Flask, current_app, render_template
from markupsafe import Markup, escape

from booking.extensions import current_lang
from booking.rules.languages import EASY

END_OF_IDEA = re.compile(r"(?<=[.!?:])\s+|\n+")
PICTURE_OF = {
    "step_free": "ramp",
    "blue_badge": "parking",
    "park_near": "parking",
    "acc_toilet": "toilet",
    "changing_places": "toilet",
    "quiet_space": "quiet",
    "bsl": "hands",
    "sse": "hands",
    "loop": "ear",
    "large_print": "large_text",
    "easy_read": "text",
    "know_ahead": "calendar",
    "bring_baby": "baby",
    "supporter": "supporter",
    "spoken_lang": "speech",
    "talk_to_me": "phone",
    "email": "envelope",
    "phone": "phone",
    "ring_me": "phone",
    "yes": "tick",
    "no": "cross",
    "adults": "people",
    "children": "child",
    "full_name": "person",
    "outcode": "place",
    "place": "place",
    "district": "map",
    "kind": "list",
    "topic": "talk",
    "time": "clock",
    "when": "calendar",
    "month": "calendar",
    "question": "talk",
    "need_detail": "write",
    "contact": "envelope",
    "who": "people",
    "needs": "tick",
    "questions": "talk",
}
"""The picture of a choice or of a field, by its code."""


def init_app(app: Flask) -> None:
    """Give the templates `is_easy`, `picture`, `picture_of`, `say` and `idea`."""
    app.extensions["pictures"] = {}
    app.jinja_env.globals.update(is_easy=is_easy, picture=picture, picture_of=picture_of, say=say, idea=idea)


def is_easy() -> bool:
    """Tell whether the page is in Easy Read."""
    return current_lang() == EASY


def picture(name: str) -> Markup:
    """Return a drawing of `templates/pictures/` in Easy Read, and nothing in other languages."""
    if not is_easy():
        return Markup()
    drawn: dict[str, Markup] = current_app.extensions["pictures"]
    if name not in drawn:
        drawn[name] = Markup(render_template(f"pictures/{name}.svg"))  # noqa: S704 (a drawing of ours)
    return drawn[name]


def picture_of(code: str) -> Markup:
    """Return the picture of a choice, if it has one."""
    return picture(PICTURE_OF[code]) if code in PICTURE_OF else Markup()


def say(name: str, *texts: str, classes: str = "govuk-body") -> Markup:
    """Return a paragraph of what is said; in Easy Read each idea has a line of its own, beside the picture."""
    if not is_easy():
        return Markup('<p class="{}">{}</p>').format(classes, Markup(" ").join(map(escape, texts)))
    body = Markup("").join(map(lines, texts))
    return Markup('<div class="house-idea">{}<p class="{}">{}</p></div>').format(picture(name), classes, body)


def idea(name: str, text: str) -> Markup:
    """Return what stands in a list; in Easy Read beside its picture."""
    if not is_easy():
        return escape(text)
    return Markup('<span class="house-idea">{}<span>{}</span></span>').format(picture(name), lines(text))


def lines(text: str) -> Markup:
    """Return a text with a line for each idea. What holds a link stays whole."""
    kind = type(text)  # what gettext says in a template is Markup already
    ideas = [text] if "<" in text else [kind(each) for each in END_OF_IDEA.split(text) if each]
    return Markup(" ").join(Markup('<span class="house-line">{}</span>').format(each) for each in ideas)
