"""The two tables: what a role may do, and the most each kind of credential may ever do. Unlisted means no (S-ROLE-2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tb_share.model.api_token import ContentLimits, Limits, TokenScope
from tb_share.model.caller import Caller, LinkVisitor, Member, Stranger
from tb_share.model.project import Role, Visibility
from tb_share.policy.actions import ADMIN_ACTIONS, WORKSPACE_ACTIONS, Action

_VIEWER: Final = frozenset(
    {
        Action.READ_PROJECT,
        Action.READ_TENSORBOARD,
        Action.READ_FOREIGN_PLUGINS,
        Action.READ_FILES,
        Action.READ_ANNOTATIONS,
        Action.KEEP_OWN,
        Action.READ_MEMBERS,
        Action.LEAVE_PROJECT,
    }
)
_CONTRIBUTOR: Final = _VIEWER | {
    Action.READ_LINKS,
    Action.CREATE_LINK,
    Action.REVOKE_OWN_LINK,
    Action.EDIT_EXPERIMENT,
    Action.COMMENT,
    Action.SHARE_VIEW,
}
_OWNER: Final = _CONTRIBUTOR | {
    Action.REVOKE_ANY_LINK,
    Action.MANAGE_MEMBERS,
    Action.MANAGE_PROJECT,
    Action.READ_AUDIT,
    Action.DELETE_ANY_NOTE,
}

MAY: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType({Role.VIEWER: _VIEWER, Role.CONTRIBUTOR: _CONTRIBUTOR, Role.OWNER: _OWNER})
"""What each role may do inside its project."""

VIEWERS_MAY_TOO: Final = frozenset({Action.COMMENT})
"""What viewers may besides, in a project whose owners let them comment. It gives nothing to anybody without a role."""

_OPEN: Final = frozenset({Action.READ_PROJECT, Action.READ_TENSORBOARD})
OPEN_TO_MEMBERS: Final[Mapping[Visibility, frozenset[Action]]] = MappingProxyType(
    {Visibility.MEMBERS: frozenset(), Visibility.SIGNED_IN: _OPEN, Visibility.PUBLIC: _OPEN}
)
"""What everybody who signed in may do in a project, without a role in it."""
OPEN_TO_STRANGERS: Final[Mapping[Visibility, frozenset[Action]]] = MappingProxyType(
    {Visibility.MEMBERS: frozenset(), Visibility.SIGNED_IN: frozenset(), Visibility.PUBLIC: frozenset({Action.READ_TENSORBOARD})}
)
"""What anybody may do there."""

CEILING: Final[Mapping[type[Caller], frozenset[Action]]] = MappingProxyType(
    {
        Member: frozenset(Action),
        LinkVisitor: frozenset({Action.PUBLIC, Action.READ_TENSORBOARD}),
        Stranger: frozenset({Action.PUBLIC, Action.READ_TENSORBOARD}),
    }
)
"""The most each kind of credential may ever do, whatever stands behind it."""


_READ: Final = frozenset(
    {
        Action.PUBLIC,
        Action.LIST_PROJECTS,
        Action.READ_ACCOUNT,
        Action.READ_PROJECT,
        Action.READ_TENSORBOARD,
        Action.READ_FILES,
        Action.READ_ANNOTATIONS,
        Action.READ_MEMBERS,
        Action.READ_LINKS,
    }
)
_WRITE: Final = _READ | {
    Action.CREATE_LINK,
    Action.REVOKE_OWN_LINK,
    Action.EDIT_EXPERIMENT,
    Action.COMMENT,
    Action.KEEP_OWN,
    Action.SHARE_VIEW,
}
TOKEN_MAY: Final[Mapping[TokenScope, frozenset[Action]]] = MappingProxyType(
    {
        TokenScope.READ: _READ,
        TokenScope.WRITE: _WRITE,
        TokenScope.ADMIN: _WRITE
        | {Action.REVOKE_ANY_LINK, Action.MANAGE_MEMBERS, Action.MANAGE_PROJECT, Action.READ_AUDIT, Action.DELETE_ANY_NOTE},
    }
)
"""The most a token of each scope may ever do. It never signs out, makes tokens, or reaches plugins that read the disk."""


CONTENT_MAY: Final = frozenset({Action.PUBLIC, Action.READ_TENSORBOARD, Action.READ_FOREIGN_PLUGINS, Action.READ_FILES})
"""The most a member's browser may ever do on the origin of TensorBoard's pages: a script there only reads (S-XSS-4)."""


def ceiling(caller: Caller) -> frozenset[Action]:
    """The most this caller's credential may ever do."""
    most = CEILING.get(type(caller), frozenset())
    match caller:
        case Member(limits=ContentLimits()):
            return most & CONTENT_MAY
        case Member(limits=Limits(scopes=scopes)):
            return most & frozenset().union(*(TOKEN_MAY[scope] for scope in scopes))
        case _:
            return most


def member_may(member: Member | None, action: Action, project_uid: str) -> bool:
    """Whether somebody's role in the project includes this, and what they come with does too.

    For rights that hang on whose something is, or on a third person, such as a link's creator.
    """
    role = None if member is None else member.role_in(project_uid)
    return member is not None and role is not None and action in MAY[role] & ceiling(member)


ANY_MEMBER: Final = WORKSPACE_ACTIONS - ADMIN_ACTIONS
"""What everybody who signed in may do without a project."""
