"""Talk to the mailbox over IMAP: verified TLS, time-outs, each mail as its very bytes, and folders for what is done."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

SECONDS = 20
LARGEST = 5_000_000
"""Bytes that are fetched of one mail: what is longer is cut."""

AT_ONCE = 200
"""Mails that are taken in one go; the next go takes the next."""


class Folder(StrEnum):
    """Where a mail goes once it is taken: done, odd (a person should look), or come back."""

    DONE = "Done"
    ODD = "Odd"
    BOUNCES = "Bounces"


class MailboxAway(Exception):
    """The mailbox cannot be reached, or does not do what it was asked."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where the mailbox is and how to open it."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str
    use_ssl: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """One mail as it lies in the mailbox; version and number (UIDVALIDITY and UID) are its place for good."""

    version: int
    number: int
    raw: bytes


class Mailbox:
    """An open mailbox with its folder selected."""

    def __init__(self, client: IMAPClient, *, folder: str) -> None:
        self._client = client
        self._version = int(client.select_folder(folder)[b"UIDVALIDITY"])
        self._prefix = self._make_folders()

    def mails(self) -> Iterator[Found]:
        """Give the mails that lie here, the oldest first. One that vanishes meanwhile is passed over."""
        with _in_words():
            numbers = sorted(self._client.search(["NOT", "DELETED"]))[:AT_ONCE]
        for number in numbers:
            with _in_words():
                answer = self._client.fetch([number], [f"BODY.PEEK[]<0.{LARGEST}>"]).get(number, {})
            raw = next((value for key, value in answer.items() if key.startswith(b"BODY[")), None)
            if isinstance(raw, bytes):
                yield Found(version=self._version, number=number, raw=raw)

    def move(self, number: int, folder: Folder) -> None:
        """Put a mail into one of our folders. One that is gone already is no fault."""
        with _in_words():
            if self._client.has_capability("MOVE"):
                self._client.move([number], self._prefix + folder)
                return
            self._client.copy([number], self._prefix + folder)
            self._client.delete_messages([number], silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge([number])

    def empty(self, *, before: date) -> None:
        """Delete for good what came into our folders before this day."""
        with _in_words():
            for folder in Folder:
                self._client.select_folder(self._prefix + folder)
                if old := self._client.search(["BEFORE", before]):
                    self._client.delete_messages(old, silent=True)
                    self._client.expunge()

    def _make_folders(self) -> str:
        """Make our folders where they are missing; return what their names begin with on this server."""
        spaces = self._client.namespace().personal if self._client.has_capability("NAMESPACE") else None
        prefix = str(spaces[0][0]) if spaces else ""
        for folder in Folder:
            if not self._client.folder_exists(prefix + folder):
                self._client.create_folder(prefix + folder)
        return prefix


@contextmanager
def open_mailbox(account: Account) -> Iterator[Mailbox]:
    """Sign in and open the folder. Raise MailboxAway. The password leaves this computer only over verified TLS."""
    with _in_words():
        context = ssl.create_default_context()
        client = IMAPClient(
            account.host,
            account.port,
            ssl=account.use_ssl,
            ssl_context=context if account.use_ssl else None,
            timeout=SECONDS,
        )
    try:
        with _in_words():
            if not account.use_ssl:
                client.starttls(context)
            client.login(account.username, account.password)
            mailbox = Mailbox(client, folder=account.folder)
        yield mailbox
    finally:
        with suppress(IMAPClientError, OSError):  # all is done by then; the server may have hung up
            client.logout()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (IMAPClientError, OSError, ValueError) as error:
        raise MailboxAway(type(error).__name__) from error
