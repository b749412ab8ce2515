"""What a provider says of itself: fetched from its issuer's address, believed only if it names that issuer (S-OIDC-4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tb_share.errors import ProviderUnreachable
from tb_share.identity.oidc.addresses import is_safe
from tb_share.identity.oidc.calls import Calls

LIFE_S: Final = 3600.0
_RETRY_S: Final = 10.0
_LONGEST_TOLD: Final = 200
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""The signatures that we accept at all; a provider's list can only narrow them."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Of OpenID Connect Discovery 1.0, section 3, what we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    says_iss: bool
    """Whether its answers carry ``iss`` (RFC 9207)."""
    algorithms: tuple[str, ...]
    basic_auth: bool
    """Whether the client's secret goes into the Authorization header, which is the default, and not into the form."""


def parse(value: Mapping[str, Any], issuer: str) -> Metadata:
    """Check a discovery document.

    Raises:
        ProviderUnreachable: it is another issuer's, or lacks what a sign-in needs.
    """
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    named = value.get("issuer")
    if named != issuer:
        told = repr(named[:_LONGEST_TOLD]) if isinstance(named, str) else "nothing"
        raise ProviderUnreachable(f"its discovery document names as issuer {told}, and the settings {issuer!r}: every slash counts")
    if not all(is_safe(value.get(name)) for name in needed):
        raise ProviderUnreachable("its discovery document lacks an https address that a sign-in needs")
    offered = value.get("id_token_signing_alg_values_supported", ["RS256"])
    algorithms = tuple(each for each in ALGORITHMS if isinstance(offered, list) and each in offered)
    if not algorithms:
        raise ProviderUnreachable(f"it signs with none of {', '.join(ALGORITHMS)}")
    methods = value.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=issuer,
        authorization_endpoint=value["authorization_endpoint"],
        token_endpoint=value["token_endpoint"],
        jwks_uri=value["jwks_uri"],
        userinfo_endpoint=_safe_or_none(value.get("userinfo_endpoint")),
        end_session_endpoint=_safe_or_none(value.get("end_session_endpoint")),
        says_iss=value.get("authorization_response_iss_parameter_supported") is True,
        algorithms=algorithms,
        basic_auth=not isinstance(methods, list) or "client_secret_basic" in methods,
    )


def _safe_or_none(url: object) -> str | None:
    return url if isinstance(url, str) and is_safe(url) else None


class Discovery:
    """The metadata of one issuer, kept for an hour; what was known goes on counting while the provider is away."""

    def __init__(self, issuer: str, calls: Calls, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._calls = calls
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Metadata | None = None
        self._ask_again_at = 0.0

    def metadata(self) -> Metadata:
        """What is known, or is found out now.

        Raises:
            ProviderUnreachable: nothing good was ever said.
        """
        with self._lock:
            known = self._known
            if known is not None:
                if self._clock() < self._ask_again_at:
                    return known
                # Whoever comes while one asks goes on with what is known.
                self._ask_again_at = self._clock() + _RETRY_S
        try:
            found = parse(self._calls.get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"), self._issuer)
        except ProviderUnreachable:
            if known is None:
                raise
            return known
        with self._lock:
            self._known, self._ask_again_at = found, self._clock() + LIFE_S
        return found
