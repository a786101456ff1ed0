"""The pages of the local mailbox, as HTML: what a message says is escaped, its own HTML goes into a sealed frame."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from mailbox_store import Letter, Part

STYLE = """
:root { color-scheme: light; }
body { font: 1.1rem/1.5 system-ui, sans-serif; color: #111; max-width: 60rem; margin: 0 auto; padding: 1rem; }
a { color: #0b4f8a; } a:focus { outline: 3px solid #111; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #767676; }
th, td, pre { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; font: 1rem/1.4 ui-monospace, monospace; background: #f3f3f3; padding: 1rem; margin: 0; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid #767676; }
  th, td { display: block; padding: 0; border: 0; }
}
iframe { box-sizing: border-box; width: 100%; height: 25rem; border: 1px solid #767676; background: #fff; }
"""
SANDBOX = "allow-top-navigation-by-user-activation"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def list_page(letters: Iterable[Letter]) -> str:
    """Return the page that lists messages in the order given."""
    rows = "".join(_row(letter) for letter in letters)
    if not rows:
        return _page("Local mailbox", "<p>No message has been sent yet. Reload this page to see new ones.</p>")
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Subject", "To", "Received (UTC)", "Calendar"))
    return _page(
        "Local mailbox",
        "<p>Every message the system sent is here: none of them left this computer. Reload to see new ones.</p>"
        f"<table><caption>Messages, newest first</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
    )


def letter_page(letter: Letter) -> str:
    """Return the page of one message."""
    base = f"/messages/{letter.id}"
    links = [f'<a href="{base}/message.eml">Download the message (.eml)</a>']
    if letter.first("text/calendar"):
        links.append(f'<a href="{base}/invite.ics">Download the calendar part (.ics)</a>')
    sections = [
        '<p><a href="/">All messages</a></p>',
        f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>",
        _headers(letter),
        *(_section(number, part, base) for number, part in enumerate(letter.parts, start=1)),
    ]
    return _page(letter.subject or "(no subject)", "".join(sections))


def missing_page() -> str:
    """Return the page for an address that leads nowhere."""
    return _page("Not here", '<p>There is no such message. <a href="/">All messages</a></p>')


def _row(letter: Letter) -> str:
    calendar = letter.first("text/calendar")
    method = (calendar.method or "yes") if calendar else "–"
    return (
        f'<tr><th scope="row"><a href="/messages/{letter.id}">{escape(letter.subject or "(no subject)")}</a></th>'
        f"<td>{escape(', '.join(letter.envelope.recipients))}</td>"
        f"<td>{escape(letter.envelope.received.removesuffix('+00:00').replace('T', ' '))}</td>"
        f"<td>{escape(method)}</td></tr>"
    )


def _headers(letter: Letter) -> str:
    envelope = letter.envelope
    told = [("Sent from (envelope)", envelope.sender), ("Sent to (envelope)", ", ".join(envelope.recipients))]
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in (*told, *letter.headers)
    )
    head = '<thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>'
    return f"<h2>Headers</h2><table><caption>Envelope and headers</caption>{head}<tbody>{rows}</tbody></table>"


def _section(number: int, part: Part, base: str) -> str:
    about = ", ".join(text for text in (part.kind, part.method and f"method {part.method}", part.filename) if text)
    title = f"<h2>Part {number}: {escape(about)}</h2>"
    if part.kind == "text/html":
        address = f"{base}/html/{number}"
        frame = f'<iframe src="{address}" title="Part {number} as a reader sees it" sandbox="{SANDBOX}"></iframe>'
        return f"{title}{frame}<h3>Its source</h3>{_shown(part.text)}"
    text = _unfolded(part.text) if part.kind in ("text/calendar", "application/ics") else part.text
    return title + _shown(text)


def _shown(text: str) -> str:
    """Return text for reading, scrollable and reachable by keyboard; web addresses can be followed."""
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        address = escape(found[0])
        pieces += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return f"<pre>{''.join(pieces)}{escape(text[end:])}</pre>"


def _unfolded(calendar: str) -> str:
    """Return a calendar's lines whole: a line that begins with a blank continues the one before (RFC 5545, 3.1)."""
    return re.sub(r"\n[ \t]", "", calendar)


def _page(title: str, body: str) -> str:
    shown = escape(title)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>'
        f"{shown}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        f"</head><body><main><h1>{shown}</h1>{body}</main></body></html>"
    )
