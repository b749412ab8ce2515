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
    READ_FILES = "read_files"
    """What lies beside the event files: checkpoints, notebooks, configuration."""
    READ_LINKS = "read_links"
    CREATE_LINK = "create_link"
    REVOKE_OWN_LINK = "revoke_own_link"
    REVOKE_ANY_LINK = "revoke_any_link"
    READ_ANNOTATIONS = "read_annotations"
    """What people said of experiments: tags, names, notes."""
    EDIT_EXPERIMENT = "edit_experiment"
    """Its name here, tags, description, whether it is archived."""
    COMMENT = "comment"
    """Write notes, and resolve them."""
    DELETE_ANY_NOTE = "delete_any_note"
    KEEP_OWN = "keep_own"
    """Stars, and saved views that nobody else sees: one's own."""
    SHARE_VIEW = "share_view"
    """Save views for the whole project, change them, and name the one that it opens with."""
    READ_MEMBERS = "read_members"
    MANAGE_MEMBERS = "manage_members"
    LEAVE_PROJECT = "leave_project"
    MANAGE_PROJECT = "manage_project"
    """Who may read it without a role, how long its links live, whether viewers may comment."""
    READ_AUDIT = "read_audit"
    """What was done in the project."""
    MANAGE_SESSIONS = "manage_sessions"
    """One's own."""
    MANAGE_WORKSPACE = "manage_workspace"
    """Everybody's accounts, the settings in force, and the audit log of everything: administrators."""


ADMIN_ACTIONS: Final = frozenset({Action.MANAGE_WORKSPACE})
"""Actions without a project, for workspace administrators."""
WORKSPACE_ACTIONS: Final = ADMIN_ACTIONS | {
    Action.PUBLIC,
    Action.LIST_PROJECTS,
    Action.READ_ACCOUNT,
    Action.SIGN_OUT,
    Action.MANAGE_TOKENS,
    Action.MANAGE_SESSIONS,
}
"""Actions without a project."""
