"""The strict check of an ID token (S-OIDC-3; OpenID Connect Core 1.0, 3.1.3.7, and stricter). Pure but for the keys it is handed.

Whatever is missing, doubled, odd or late ends in ``SignInRefused``, whose reason is for the server's log alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from tb_share.errors import SignInRefused
from tb_share.identity.oidc.key_set import NamedKey

LONGEST: Final = 16 * 1024
LEEWAY_S: Final = 60
OLDEST_S: Final = 600
_LATEST: Final = 2**40
_LONGEST_SUBJECT: Final = 255
_HASHES: Final = {"RS256": hashlib.sha256, "PS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}
_HEADER: Final = frozenset({"alg", "kid", "typ", "cty", "x5t", "x5t#S256"})
"""What a header may hold. No ``crit``, and nothing that would bring a key along (``jwk``, ``jku``, ``x5u``, ``x5c``)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to be about."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: tuple[str, ...]
    access_token: str | None = None


class UnknownKey(SignInRefused):
    """No key that we have verifies it; the provider may have newer ones."""


def verified(token: object, keys: Iterable[NamedKey], expected: Expected, now: float) -> Mapping[str, Any]:
    """The claims of an ID token that passes every check.

    Raises:
        UnknownKey: none of these keys made its signature.
        SignInRefused: in every other case.
    """
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST or not token.isascii():
        raise SignInRefused("no ID token")
    claims, algorithm = signed_claims(token, keys, expected.algorithms, kinds=frozenset({None, "JWT"}))
    check_audience(claims, expected)
    _check_times(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce or not expected.nonce or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise SignInRefused("nonce")
    if not is_subject(claims.get("sub")):
        raise SignInRefused("sub")
    if "at_hash" in claims and not _is_hash_of(claims["at_hash"], expected.access_token, algorithm):
        raise SignInRefused("at_hash")
    return claims


def signed_claims(
    token: str, keys: Iterable[NamedKey], algorithms: tuple[str, ...], kinds: frozenset[str | None]
) -> tuple[dict[str, Any], str]:
    """The claims of a token that one of the keys signed, and the algorithm. ``kinds``: the values of ``typ`` that are accepted.

    Raises:
        UnknownKey: none of these keys made its signature.
        SignInRefused: it is no such token.
    """
    header = _header(token)
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in algorithms:
        raise SignInRefused("alg")
    if not set(header) <= _HEADER:
        raise SignInRefused("header")
    if header.get("typ") not in kinds:
        raise SignInRefused("typ")
    if "kid" in header and not isinstance(name, str):
        raise SignInRefused("kid")
    fitting = [each for each in keys if each.fits(algorithm) and (name is None or each.name == name)]
    if name is None and len(fitting) > 1:
        raise SignInRefused("no kid, several keys")
    for each in fitting:
        try:
            payload = jws.deserialize_compact(token, each.key, algorithms=[algorithm]).payload
        except (JoseError, ValueError, TypeError):
            continue
        return _claims(payload), algorithm
    raise UnknownKey("signature")


def check_audience(claims: Mapping[str, Any], expected: Expected) -> None:
    """Whose it is, and for whom.

    Raises:
        SignInRefused: not for us alone, or not by this issuer.
    """
    if claims.get("iss") != expected.issuer:
        raise SignInRefused("iss")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or expected.client_id not in named or not all(isinstance(each, str) for each in named):
        raise SignInRefused("aud")
    if (len(named) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise SignInRefused("azp")


def is_subject(value: object) -> bool:
    """Whether it can name somebody."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_SUBJECT and value.isprintable()


def is_time(value: object) -> bool:
    """Whether it is a NumericDate that can be compared."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _LATEST


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = claims.get("exp"), claims.get("iat")
    if not is_time(expires) or expires <= now - LEEWAY_S:  # type: ignore[operator]  # is_time says that it is a number
        raise SignInRefused("exp")
    if not is_time(issued) or not now - OLDEST_S < issued <= now + LEEWAY_S:  # type: ignore[operator]
        raise SignInRefused("iat")
    if "nbf" in claims and (not is_time(claims["nbf"]) or claims["nbf"] > now + LEEWAY_S):
        raise SignInRefused("nbf")


def _header(token: str) -> dict[str, Any]:
    parts = token.split(".")
    try:
        header = json.loads(_decoded(parts[0])) if len(parts) == 3 else None  # noqa: PLR2004 - of RFC 7515
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise SignInRefused("header")
    return header


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise SignInRefused("payload")
    return claims


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _is_hash_of(claimed: object, access_token: str | None, algorithm: str) -> bool:
    if not isinstance(claimed, str) or access_token is None:
        return False
    digest = _HASHES[algorithm](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    return hmac.compare_digest(claimed.encode(), half)
