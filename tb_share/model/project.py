"""A project: one access boundary, and where its TensorBoard comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PROJECT_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
RESERVED_IDS: Final = frozenset({"api", "data", "health", "invite", "login", "logout", "p", "projects", "s", "static"})


class Role(StrEnum):
    """What a member is in one project, weakest first."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    OWNER = "owner"


class Visibility(StrEnum):
    """Who may read a project without a role in it."""

    MEMBERS = "members"
    """Nobody."""
    SIGNED_IN = "signed_in"
    """Everybody who signed in."""
    PUBLIC = "public"
    """Anybody."""


@dataclass(frozen=True, slots=True)
class Openness:
    """What the owners of a project decided on it; None: what the server's settings say."""

    visibility: Visibility = Visibility.MEMBERS
    link_default_s: int | None = None
    link_max_s: int | None = None
    viewers_comment: bool = False
    """Whether viewers too may write notes on experiments."""


@dataclass(frozen=True, slots=True)
class Managed:
    """We run a TensorBoard host over this directory."""

    logdir: str


@dataclass(frozen=True, slots=True)
class Upstream:
    """Somebody runs this TensorBoard; ``url`` has scheme, host, port and an optional path prefix without trailing slash."""

    url: str


@dataclass(frozen=True, slots=True)
class Project:
    """``id`` is the word in addresses; ``uid`` is random and what grants and links hang on (S-ROLE-8)."""

    id: str
    uid: str
    title: str
    source: Managed | Upstream


def is_project_id(text: str) -> bool:
    """Whether ``text`` may name a project (S-PATH-5)."""
    return PROJECT_ID.fullmatch(text) is not None and text not in RESERVED_IDS
