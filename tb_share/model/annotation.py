"""What people say of experiments. It lies in the database; what training wrote is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
class StepRange:
    """A stretch of training, both ends included."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A cell of a notebook that lies beside the logs, by the id that the notebook gives it, else ``#`` and its number from 1."""

    file: str
    """As ``files`` of the plugin lists it."""
    cell: str


NotePlace = StepRange | NotebookCell


def place_json(place: NotePlace | None) -> dict[str, object] | None:
    """As the API says it and the database keeps it: ``{"steps": [FIRST, LAST]}`` or ``{"file": FILE, "cell": CELL}``."""
    match place:
        case None:
            return None
        case StepRange(first, last):
            return {"steps": [first, last]}
        case NotebookCell(file, cell):
            return {"file": file, "cell": cell}


def place_of(said: Mapping[str, Any] | None) -> NotePlace | None:
    """From that form, which was checked before it was kept."""
    if said is None:
        return None
    return StepRange(*said["steps"]) if "steps" in said else NotebookCell(said["file"], said["cell"])


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
    place: NotePlace | None = None
    """What of the experiment it is about, if not all of it."""
