"""What a provider's claims say of somebody, read strictly: what is not exactly as it should be says nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from tb_share.errors import SignInRefused
from tb_share.model.person import Person

_LONGEST_NAME: Final = 200
_LONGEST_EMAIL: Final = 320
_MOST_GROUPS: Final = 1000
_LONGEST_GROUP: Final = 200


def person(provider: str, issuer: str, claims: Mapping[str, Any], groups_claim: str, id_token: str) -> Person:
    """Read verified claims.

    Raises:
        SignInRefused: the groups are too many, or elsewhere, so that rules about them could not be kept.
    """
    email = canonical_email(claims.get("email"))
    subject, session_id = claims["sub"], claims.get("sid")
    return Person(
        provider=provider,
        issuer=issuer,
        subject=subject,
        name=_text(claims.get("name"), _LONGEST_NAME)
        or _text(claims.get("preferred_username"), _LONGEST_NAME)
        or email
        or subject[:_LONGEST_NAME],
        email=email,
        email_verified=bool(email) and claims.get("email_verified") is True,
        groups=_groups(claims, groups_claim),
        session_id=session_id if isinstance(session_id, str) and 0 < len(session_id) <= _LONGEST_EMAIL else None,
        id_token=id_token,
    )


def canonical_email(value: object) -> str:
    """One form of an address: plain ASCII, one ``@``, small letters; empty for anything else (S-OIDC-6)."""
    if not isinstance(value, str) or len(value) > _LONGEST_EMAIL or not value.isascii():
        return ""
    name, at, domain = value.partition("@")
    plain = bool(name) and bool(at) and "@" not in domain and "." in domain.strip(".")
    odd = any(char.isspace() or not char.isprintable() or char in '<>(),;:"\\[]' for char in value)
    return "" if odd or not plain or domain != domain.strip(".") else value.lower()


def _groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    elsewhere = claims.get("_claim_names")
    if isinstance(elsewhere, dict) and claim in elsewhere:
        raise SignInRefused("groups are too many for the token")
    value = claims.get(claim)
    if not isinstance(value, list):
        return frozenset()
    if len(value) > _MOST_GROUPS:
        raise SignInRefused("groups are too many")
    # One that is no text makes the list something that we do not understand.
    if not all(isinstance(each, str) for each in value):
        return frozenset()
    return frozenset(each for each in value if 0 < len(each) <= _LONGEST_GROUP and each.isprintable())


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(char for char in unicodedata.normalize("NFC", value) if char.isprintable()).strip()[:longest]
