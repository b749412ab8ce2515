"""API tokens: what they may do at most, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TokenScope(StrEnum):
    """What a token was made for. It never exceeds what its owner may do (S-TOK-2)."""

    READ = "read"
    WRITE = "write"
    """Also make share links, and revoke those that its owner made."""
    ADMIN = "admin"
    """Everything that its owner may do in projects."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What narrows a member who comes with a token: the scopes, and the projects by uid; None: all of its owner's."""

    token_id: str
    scopes: frozenset[TokenScope]
    projects: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ContentLimits:
    """What narrows a member whose browser looks at TensorBoard's pages on an origin of their own: reading, in one project."""

    projects: frozenset[str]
    """The project's uid."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One row, without its secret."""

    id: str
    user_id: str
    name: str
    scopes: frozenset[TokenScope]
    projects: frozenset[str] | None
    """By uid."""
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at

    @property
    def limits(self) -> Limits:
        """What whoever comes with it is narrowed to."""
        return Limits(self.id, self.scopes, self.projects)
