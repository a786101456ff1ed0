"""A real IMAP server on loopback: Debian's Dovecot with a folder and a certificate of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

BINARY = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
HOW_TO_GET_ONE = "No Dovecot for the tests: run `make system` (as root, on Debian)."
USER, PASSWORD = "bookings@pact.example.org", "a-password-for-the-mailbox"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, kw_only=True)
class ImapServer:
    """A server that runs, and its mailbox as somebody else sees it."""

    port: int
    starttls_port: int
    certificate: Path
    prefix: str

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Sign in as a mail program would."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with IMAPClient("127.0.0.1", self.port, ssl=True, ssl_context=context, timeout=10) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, *mails: bytes) -> None:
        """Let mails come in."""
        with self.client() as client:
            for mail in mails:
                client.append("INBOX", mail)

    def count(self, folder: str) -> int:
        """Return how many mails lie in a folder; none in one that is not there."""
        with self.client() as client:
            name = folder if folder == "INBOX" else self.prefix + folder
            return int(client.folder_status(name, [b"MESSAGES"])[b"MESSAGES"]) if client.folder_exists(name) else 0

    def counts(self) -> dict[str, int]:
        return {folder: self.count(folder) for folder in ("INBOX", "Done", "Odd", "Bounces")}

    def wipe(self) -> None:
        """Leave every folder empty."""
        with self.client() as client:
            for _flags, _separator, name in client.list_folders():
                client.select_folder(name)
                if found := client.search():
                    client.delete_messages(found)
                    client.expunge()


@contextmanager
def dovecot(
    certificate: Path, *, prefix: str = "", separator: str = "/", places: tuple[int, int] | None = None
) -> Iterator[ImapServer]:
    """Start a server; `prefix` is what some servers put before the name of every folder.

    `places` are the UIDVALIDITY of its INBOX and the UID of the next mail in it, where they are not Dovecot's choice.
    """
    if BINARY is None:
        raise RuntimeError(HOW_TO_GET_ONE)
    folder = Path(tempfile.mkdtemp(prefix="booking-imap-"))
    port, starttls_port = _free_ports()
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir()
        os.chown(folder / name, account.pw_uid, account.pw_gid)
    if places:
        version, number = places
        (folder / "mail" / "dovecot-uidlist").write_text(f"3 V{version} N{number} G{'1' * 32}\n")
        os.chown(folder / "mail" / "dovecot-uidlist", account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    own_copy = folder / "certificate.pem"
    shutil.copy(certificate, own_copy)
    config = folder / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            folder=folder,
            certificate=own_copy,
            password=PASSWORD,
            uid=account.pw_uid,
            gid=account.pw_gid,
            user=account.pw_name,
            group=_group_of(account.pw_gid),
            prefix=prefix,
            separator=separator,
            port=port,
            starttls_port=starttls_port,
        )
    )
    server = subprocess.Popen([BINARY, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_for(port, server, folder / "log")
        yield ImapServer(port=port, starttls_port=starttls_port, certificate=certificate, prefix=prefix)
    finally:
        server.terminate()
        server.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _group_of(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as line:
            line.settimeout(1)
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    said = log.read_text() if log.exists() else ""
    if server.poll() is not None and server.stderr:
        said += server.stderr.read().decode()
    raise RuntimeError(f"Dovecot did not start: {said[-2000:]}")
