"""Who is asking: one type for each kind of credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tb_share.model.api_token import ContentLimits, Limits
from tb_share.model.project import Role
from tb_share.model.share_link import Scope

NO_ROLES: Mapping[str, Role] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signed in."""

    user_id: str
    name: str
    is_admin: bool = False
    """A workspace administrator is an owner in every project."""
    roles: Mapping[str, Role] = field(default_factory=lambda: NO_ROLES)
    """Role by project uid."""
    emails: frozenset[str] = frozenset()
    """Addresses that are surely theirs: a provider that really checks them said so, or an administrator."""
    limits: Limits | ContentLimits | None = None
    """What the credential that they come with narrows them to: an API token, or the cookie of the content's origin."""

    def reaches(self, project_uid: str) -> bool:
        """Whether their credential is for this project at all."""
        return self.limits is None or self.limits.projects is None or project_uid in self.limits.projects

    def role_in(self, project_uid: str) -> Role | None:
        """The role in a project; a workspace administrator owns every project."""
        if not self.reaches(project_uid):
            return None
        return Role.OWNER if self.is_admin else self.roles.get(project_uid)


@dataclass(frozen=True, slots=True)
class LinkVisitor:
    """Somebody who opened a share link."""

    link_id: str
    project_uid: str
    scope: Scope
    download: bool = False
    """Whether they may fetch files of data, rather than only look at it."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Nobody we know."""


Caller = Member | LinkVisitor | Stranger
