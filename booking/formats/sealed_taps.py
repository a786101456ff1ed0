"""What a phone at the door seals for us alone: neither its holder nor a thief can read it there, PIN or no PIN.

The phone makes a key pair of its own (ECDH on P-256), and both sides derive the same AES-GCM key with HKDF-SHA256. A
sealed tap is base64 of the phone's public key (65 bytes), a nonce (12) and the ciphertext; its id is authenticated
with it, so that it opens as no other.
"""

from __future__ import annotations

import base64
import binascii
import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

POINT_BYTES = 65
NONCE_BYTES = 12
INFO = b"door tap"


def new_key_pair() -> tuple[str, str]:
    """Return a private key (PEM, to be kept sealed) and its public key (base64 of the uncompressed point)."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return private.decode(), base64.b64encode(point).decode()


def open_tap(sealed: str, *, private_key: str, tap: str) -> object:
    """Return what was sealed, read as JSON. Raise ValueError for what does not open."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        nonce, text = raw[POINT_BYTES : POINT_BYTES + NONCE_BYTES], raw[POINT_BYTES + NONCE_BYTES :]
        key = _shared_key(private_key, raw[:POINT_BYTES])
        return json.loads(AESGCM(key).decrypt(nonce, text, tap.encode()))
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise ValueError("a tap does not open") from error


def seal_tap(told: object, *, public_key: str, tap: str, nonce: bytes) -> str:
    """Seal as a phone does (`static/door/seal.js`): the other side of this, for tests and for whoever reads it."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(public_key))
    mine = ec.generate_private_key(ec.SECP256R1())
    point = mine.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    key = _derived(mine.exchange(ec.ECDH(), theirs), point)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(told).encode(), tap.encode())
    return base64.b64encode(point + nonce + sealed).decode()


def _shared_key(private_key: str, point: bytes) -> bytes:
    mine = serialization.load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(mine, ec.EllipticCurvePrivateKey), "new_key_pair makes no other"
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return _derived(mine.exchange(ec.ECDH(), theirs), point)


def _derived(secret: bytes, point: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=point, info=INFO).derive(secret)
