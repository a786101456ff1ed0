"""Put a file beside what was heard at a session, or take it away. The audit says who, and never its name."""

from __future__ import annotations

import hashlib

from booking.errors import Refusal
from booking.extensions import db
from booking.formats.shared_file import SharedFile
from booking.models import HeardFile
from booking.queries.heard import files_with, get_file
from booking.rules.heard import MOST_FILES
from booking.services.locks import lock_event
from booking.services.record_audit import record_audit

SCREEN = "staff.what_we_heard"


def share_file(event_id: int, shared: SharedFile, content: bytes) -> HeardFile:
    """Keep a file that `check_shared_file` let through. Raise Refusal when it is there already, or there are enough."""
    lock_event(event_id)
    files, digest = files_with(event_id), hashlib.sha256(content).hexdigest()
    if any(file.digest == digest for file in files):
        raise Refusal("This file is here already. Choose another file.", field="file")
    if len(files) >= MOST_FILES:
        raise Refusal(f"There are {MOST_FILES} files already. Remove one first.", field="file")
    file = HeardFile(
        event_id=event_id,
        name=shared.name,
        kind=shared.kind,
        size=len(content),
        digest=digest,
        is_tagged=shared.is_tagged,
        content=content,
    )
    db.session.add(file)
    db.session.flush()
    _note("share_file", file)
    return file


def take_back_file(file_id: int, *, event_id: int) -> None:
    """Delete a file. Raise NotFound."""
    lock_event(event_id)
    file = get_file(file_id, event_id=event_id)
    _note("take_back_file", file)
    db.session.delete(file)
    db.session.flush()


def _note(action: str, file: HeardFile) -> None:
    facts = {"file": file.id, "kind": file.kind, "size": file.size}
    record_audit(action, screen=SCREEN, subject_type="event", subject_id=file.event_id, facts=facts)
