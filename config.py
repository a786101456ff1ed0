"""Every setting of the system, read once from the environment into one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from booking.cipher import Keys, decode_key, parse_data_keys

ROOT = Path(__file__).resolve().parent
LONGEST_URL_IN_A_TEXT = 32
"""A text has 160 letters, and the link to the booking has to fit beside what the text says, in every language."""
SHORTEST_SECRET = 20
NOTIFY = "https://api.notifications.service.gov.uk"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf"{UUID}-{UUID}$")


class ConfigError(Exception):
    """A setting is missing or wrong; its text is one sentence that says how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings. `docs/settings.md` explains each; `tests/guards/` keeps the two together."""

    database_url: str
    jobs_url: str
    secret_key: str = field(repr=False)
    keys: Keys
    public_url: str
    trusted_proxies: int
    mail_server: str
    mail_port: int
    mail_username: str
    mail_password: str = field(repr=False)
    mail_use_tls: bool
    mail_sender: str
    mail_authserv_id: str
    mail_plus_addresses: bool
    imap_host: str
    imap_port: int
    imap_username: str
    imap_password: str = field(repr=False)
    imap_folder: str
    imap_use_ssl: bool
    mail_per_hour: int
    sms_api_key: str = field(repr=False)
    sms_template_id: str
    sms_base_url: str
    sms_callback_token: str = field(repr=False)
    help_email: str
    help_phone: str
    safeguarding_phone: str
    locality: str
    redis_url: str
    figures_kept_minutes: int
    instance_path: Path

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Config:
        """Read the environment. Raise ConfigError with one plain sentence per missing or wrong setting."""
        instance = ROOT / "instance"
        return cls(
            database_url=_database_url(env.get("DATABASE_URL") or "sqlite:///booking.db"),
            jobs_url=env.get("JOBS_URL") or f"sqlite:///{instance / 'jobs.db'}",
            secret_key=_long_enough(_required(env, "SECRET_KEY")),
            keys=_keys(env),
            public_url=_public_url(env.get("PUBLIC_URL") or "http://127.0.0.1:8000"),
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
            mail_server=env.get("MAIL_SERVER") or "localhost",
            mail_port=_number(env, "MAIL_PORT", 25),
            mail_username=env.get("MAIL_USERNAME", ""),
            mail_password=env.get("MAIL_PASSWORD", ""),
            mail_use_tls=_yes(env, "MAIL_USE_TLS", default=False),
            mail_sender=env.get("MAIL_SENDER") or "bookings@example.org",
            mail_per_hour=_number(env, "MAIL_PER_HOUR", 0),
            mail_authserv_id=env.get("MAIL_AUTHSERV_ID", "").strip(),
            mail_plus_addresses=_yes(env, "MAIL_PLUS_ADDRESSES", default=True),
            **_mailbox(env),
            **_texts(env),
            help_email=env.get("HELP_EMAIL") or "help@example.org",
            help_phone=env.get("HELP_PHONE") or "01632 960000",
            safeguarding_phone=env.get("SAFEGUARDING_PHONE", "").strip() or env.get("HELP_PHONE") or "01632 960000",
            locality=env.get("LOCALITY") or "kent",
            redis_url=env.get("REDIS_URL", ""),
            figures_kept_minutes=_number(env, "FIGURES_KEPT_MINUTES", 10),
            instance_path=instance,
        )

    @property
    def imap_is_on(self) -> bool:
        """Whether mail that comes in is read: off until there is a mailbox."""
        return bool(self.imap_host)

    @property
    def sms_is_on(self) -> bool:
        """Whether texts are sent: off until there is a key and a template."""
        return bool(self.sms_api_key)

    def for_flask(self) -> dict[str, object]:
        """Return the settings under the names that Flask and its extensions read."""
        secure = self.public_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "MAIL_SERVER": self.mail_server,
            "MAIL_PORT": self.mail_port,
            "MAIL_USERNAME": self.mail_username or None,
            "MAIL_PASSWORD": self.mail_password or None,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_DEFAULT_SENDER": self.mail_sender,
            "MAX_CONTENT_LENGTH": 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "RATELIMIT_STORAGE_URI": self.redis_url or "memory://",
            "RATELIMIT_HEADERS_ENABLED": False,
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "en_GB",
            "BABEL_DEFAULT_TIMEZONE": "Europe/London",
        }


def _engine_options(database_url: str) -> dict[str, object]:
    """Errors never show the values of a statement: they are what families told us."""
    if database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 30, "check_same_thread": False}}
    return {"hide_parameters": True, "pool_size": 10, "max_overflow": 20}


def _database_url(url: str) -> str:
    if url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
        return url
    raise ConfigError("DATABASE_URL must begin with sqlite: or postgresql:")


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError("PUBLIC_URL must be a full address such as https://bookings.example.org")
    return url.rstrip("/")


def _keys(env: Mapping[str, str]) -> Keys:
    try:
        return Keys(
            data=parse_data_keys(_required(env, "DATA_KEYS")),
            lookup=decode_key(_required(env, "LOOKUP_KEY"), name="LOOKUP_KEY"),
            link=decode_key(_required(env, "LINK_KEY"), name="LINK_KEY"),
        )
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _mailbox(env: Mapping[str, str]) -> dict[str, Any]:
    """Read where mail comes in. Half of it would leave every answer unread, so it stops the start."""
    host, user = env.get("IMAP_HOST", "").strip(), env.get("IMAP_USERNAME", "").strip()
    password = env.get("IMAP_PASSWORD", "")
    if len({bool(host), bool(user), bool(password)}) > 1:
        raise ConfigError(
            "IMAP_HOST, IMAP_USERNAME and IMAP_PASSWORD go together: set all three to read the mailbox, or none."
        )
    use_ssl = _yes(env, "IMAP_USE_SSL", default=True)
    return {
        "imap_host": host,
        "imap_port": _number(env, "IMAP_PORT", 993 if use_ssl else 143),
        "imap_username": user,
        "imap_password": password,
        "imap_folder": env.get("IMAP_FOLDER", "").strip() or "INBOX",
        "imap_use_ssl": use_ssl,
    }


def _texts(env: Mapping[str, str]) -> dict[str, Any]:
    """Read how texts are sent. Half of it would fail at the first text, so it stops the start."""
    key, template = env.get("SMS_API_KEY", "").strip(), env.get("SMS_TEMPLATE_ID", "").strip()
    base_url = env.get("SMS_BASE_URL", "").strip() or NOTIFY
    if bool(key) != bool(template):
        raise ConfigError("SMS_API_KEY and SMS_TEMPLATE_ID go together: set both to send texts, or neither.")
    if key and not NOTIFY_KEY.search(key):
        raise ConfigError("SMS_API_KEY must be a whole key of GOV.UK Notify: its name and two long ids.")
    if template and not re.fullmatch(UUID, template):
        raise ConfigError("SMS_TEMPLATE_ID must be the id of a template at GOV.UK Notify.")
    parts = urlsplit(base_url)
    if not parts.hostname or not (parts.scheme == "https" or _is_this_computer(parts.hostname)):
        raise ConfigError("SMS_BASE_URL must begin with https://")
    if key and len(env.get("PUBLIC_URL", "").rstrip("/")) > LONGEST_URL_IN_A_TEXT:
        raise ConfigError(
            f"PUBLIC_URL is too long for texts: use {LONGEST_URL_IN_A_TEXT} letters at most, or leave SMS_API_KEY out."
        )
    token = env.get("SMS_CALLBACK_TOKEN", "").strip()
    if token and len(token) < SHORTEST_SECRET:
        raise ConfigError(f"SMS_CALLBACK_TOKEN is too short: use {SHORTEST_SECRET} letters or more, or leave it out.")
    return {
        "sms_api_key": key,
        "sms_template_id": template,
        "sms_base_url": base_url,
        "sms_callback_token": token,
    }


def _is_this_computer(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is missing: `make run` writes one into .env, or set it yourself (docs/settings.md).")
    return value


def _long_enough(secret: str) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"SECRET_KEY is too short: use {SHORTEST_SECRET} letters or more, such as: openssl rand -base64 32"
        )
    return secret


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit():
        raise ConfigError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _yes(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    return text in ("1", "true", "yes", "on")
