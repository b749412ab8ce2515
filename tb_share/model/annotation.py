"""What people say of experiments. It lies in the database; what training wrote is never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Annotation:
    """Of one experiment. ``version`` counts its changes: whoever changes it says which version they saw."""

    experiment: str
    display_name: str = ""
    description: str = ""
    """Markdown."""
    tags: tuple[str, ...] = ()
    archived: bool = False
    version: int = 0
    """0: nobody has said anything yet."""
    open_notes: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Somebody's words on one experiment."""

    id: str
    experiment: str
    author_id: str
    author: str
    text: str
    """Markdown."""
    created_at: datetime
    edited_at: datetime | None
    resolved_by: str | None
    """The name of who resolved it."""
    resolved_at: datetime | None
    version: int
    deleted_at: datetime | None = None
    """Since when it is gone for everybody, and kept only to be brought back."""
