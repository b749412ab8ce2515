"""What people said of experiments: annotations and notes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from tb_share.model.annotation import Annotation, Note, place_json, place_of
from tb_share.store.tables import ANNOTATION, NOTE


def in_project(connection: Connection, project_uid: str) -> tuple[Annotation, ...]:
    """Of every experiment that somebody said something of, by experiment."""
    unresolved = select(NOTE.c.experiment, func.count()).where(*_open_in(project_uid)).group_by(NOTE.c.experiment)
    notes = {row[0]: int(row[1]) for row in connection.execute(unresolved)}
    query = select(ANNOTATION).where(ANNOTATION.c.project_uid == project_uid)
    found = {row["experiment"]: _annotation(row, notes) for row in connection.execute(query).mappings()}
    found |= {each: Annotation(each, open_notes=count) for each, count in notes.items() if each not in found}
    return tuple(found[each] for each in sorted(found))


def find(connection: Connection, project_uid: str, experiment: str) -> Annotation:
    """Of one experiment; version 0 if nobody said anything."""
    query = select(ANNOTATION).where(ANNOTATION.c.project_uid == project_uid, ANNOTATION.c.experiment == experiment)
    row = connection.execute(query).mappings().first()
    unresolved = select(func.count()).select_from(NOTE).where(*_open_in(project_uid), NOTE.c.experiment == experiment)
    notes = int(connection.execute(unresolved).scalar_one())
    return Annotation(experiment, open_notes=notes) if row is None else _annotation(row, {experiment: notes})


def count(connection: Connection, project_uid: str) -> int:
    """How many experiments of the project are annotated."""
    query = select(func.count()).select_from(ANNOTATION).where(ANNOTATION.c.project_uid == project_uid)
    return int(connection.execute(query).scalar_one())


def put(connection: Connection, project_uid: str, annotation: Annotation, by: str, now: datetime) -> None:
    """The annotation as it is now."""
    row: dict[str, Any] = {name: getattr(annotation, name) for name in ("display_name", "description", "archived", "version")}
    row |= {"tags": list(annotation.tags), "updated_by": by, "updated_at": now}
    where = (ANNOTATION.c.project_uid == project_uid) & (ANNOTATION.c.experiment == annotation.experiment)
    if not connection.execute(update(ANNOTATION).where(where).values(**row)).rowcount:
        connection.execute(insert(ANNOTATION).values(project_uid=project_uid, experiment=annotation.experiment, **row))


def notes(connection: Connection, project_uid: str, experiment: str) -> tuple[Note, ...]:
    """All notes on an experiment, the oldest first; none that is deleted."""
    chosen = (NOTE.c.project_uid == project_uid, NOTE.c.experiment == experiment, NOTE.c.deleted_at.is_(None))
    query = select(NOTE).where(*chosen).order_by(NOTE.c.created_at, NOTE.c.id)
    return tuple(map(_note, connection.execute(query).mappings()))


def find_note(connection: Connection, project_uid: str, note_id: str) -> Note | None:
    """One note of the project, deleted or not."""
    row = connection.execute(select(NOTE).where(NOTE.c.id == note_id, NOTE.c.project_uid == project_uid)).mappings().first()
    return None if row is None else _note(row)


def put_note(connection: Connection, project_uid: str, note: Note) -> None:
    """The note as it is now."""
    row = {name: getattr(note, name) for name in Note.__slots__ if name != "id"} | {"place": place_json(note.place)}
    if not connection.execute(update(NOTE).where(NOTE.c.id == note.id).values(**row)).rowcount:
        connection.execute(insert(NOTE).values(id=note.id, project_uid=project_uid, **row))


def drop_deleted(connection: Connection, before: datetime) -> None:
    """Those that were deleted so long ago that nobody brings them back."""
    connection.execute(delete(NOTE).where(NOTE.c.deleted_at < before))


def _open_in(project_uid: str) -> tuple[ColumnElement[bool], ...]:
    return NOTE.c.project_uid == project_uid, NOTE.c.resolved_at.is_(None), NOTE.c.deleted_at.is_(None)


def _annotation(row: RowMapping, open_notes: Mapping[str, int]) -> Annotation:
    names = ("experiment", "display_name", "description", "archived", "version")
    known = {name: row[name] for name in names}
    return Annotation(**known, tags=tuple(row["tags"]), open_notes=open_notes.get(row["experiment"], 0))


def _note(row: RowMapping) -> Note:
    return Note(**{**{name: row[name] for name in Note.__slots__}, "place": place_of(row["place"])})
