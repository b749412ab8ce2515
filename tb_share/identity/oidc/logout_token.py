"""The check of a logout token (S-OIDC-11; OpenID Connect Back-Channel Logout 1.0, 2.6)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

from tb_share.errors import SignInRefused
from tb_share.identity.oidc.id_token import (
    LEEWAY_S,
    LONGEST,
    OLDEST_S,
    Expected,
    UnknownKey,
    check_audience,
    is_subject,
    is_time,
    signed_claims,
)
from tb_share.identity.oidc.relying_party import RelyingParty

_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_MOST_SEEN: Final = 4096
_LONGEST_SESSION: Final = 320
_LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Who: a subject with all their sessions, or one session of theirs; and until when one may have begun, Unix seconds."""

    subject: str | None
    session: str | None
    began_until: float


class SeenIds:
    """Tokens that were used: each counts once. Of one process; a second use elsewhere ends what has already ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[tuple[str, str], float] = {}

    def is_new(self, issuer: str, id_: str, now: float) -> bool:
        """Whether it was never seen; from now on it was."""
        with self._lock:
            if len(self._until) >= _MOST_SEEN:
                self._until = {key: until for key, until in self._until.items() if until > now}
            if self._until.get((issuer, id_), 0) > now or len(self._until) >= _MOST_SEEN:
                return False
            self._until[issuer, id_] = now + OLDEST_S + LEEWAY_S
            return True


def checked(party: RelyingParty, token: str, seen: SeenIds, now: float) -> SignedOut:
    """Who signed out.

    Raises:
        SignInRefused: it is no logout token of this provider for us.
        ProviderUnreachable: its keys are not to be had.
    """
    if not 0 < len(token) <= LONGEST or not token.isascii():
        raise SignInRefused("no logout token")
    key_set, metadata = party.keys_and_metadata()
    kinds: frozenset[str | None] = frozenset({None, "JWT", "logout+jwt"})
    try:
        claims, _ = signed_claims(token, key_set.keys(metadata.jwks_uri), metadata.algorithms, kinds)
    except UnknownKey:
        claims, _ = signed_claims(token, key_set.newer(metadata.jwks_uri), metadata.algorithms, kinds)
    check_audience(claims, Expected(metadata.issuer, party.settings.client_id, "", metadata.algorithms))
    _check_logout(claims, now)
    subject, session = _who(claims)
    id_ = claims.get("jti")
    if not isinstance(id_, str) or not 0 < len(id_) <= _LONGEST_ID or not seen.is_new(metadata.issuer, id_, now):
        raise SignInRefused("jti")
    # Whoever signs in again after that stays in, also when the token is sent once more; clocks may differ.
    return SignedOut(subject, session, claims["iat"] + LEEWAY_S)


def _check_logout(claims: dict[str, Any], now: float) -> None:
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise SignInRefused("events")
    if "nonce" in claims:
        raise SignInRefused("nonce")
    issued, expires = claims.get("iat"), claims.get("exp", now + 1)
    if not is_time(issued) or not now - OLDEST_S < issued <= now + LEEWAY_S:  # type: ignore[operator]  # is_time says that it is a number
        raise SignInRefused("iat")
    if not is_time(expires) or expires <= now - LEEWAY_S:
        raise SignInRefused("exp")


def _who(claims: dict[str, Any]) -> tuple[str | None, str | None]:
    subject, session = claims.get("sub"), claims.get("sid")
    if subject is None and session is None:
        raise SignInRefused("neither sub nor sid")
    if subject is not None and not is_subject(subject):
        raise SignInRefused("sub")
    if session is not None and not (isinstance(session, str) and 0 < len(session) <= _LONGEST_SESSION):
        raise SignInRefused("sid")
    return subject, session
