"""One sign-in under way: kept by the browser that began it, readable by us alone, for ten minutes (S-OIDC-1).

Each tab has its own, so several can be under way. Nothing of it is stored on the server, so strangers cannot fill anything.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

LIFE_S: Final = 600
_PURPOSE: Final = b"tb-share.sign-in-under-way.v1"
_LONGEST: Final = 4096
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_RANDOM_BYTES: Final = 32
_NAME_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class Transaction:
    """What has to come back, and what we need then."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str
    began: int
    """Unix seconds."""

    @property
    def name(self) -> str:
        """Tells this browser's several sign-ins apart."""
        return name_of(self.state)


def new(provider: str, next_path: str, now: float) -> Transaction:
    """A fresh one; every value has 256 random bits."""
    state, nonce, verifier = (secrets.token_urlsafe(_RANDOM_BYTES) for _ in range(3))
    return Transaction(provider, state, nonce, verifier, next_path, int(now))


def name_of(state: str) -> str:
    """The name of the transaction with this state."""
    return hashlib.sha256(state.encode()).hexdigest()[:_NAME_CHARS]


class Sealer:
    """Writes with the last key and reads with all."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [OctKey.import_key(hmac.digest(bytes.fromhex(key), _PURPOSE, "sha256")) for key in keys]

    def sealed(self, transaction: Transaction) -> str:
        """The cookie's value."""
        return jwe.encrypt_compact(_HEADER, json.dumps(asdict(transaction)).encode(), self._keys[-1])

    def opened(self, sealed: str, state: str, now: float) -> Transaction | None:
        """The transaction, if it is ours, of this state, and young enough."""
        if len(sealed) > _LONGEST or not sealed.isascii():
            return None
        for key in reversed(self._keys):
            try:
                value = json.loads(jwe.decrypt_compact(sealed, key, algorithms=list(_HEADER.values())).plaintext or b"")
                transaction = Transaction(**value)
            except (JoseError, ValueError, TypeError):
                continue
            fresh = transaction.began - 60 <= now < transaction.began + LIFE_S
            return transaction if fresh and hmac.compare_digest(transaction.state.encode(), state.encode()) else None
        return None
