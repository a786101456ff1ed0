"""One message: how it fared, never what it says; and sending it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.models import Message
from booking.queries.staff_messages import find_message
from booking.rules.words import Channel, MessageStatus
from booking.services.record_audit import record_view
from booking.services.send_again import send_again, why_not_again
from booking.web.staff.blueprint import staff


@dataclass(frozen=True)
class Step:
    """Something that happened to a message, or will."""

    what: str
    at: datetime | None


@staff.get("/messages/<int:message_id>")
def message(message_id: int) -> ResponseReturnValue:
    """Show how a message fared."""
    with transaction():
        record_view(screen="staff.message", subject_type="message", subject_id=message_id)
    found = find_message(message_id)
    if found is None:
        abort(404)
    return render_template(
        "staff/message.html",
        message=found,
        steps=_history(found),
        why_not=why_not_again(found),
        must_ring=found.booking is not None and _has_not_arrived(found),
    )


@staff.post("/messages/<int:message_id>/again")
def send_message_again(message_id: int) -> ResponseReturnValue:
    """Send it again, and show the new one."""
    try:
        with transaction():
            shown = send_again(message_id).id
    except NotFound:
        abort(404)
    except Refusal as refusal:
        flash(refusal.sentence)
        shown = message_id
    else:
        flash(_("It is sent again. This is the new message."))
    return redirect(url_for("staff.message", message_id=shown), 303)


def _has_not_arrived(found: Message) -> bool:
    return found.status in (MessageStatus.FAILED, MessageStatus.UNKNOWN) or found.bounced_at is not None


def _came_back(found: Message) -> str:
    return _("Not delivered") if found.channel == Channel.TEXT else _("Came back")


def _history(found: Message) -> list[Step]:
    """Return what happened, in its order, and what will."""
    carrier = _("GOV.UK Notify") if found.channel == Channel.TEXT else _("the mail server")
    steps = [Step(_("Written"), found.created_at)]
    if found.not_before > found.created_at:
        steps.append(Step(_("Waits until then"), found.not_before))
    if found.attempts:
        steps.append(Step(ngettext("%(num)d try", "%(num)d tries", found.attempts), None))
    if found.data_started_at:
        steps.append(Step(_("First handed to %(carrier)s", carrier=carrier), found.data_started_at))
    if found.sent_at:
        steps.append(Step(_("Taken by %(carrier)s", carrier=carrier), found.sent_at))
    if found.status == MessageStatus.QUEUED:
        steps.append(Step(_("Next try"), found.next_attempt_at))
    if found.bounced_at:
        steps.append(Step(" ".join((_came_back(found), found.bounce_code)).strip(), found.bounced_at))
    if found.receipt:
        steps.append(Step(_("Receipt: %(receipt)s", receipt=found.receipt.replace("-", " ")), None))
    if found.not_after and found.status == MessageStatus.QUEUED:
        steps.append(Step(_("Of no use after"), found.not_after))
    return steps
