"""Calls to a provider: https (or loopback), five seconds, a size that fits, no redirects, no proxies of the environment (S-OIDC-12)."""

from __future__ import annotations

import json
import re
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
_LONGEST_PLACE: Final = 200
_CODE: Final = re.compile(r"[a-z_]{1,40}")


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
                raise ProviderUnreachable("it kept silent a moment ago and is left alone for ten seconds")
            if len(self._under_way) < MOST_AT_ONCE:
                return
            left = min(self._under_way.values()) + PATIENCE_S - self._clock()
            if left <= 0:
                raise ProviderUnreachable("as many as may wait for it are waiting")
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
        return _dictionary(self._value("GET", url, headers or {}, None), url)

    def get_list(self, url: str, headers: Mapping[str, str]) -> list[Any]:
        """A JSON array.

        Raises:
            ProviderUnreachable: anything else.
        """
        found = self._value("GET", url, headers, None)
        if not isinstance(found, list):
            raise ProviderUnreachable(f"{_place(url)} answers no JSON array")
        return found

    def post(self, url: str, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        """The JSON object that a form leads to.

        Raises:
            ProviderUnreachable: anything else, a refusal too.
        """
        return _dictionary(self._value("POST", url, headers, body), url)

    def _value(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> object:
        if not is_safe(url):
            raise ProviderUnreachable("an address of it is not https")
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            # One session a call: no cookie of a provider lives on, and no thread shares one.
            with self._gate.passed(), requests.Session() as session:
                session.trust_env = False
                asked = session.request(
                    method, url, headers=sent, data=body, timeout=DEADLINE_S, allow_redirects=False, stream=True, verify=self._verify
                )
                with asked as answer:
                    value: object = json.loads(_whole(answer, url))
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise ProviderUnreachable(f"{_place(url)} {_what(error)}") from error
        if answer.status_code != requests.codes.ok:
            raise ProviderUnreachable(f"{_place(url)} answers {answer.status_code}{_said(value)}")
        return value


def _place(url: str) -> str:
    """Where it was asked, without what was asked."""
    return url.partition("?")[0][:_LONGEST_PLACE]


def _what(error: Exception) -> str:
    """What went wrong, by its kind: the texts of these errors repeat what was sent."""
    match error:
        case requests.exceptions.SSLError():
            return "has a certificate that is not trusted here: name the authority that signed it in ca_file"
        case requests.Timeout():
            return f"does not answer within {DEADLINE_S:g} s"
        case requests.ConnectionError():
            return "cannot be reached from this machine"
        case ValueError() | RecursionError():
            return "answers no JSON: is that the issuer's address?"
    return f"cannot be asked ({type(error).__name__})"


def _said(value: object) -> str:
    """The error code of OAuth 2 (RFC 6749, section 5.2), which is a word."""
    code = value.get("error") if isinstance(value, dict) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return ""
    return f" {code}: client_id or client_secret is another one there" if code == "invalid_client" else f" {code}"


def _dictionary(value: object, url: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProviderUnreachable(f"{_place(url)} answers no JSON object")
    return value


def _whole(answer: requests.Response, url: str) -> bytes:
    until = time.monotonic() + DEADLINE_S
    read = bytearray()
    for piece in answer.iter_content(_PIECE):
        read += piece
        if len(read) > MOST_BYTES or time.monotonic() > until:
            raise ProviderUnreachable(f"{_place(url)} answers at more length, or more slowly, than it may")
    return bytes(read)
