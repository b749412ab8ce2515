"""Calls to a provider: https (or loopback), five seconds, a size that fits, no redirects, no proxies of the environment (S-OIDC-12)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import requests

from tb_share.errors import ProviderUnreachable
from tb_share.identity.oidc.addresses import is_safe

DEADLINE_S: Final = 5.0
MOST_BYTES: Final = 512 * 1024
MOST_AT_ONCE: Final = 6
PATIENCE_S: Final = 2.0
"""How long others wait for those that wait."""
SILENT_S: Final = 10.0
"""How long nobody asks a provider that kept silent."""
_PIECE: Final = 16 * 1024


class Gate:
    """Lets few threads wait for one provider, and nobody for a while after it kept silent: the other threads have other people to serve."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._under_way: dict[object, float] = {}
        self._silent_until = float("-inf")

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Around one call.

        Raises:
            ProviderUnreachable: it kept silent a moment ago, or as many as may wait have been waiting for a while.
        """
        call = object()
        with self._changed:
            self._wait()
            began = self._under_way[call] = self._clock()
        try:
            yield
        except (requests.RequestException, ProviderUnreachable):
            with self._changed:
                if self._clock() - began >= PATIENCE_S:
                    self._silent_until = self._clock() + SILENT_S
            raise
        finally:
            with self._changed:
                del self._under_way[call]
                self._changed.notify()

    def _wait(self) -> None:
        while True:
            if self._clock() < self._silent_until:
                raise ProviderUnreachable
            if len(self._under_way) < MOST_AT_ONCE:
                return
            left = min(self._under_way.values()) + PATIENCE_S - self._clock()
            if left <= 0:
                raise ProviderUnreachable
            self._changed.wait(left)


class Calls:
    """One for each provider; ``ca_file`` names the certificates that it is believed by, if not those of the system."""

    def __init__(self, ca_file: str | None = None) -> None:
        self._verify: str | bool = ca_file or True
        self._gate = Gate()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A JSON object.

        Raises:
            ProviderUnreachable: anything else.
        """
        return _dictionary(self._value("GET", url, headers or {}, None))

    def get_list(self, url: str, headers: Mapping[str, str]) -> list[Any]:
        """A JSON array.

        Raises:
            ProviderUnreachable: anything else.
        """
        found = self._value("GET", url, headers, None)
        if not isinstance(found, list):
            raise ProviderUnreachable
        return found

    def post(self, url: str, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        """The JSON object that a form leads to.

        Raises:
            ProviderUnreachable: anything else, a refusal too.
        """
        return _dictionary(self._value("POST", url, headers, body))

    def _value(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> object:
        if not is_safe(url):
            raise ProviderUnreachable
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            # One session a call: no cookie of a provider lives on, and no thread shares one.
            with self._gate.passed(), requests.Session() as session:
                session.trust_env = False
                asked = session.request(
                    method, url, headers=sent, data=body, timeout=DEADLINE_S, allow_redirects=False, stream=True, verify=self._verify
                )
                with asked as answer:
                    value: object = json.loads(_whole(answer))
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise ProviderUnreachable from error
        if answer.status_code != requests.codes.ok:
            raise ProviderUnreachable
        return value


def _dictionary(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProviderUnreachable
    return value


def _whole(answer: requests.Response) -> bytes:
    until = time.monotonic() + DEADLINE_S
    read = bytearray()
    for piece in answer.iter_content(_PIECE):
        read += piece
        if len(read) > MOST_BYTES or time.monotonic() > until:
            raise ProviderUnreachable
    return bytes(read)
