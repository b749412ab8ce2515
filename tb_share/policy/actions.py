"""Everything a caller can ask for, and whether it has a project as its target."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """One word for each thing a route does. A route without an action does not start (S-ROLE-1)."""

    PUBLIC = "public"
    """Sign-in pages, link landing, health, assets without data: anybody."""
    LIST_PROJECTS = "list_projects"
    READ_ACCOUNT = "read_account"
    SIGN_OUT = "sign_out"
    MANAGE_TOKENS = "manage_tokens"
    """One's own."""
    READ_PROJECT = "read_project"
    READ_TENSORBOARD = "read_tensorboard"
    READ_FOREIGN_PLUGINS = "read_foreign_plugins"
    """Plugins that read the disk themselves, or that we do not know (S-FILE-9)."""
    READ_LINKS = "read_links"
    CREATE_LINK = "create_link"
    REVOKE_OWN_LINK = "revoke_own_link"
    REVOKE_ANY_LINK = "revoke_any_link"
    READ_MEMBERS = "read_members"
    MANAGE_MEMBERS = "manage_members"


WORKSPACE_ACTIONS: Final = frozenset({Action.PUBLIC, Action.LIST_PROJECTS, Action.READ_ACCOUNT, Action.SIGN_OUT, Action.MANAGE_TOKENS})
"""Actions without a project."""
