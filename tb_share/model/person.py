"""Somebody whom an identity provider vouches for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a provider vouches for. They *are* (issuer, subject); everything else is for display and rules (S-OIDC-5)."""

    provider: str
    issuer: str
    subject: str
    name: str
    email: str
    """In one canonical form; empty if there is none, or none that can be used."""
    email_verified: bool
    groups: frozenset[str]
    session_id: str | None
    """The provider's own name of the session, for sign-out from there."""
    id_token: str
