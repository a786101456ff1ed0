"""Public sessions as an Atom feed (RFC 4287), for programs that show news."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from booking.formats import words_for
from booking.models import Event

NAMESPACE = "http://www.w3.org/2005/Atom"
NEVER = "2019-09-01T00:00:00+00:00"
"""When an empty feed was last changed: the month the forum began."""


def atom_feed(events: Sequence[Event], *, title: str, author: str, public_url: str) -> bytes:
    """Return the feed; an entry is updated when its session was."""
    feed = Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    address = f"{public_url}/feed.atom"
    _add(feed, "id", address)
    _add(feed, "title", title)
    _add(feed, "updated", max((event.changed_at.isoformat(timespec="seconds") for event in events), default=NEVER))
    SubElement(feed, "link", {"rel": "self", "href": address})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{public_url}/sessions"})
    _add(SubElement(feed, "author"), "name", author)
    for event in events:
        _entry(feed, event, f"{public_url}/sessions/{event.slug}")
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(feed: Element, event: Event, link: str) -> None:
    entry = SubElement(feed, "entry")
    _add(entry, "id", link)
    _add(entry, "title", event.title)
    _add(entry, "updated", event.changed_at.isoformat(timespec="seconds"))
    _add(entry, "published", (event.first_published_at or event.created_at).isoformat(timespec="seconds"))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
    SubElement(entry, "category", {"term": event.kind.value, "label": words_for.wording(event.kind)})
    said = [words_for.when(event.starts_at, event.ends_at), words_for.where(event), event.summary]
    _add(entry, "summary", ". ".join(part.rstrip(".") for part in said if part) + ".")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
