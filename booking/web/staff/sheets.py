"""Print and share: each sheet as a page to print and as a tagged PDF, and the words for a post."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import Conflict, NotFound
from booking.extensions import let_go, transaction
from booking.formats.pdf import PDF_TYPE, can_make_pdf, make_pdf
from booking.formats.qr import qr_source
from booking.formats.sender import our_sender
from booking.models import Event
from booking.queries.photos import find_picture_of, photos_of
from booking.queries.register import Register, get_register
from booking.queries.staff_sessions import get_session
from booking.rules.row_codes import row_code
from booking.rules.words import EventStatus
from booking.services.record_audit import record_view
from booking.web.shared.access import may_open
from booking.web.shared.photos import is_digest, send_picture
from booking.web.shared.settings import settings
from booking.web.staff.blueprint import staff
from booking.web.staff.sheet_contents import Content, badges, door_sign, faces, large_title, story
from booking.web.staff.sheet_kinds import BY_NAME, SHEETS, Sheet

OPEN_TO_ALL = frozenset(sheet.name for sheet in SHEETS if not sheet.shows_families)
ENDPOINTS = {"register": "staff.register_sheet", "badges": "staff.badges"}


@staff.get("/sessions/<int:event_id>/print")
def print_and_share(event_id: int) -> ResponseReturnValue:
    """List what can be printed for a session."""
    event = get_session(event_id)
    rows = [(sheet, _page(sheet, event_id), _file(sheet, event_id)) for sheet in SHEETS if _is_offered(sheet, event)]
    return render_template(
        "staff/print_and_share.html",
        event=event,
        rows=rows,
        is_draft=event.status == EventStatus.DRAFT,
        can_make_pdf=can_make_pdf(),
    )


@staff.get("/sessions/<int:event_id>/print/<name>")
def sheet(event_id: int, name: str) -> ResponseReturnValue:
    """Show a sheet without any family on it."""
    return _show(_known(name), get_session(event_id))


@staff.get("/sessions/<int:event_id>/print/<name>.pdf")
def sheet_pdf(event_id: int, name: str) -> ResponseReturnValue:
    """Give the same as PDF."""
    return _send_pdf(_known(name), get_session(event_id))


@staff.get("/sessions/<int:event_id>/print/register")
def register_sheet(event_id: int) -> ResponseReturnValue:
    """Show the register as a sheet to tick, after an entry in the audit."""
    people = _look(event_id, screen="staff.register_sheet")
    return _show(BY_NAME["register"], people.event, people=people)


@staff.get("/sessions/<int:event_id>/print/register.pdf")
def register_sheet_pdf(event_id: int) -> ResponseReturnValue:
    """Give the same as PDF."""
    people = _look(event_id, screen="staff.register_sheet")
    return _send_pdf(BY_NAME["register"], people.event, people=people)


@staff.get("/sessions/<int:event_id>/print/badges", endpoint="badges")
def badges_sheet(event_id: int) -> ResponseReturnValue:
    """Show the badges, after an entry in the audit; blank ones show nobody, and leave none."""
    people = None if _is_blank() else _look(event_id, screen="staff.badges")
    return _show(BY_NAME["badges"], people.event if people else get_session(event_id), people=people)


@staff.get("/sessions/<int:event_id>/print/badges.pdf")
def badges_pdf(event_id: int) -> ResponseReturnValue:
    """Give the same as PDF."""
    people = None if _is_blank() else _look(event_id, screen="staff.badges")
    return _send_pdf(BY_NAME["badges"], people.event if people else get_session(event_id), people=people)


@staff.get("/sessions/<int:event_id>/share")
def share(event_id: int) -> ResponseReturnValue:
    """Give the words for Facebook or WhatsApp, and those that stand for the picture."""
    event = get_session(event_id)
    if event.status == EventStatus.DRAFT:
        raise Conflict(_("This session is a draft: nobody could open its page. Publish it first."))
    is_open = event.venue is not None and not event.venue.is_confidential
    photo = next(iter(photos_of(event.venue_id)), None) if is_open else None
    return render_template("staff/share.html", event=event, photo=photo, sender=our_sender())


def _look(event_id: int, *, screen: str) -> Register:
    """Read who has booked, and note the look with everybody who is on the sheet."""
    shown = [entry.booking_id for entry in get_register(event_id).booked]
    with transaction():
        record_view(screen=screen, subject_type="event", subject_id=event_id, shown=shown)
    return get_register(event_id)


def _known(name: str) -> Sheet:
    if name not in OPEN_TO_ALL:
        raise NotFound(_("There is no such sheet."))
    return BY_NAME[name]


def _show(about: Sheet, event: Event, *, people: Register | None = None) -> str:
    content = _content(about, event, people)
    return _render(about, event, content, layout="staff/sheets/page.html")


def _send_pdf(about: Sheet, event: Event, *, people: Register | None = None) -> Response:
    """Make the PDF once nothing of the database is held any more."""
    content = _content(about, event, people)
    html = _render(about, event, content, layout="staff/sheets/pdf.html")
    pictures = {src: _picture(event, src) for src in content.pictures}
    name = f"{about.name}-{event.slug}.pdf"
    let_go()
    static = Path(current_app.static_folder or "")
    response = Response(make_pdf(html, css=_style(static), static=static, pictures=pictures), content_type=PDF_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _render(about: Sheet, event: Event, content: Content, *, layout: str) -> str:
    link = our_sender().session_feedback_link(event) if about.asks_how else our_sender().session_link(event)
    return render_template(
        f"staff/sheets/{about.name.replace('-', '_')}.html",
        layout=layout,
        sheet=about,
        event=event,
        sender=our_sender(),
        qr=qr_source(link) if about.is_for_public and not about.shows_families else "",
        page_link=link.partition("://")[2],
        phone_page=f"{settings().public_url}{url_for('phone.page')}".partition("://")[2],
        pdf_url=_file(about, event.id, **request.args.to_dict()) if can_make_pdf() else "",
        **content.values,
    )


def _content(about: Sheet, event: Event, people: Register | None) -> Content:
    if not about.fits(event):
        raise Conflict(_("This sheet does not fit this session: it is a draft, or it has no place to go to."))
    if about.name == "story":
        return story(event, _photo_path)
    if about.name == "door-sign":
        return door_sign(event, request.args.get("arrow", ""))
    if about.name == "badges":
        return badges(people)
    if about.name == "how-it-was-cards":
        return faces()
    if about.name == "poster":
        return Content(values=large_title(event))
    return Content(values={"people": people, "code_of": row_code})


def _is_blank() -> bool:
    return request.args.get("blank") == "yes"


def _is_offered(about: Sheet, event: Event) -> bool:
    return about.fits(event) and may_open(_endpoint(about), event.id)


def _endpoint(about: Sheet) -> str:
    return ENDPOINTS.get(about.name, "staff.sheet")


def _page(about: Sheet, event_id: int) -> str:
    more: dict[str, Any] = {} if about.shows_families else {"name": about.name}
    return url_for(_endpoint(about), event_id=event_id, **more)


def _file(about: Sheet, event_id: int, **query: str) -> str:
    more: dict[str, Any] = {} if about.shows_families else {"name": about.name}
    known: dict[str, Any] = {name: query[name] for name in ("arrow", "blank") if name in query}
    return url_for(f"{_endpoint(about)}_pdf", event_id=event_id, **more, **known)


def _photo_path(event: Event, digest: str) -> str:
    return url_for("staff.sheet_photo", event_id=event.id, digest=digest)


@staff.get("/sessions/<int:event_id>/print/photos/<digest>.jpg")
def sheet_photo(event_id: int, digest: str) -> ResponseReturnValue:
    """Give a picture of the session's place, private or not."""
    event = get_session(event_id)
    return send_picture(find_picture_of(event.venue_id, digest) if is_digest(digest) else None)


def _picture(event: Event, path: str) -> bytes:
    found = find_picture_of(event.venue_id, path.rpartition("/")[2].removesuffix(".jpg"))
    return found[0] if found else b""


@cache
def _style(static: Path) -> str:
    return (static / "staff" / "sheets.css").read_text(encoding="utf-8")
