"""Read what a mail server says about a mail that it could not deliver (RFC 3464, and the older ways)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage, Message

FAILED, DELAYED = "failed", "delayed"
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_OLD_CODE = re.compile(r"\b(?:SMTP|code|said|error|respon\w+)\b.{0,200}?\b([45]\d\d)\b", re.IGNORECASE | re.DOTALL)
_MESSAGE_ID = re.compile(r"^[> \t]*Message-ID:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_LOOKED_AT = 60_000


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """One mail of ours that a server gave back: `action` failed or delayed, `status` as in RFC 3463 ("5.1.1")."""

    recipient: str
    status: str
    action: str
    original_message_id: str

    @property
    def is_final(self) -> bool:
        """Whether the mail will never arrive."""
        return self.action == FAILED


def bounce_in(mail: EmailMessage, parts: Sequence[EmailMessage], *, is_from_machine: bool) -> Bounce | None:
    """Return what a report says, or None for a mail that is no report of a failed or delayed delivery."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if reports:
        return _from_report(reports[0], original=_original_id(parts))
    kind = str(mail.get_param("report-type") or "").lower()
    if not is_from_machine or kind not in ("", "delivery-status"):
        return None
    return _from_words(parts)


def _from_report(report: EmailMessage, *, original: str) -> Bounce | None:
    """Read the first recipient that something went wrong for."""
    for block in _blocks(report):
        action = str(block.get("Action", "")).strip().lower()
        found = _STATUS.search(str(block.get("Status", ""))) or _STATUS.search(str(block.get("Diagnostic-Code", "")))
        status = found.group(1) if found else ("5.0.0" if action == FAILED else "4.0.0")
        if action in (FAILED, DELAYED):
            who = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
            return Bounce(
                recipient=who.rpartition(";")[2].strip(" <>\t").lower()[:254],
                status=status,
                action=action,
                original_message_id=original,
            )
    return None


def _blocks(report: EmailMessage) -> list[Message]:
    """Return the groups of fields of a report; a report whose writer encoded it comes as one text."""
    payload = report.get_payload()
    blocks = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if len(blocks) == 1 and not blocks[0].keys():
        encoded = blocks[0].get_payload()
        inner = EmailMessage(policy=policy.compat32)
        inner["Content-Transfer-Encoding"] = str(report.get("Content-Transfer-Encoding", "7bit"))
        inner.set_payload(encoded)
        text = inner.get_payload(decode=True)
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else ""
    else:
        words = "\n\n".join(str(block) for block in blocks)
    return [
        message_from_string(one.strip() + "\n\n", policy=policy.compat32) for one in re.split(r"\r?\n\s*\r?\n", words)
    ]


def _original_id(parts: Sequence[EmailMessage]) -> str:
    """Return the Message-ID in the mail, or the headers, that came back."""
    kinds = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
    found = (_id_in(_whole(part)[:_LOOKED_AT]) for part in parts if part.get_content_type() in kinds)
    return next(filter(None, found), "")


def _id_in(text: str) -> str:
    """Return the first Message-ID in some headers, or nothing. PostgreSQL cannot even look for a zero byte."""
    found = _MESSAGE_ID.search(text.replace("\x00", ""))
    return found.group(1) if found else ""


def _from_words(parts: Sequence[EmailMessage]) -> Bounce | None:
    """Read a report in free words, as qmail and some old servers send it."""
    text = "\n".join(_whole(part) for part in parts if part.get_content_type() == "text/plain")[:_LOOKED_AT]
    code, old = _STATUS.search(text), _OLD_CODE.search(text)
    status = code.group(1) if code else f"{old.group(1)[0]}.0.0" if old else ""
    if "permanent" in text.lower() and not status:
        status = "5.0.0"
    original = _id_in(text) or _original_id(parts)
    if not status or status.startswith("2"):
        return None
    who = re.search(r"<([^<>\s@]{1,64}@[^<>\s]{1,190})>", text)
    return Bounce(
        recipient=who.group(1).lower() if who else "",
        status=status,
        action=FAILED if status.startswith("5") else DELAYED,
        original_message_id=original,
    )


def _whole(part: EmailMessage) -> str:
    content = part.get_payload(decode=True) if not part.is_multipart() else None
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    inner = part.get_payload()
    if isinstance(inner, list):
        return "\n".join(one.as_string() for one in inner[:1] if isinstance(one, Message))
    return str(inner)
