"""A provider's public keys: kept for ten minutes, fetched anew for an unknown name or a bad signature, but not at will (S-OIDC-13).

Keys are taken one by one: an odd one beside a good one is skipped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from tb_share.errors import ProviderUnreachable
from tb_share.identity.oidc.calls import PATIENCE_S, Calls

LIFE_S: Final = 600.0
NOT_SOONER_S: Final = 10.0
_MOST_KEYS: Final = 100
_LEAST_RSA_BITS: Final = 2048
_KINDS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}

PublicKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key, its name if it has one, and the algorithm that it is bound to, if any."""

    name: str | None
    algorithm: str | None
    key: PublicKey

    def fits(self, algorithm: str) -> bool:
        """Whether signatures of this algorithm can be its."""
        return self.key.key_type == _KINDS.get(algorithm) and self.algorithm in (None, algorithm)


class KeySet:
    """The keys at one address. One fetch at a time, whoever asks."""

    def __init__(self, calls: Calls, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: tuple[NamedKey, ...] = ()
        self._url = ""
        self._fetched_at = float("-inf")

    def keys(self, url: str) -> tuple[NamedKey, ...]:
        """The keys known; fetched if they are old.

        Raises:
            ProviderUnreachable: there are none to be had.
        """
        with self._locked():
            if url != self._url or self._clock() - self._fetched_at >= LIFE_S:
                self._fetch(url)
            return self._keys

    def newer(self, url: str) -> tuple[NamedKey, ...]:
        """The keys as they are now, unless they were fetched a moment ago.

        Raises:
            ProviderUnreachable: there are none to be had.
        """
        with self._locked():
            if self._clock() - self._fetched_at >= NOT_SOONER_S:
                self._fetch(url)
            return self._keys

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Longer than a provider that is well needs: if one call hangs, not everybody shall hang with it.
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise ProviderUnreachable("its keys are being fetched, and that takes long")
        try:
            yield
        finally:
            self._lock.release()

    def _fetch(self, url: str) -> None:
        # Counted before it is tried: a provider that fails is not asked by every request either.
        self._fetched_at = self._clock()
        found = self._calls.get(url).get("keys")
        keys = tuple(filter(None, map(_imported, found[:_MOST_KEYS]))) if isinstance(found, list) else ()
        if not keys:
            raise ProviderUnreachable("it has no key that we can use")
        self._keys, self._url = keys, url


def _imported(value: Any) -> NamedKey | None:
    if not isinstance(value, dict) or value.get("use", "sig") != "sig" or value.get("kty") not in _KINDS.values():
        return None
    public = {name: each for name, each in value.items() if name in ("kty", "n", "e", "crv", "x", "y")}
    try:
        key = JWKRegistry.import_key(public)
        if isinstance(key, RSAKey) and key.public_key.key_size < _LEAST_RSA_BITS:
            return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if not isinstance(key, RSAKey | ECKey | OKPKey):
        return None
    name, algorithm = value.get("kid"), value.get("alg")
    return NamedKey(name if isinstance(name, str) else None, algorithm if isinstance(algorithm, str) else None, key)
