"""Take what came into our mailbox: each mail once, whatever is in it and whenever this is killed."""

from __future__ import annotations

import fcntl
import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from booking import clock
from booking.extensions import transaction
from booking.formats.incoming import UNREADABLE, IncomingMail, read_mail
from booking.jobs.error_place import kind_and_place
from booking.mailbox import Account, Folder, Found, Mailbox, MailboxAway, open_mailbox
from booking.rules.retention import Kept, retention_of
from booking.rules.words import InboundKind
from booking.services.take_inbound import Spot, take_inbound

if TYPE_CHECKING:
    from config import Config

log = logging.getLogger(__name__)

FOLDERS = {InboundKind.BOUNCE: Folder.BOUNCES, InboundKind.UNREADABLE: Folder.ODD}


def read_mailbox(*, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Return how many mails were taken; none where no mailbox is set.

    What a mail brings about is committed before the mail is moved: killed between the two, the next run finds it
    taken and only moves it. A mailbox that is away is no error, the next tick asks again.
    """
    config = cast("Config", current_app.extensions["config"])
    if not config.imap_is_on:
        return 0
    with _one_at_a_time(config.instance_path) as is_mine:
        return _read(config, is_stopping) if is_mine else 0


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[bool]:
    """Tell whether no other worker of this computer reads just now: two that move one mail may leave two copies of it.

    Workers of several computers do each other no harm either: a mail is taken once, whoever moves it.
    """
    with (folder / "mailbox.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _read(config: Config, is_stopping: Callable[[], bool]) -> int:
    taken = 0
    try:
        with open_mailbox(_account(config)) as mailbox:
            for found in mailbox.mails():
                if is_stopping():
                    return taken
                taken += _take(mailbox, found, authserv_id=config.mail_authserv_id)
            mailbox.empty(before=clock.today() - timedelta(days=retention_of(Kept.WRITTEN).days))
    except MailboxAway as error:
        log.warning("the mailbox could not be read, the next tick asks again: %s", error)
    return taken


def _take(mailbox: Mailbox, found: Found, *, authserv_id: str) -> int:
    """Take one mail and move it away. One that the database does not take now stays for the next run."""
    mail = read_mail(found.raw, authserv_id=authserv_id)
    spot = Spot(version=found.version, number=found.number, digest=hashlib.sha256(found.raw).hexdigest())
    try:
        kind = _commit(mail, spot)
    except SQLAlchemyError as error:
        log.warning("a mail waits for the next tick: %s", kind_and_place(error))
        return 0
    mailbox.move(found.number, FOLDERS.get(kind, Folder.DONE))
    return 1


def _commit(mail: IncomingMail, spot: Spot) -> InboundKind:
    """Take a mail in one transaction; one that cannot be made sense of is put aside for a person to look at."""
    try:
        return _take_in(mail, spot)
    except Exception as error:
        if _is_passing(error):
            raise
        log.error("a mail was put aside: %s", kind_and_place(error))
        with transaction():
            return take_inbound(UNREADABLE, spot=spot)


def _take_in(mail: IncomingMail, spot: Spot) -> InboundKind:
    """Take a mail. If another computer's worker took it just now, it is known the second time."""
    try:
        with transaction():
            return take_inbound(mail, spot=spot)
    except IntegrityError:
        with transaction():
            return take_inbound(mail, spot=spot)


def _is_passing(error: Exception) -> bool:
    """Tell a database that is away, or behind, from one that will never hold what is in this mail."""
    if isinstance(error, DBAPIError):
        return not isinstance(error, DataError | IntegrityError)
    return isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError)


def _account(config: Config) -> Account:
    return Account(
        host=config.imap_host,
        port=config.imap_port,
        username=config.imap_username,
        password=config.imap_password,
        folder=config.imap_folder,
        use_ssl=config.imap_use_ssl,
    )
