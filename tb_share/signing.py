"""Signs and checks every credential of ours; the only user of itsdangerous.

One salt a purpose, so that no kind of credential passes for another (S-TOK-5). Knows nothing of what a payload means.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

MIN_KEY_BYTES: Final = 32
SECRET_BYTES: Final = 20
"""160 random bits in every secret that we hand out."""


class Purpose(StrEnum):
    """The salt of a signature."""

    LINK = "tb-share.link.v1"
    LINK_COOKIE = "tb-share.link-cookie.v1"
    CODE = "tb-share.one-time-code.v1"
    SESSION = "tb-share.session.v1"
    ENTRY = "tb-share.content-entry.v1"
    CONTENT = "tb-share.content.v1"
    HANDOFF = "tb-share.handoff.v1"
    BLOB = "tb-share.blob-key.v1"


class Signer:
    """Signs JSON values for one purpose with the last key and accepts signatures of all keys.

    ``keys`` are hexadecimal, oldest first. Removing a key ends everything it signed (S-LINK-9).

    Raises:
        ValueError: no key, or one of under 32 bytes (S-LIM-4).
    """

    def __init__(self, keys: Sequence[str], purpose: Purpose) -> None:
        if isinstance(keys, str) or not keys or any(len(bytes.fromhex(key)) < MIN_KEY_BYTES for key in keys):
            raise ValueError(f"signing needs a list of keys of at least {MIN_KEY_BYTES} bytes each")
        self._serializer = URLSafeSerializer(
            [bytes.fromhex(key) for key in keys],
            salt=purpose.value.encode(),
            # The library's own defaults are SHA-1 and a derivation in which salt and key can be traded for each other.
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def sign(self, payload: object) -> str:
        """The signed text of a JSON value; URL-safe, readable by anybody."""
        signed = self._serializer.dumps(payload)
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, signed: str, max_length: int = 2048) -> object | None:
        """The payload, or None if the text was not signed by us for this purpose.

        Several spellings of one text may be accepted: never use the text itself as a key (S-LINK-11).
        """
        if len(signed) > max_length or not signed.isascii():
            return None
        try:
            payload: object = self._serializer.loads(signed)
        except BadData:
            return None
        return payload


def new_key() -> str:
    """A fresh signing key, hexadecimal."""
    return secrets.token_hex(MIN_KEY_BYTES)


def new_secret() -> str:
    """A fresh secret for a session, link or code: 160 random bits, URL-safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hashed(secret: str) -> str:
    """What the database keeps of a secret: its SHA-256. Secrets are random, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_passcode(passcode: str) -> str:
    """What the database keeps of a passcode, which a person thought up: scrypt (RFC 7914) with a salt of its own."""
    salt = secrets.token_hex(16)
    return f"{salt}:{_scrypt(passcode, salt)}"


def fits_passcode(passcode: str, kept: str) -> bool:
    """Whether this is the passcode of ``hash_passcode``."""
    salt, _, expected = kept.partition(":")
    return same(_scrypt(passcode, salt), expected)


def _scrypt(passcode: str, salt: str) -> str:
    # 16 MiB and some 50 ms a try.
    return hashlib.scrypt(passcode.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, maxmem=2**26).hex()


def same(left: str, right: str) -> bool:
    """Compare two secrets or hashes in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
