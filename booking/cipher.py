"""Sealed values (AES-256-GCM) and keyed hashes: what keeps personal data unreadable at rest.

Keys live outside the database and are given once, at start, with `use_keys`. A sealed value begins with
the id of its key, so keys can be rotated while old values stay readable. The associated data of every
value is its table and column: a value moved to another column does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TOKEN_BYTES = 16


class CannotOpen(Exception):
    """A sealed value does not open: wrong key, wrong column, or spoiled."""


@dataclass(frozen=True)
class Keys:
    """The secrets of one installation. `data` maps key id to 32 bytes; its first key seals."""

    data: dict[str, bytes] = field(repr=False)
    lookup: bytes = field(repr=False)
    link: bytes = field(repr=False)

    @property
    def current(self) -> str:
        return next(iter(self.data))


_keys: Keys | None = None


def use_keys(keys: Keys) -> None:
    """Set the keys of this process."""
    global _keys  # noqa: PLW0603 (one process has one set of keys; columns cannot be handed them)
    _keys = keys


def parse_data_keys(text: str) -> dict[str, bytes]:
    """Read `DATA_KEYS`: `id:base64,id:base64`, newest first. Raise ValueError with a plain sentence."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        if not key_id.isalnum() or not encoded:
            raise ValueError("DATA_KEYS must look like 1:<base64 of 32 bytes>, newest key first, with commas between.")
        if key_id in keys:
            raise ValueError("DATA_KEYS has two keys with the same id: give each its own.")
        keys[key_id] = decode_key(encoded, name="DATA_KEYS")
    return keys


def decode_key(encoded: str, *, name: str) -> bytes:
    """Decode one base64 key of 32 bytes. Raise ValueError naming the setting."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError(f"{name} must be base64.") from error
    if len(key) != 32:
        raise ValueError(f"{name} must be 32 bytes in base64; make one with: openssl rand -base64 32")
    return key


def seal(plain: bytes, *, place: str) -> str:
    """Seal bytes for one `table.column`."""
    keys = _require_keys()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(keys.data[keys.current]).encrypt(nonce, plain, place.encode())
    return f"{keys.current}.{base64.b64encode(nonce + sealed).decode()}"


def open_sealed(value: str, *, place: str) -> bytes:
    """Open a sealed value of one `table.column`. Raise CannotOpen."""
    keys = _require_keys()
    key_id, _, encoded = value.partition(".")
    if key_id not in keys.data:
        raise CannotOpen(f"no key {key_id!r} for {place}")
    try:
        raw = binascii.a2b_base64(encoded, strict_mode=True)
        return _opener(keys.data[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"a value of {place} does not open") from error


def current_key_id() -> str:
    """Return the id of the newest key; every value it sealed begins with it and a dot."""
    return _require_keys().current


def is_current(value: str) -> bool:
    """Return whether a sealed value was sealed with the newest key."""
    return value.partition(".")[0] == current_key_id()


def lookup_hash(kind: str, normal_form: str) -> str:
    """Return the keyed hash by which an e-mail address or a phone number is found."""
    return hmac.new(_require_keys().lookup, f"{kind}\0{normal_form}".encode(), hashlib.sha256).hexdigest()


def derive_token(purpose: str, *parts: int | str) -> str:
    """Return a link token: 128 bits of HMAC-SHA256 under LINK_KEY, 26 letters and digits a person can type."""
    text = "\0".join([purpose, *map(str, parts)])
    digest = hmac.new(_require_keys().link, text.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def random_token() -> str:
    """Return 128 random bits in the same form as `derive_token`."""
    return base64.b32encode(os.urandom(TOKEN_BYTES)).decode().rstrip("=").lower()


def token_digest(token: str) -> str:
    """Return the SHA-256 under which a token is kept at rest."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


@lru_cache(maxsize=8)
def _opener(key: bytes) -> AESGCM:
    """Return what opens with a key; making it anew takes as long as opening a name."""
    return AESGCM(key)


def _require_keys() -> Keys:
    if _keys is None:
        raise RuntimeError("No keys: create_app() gives them to the cipher with use_keys().")
    return _keys
