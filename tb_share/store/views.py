"""Saved views of the Experiments tab."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from tb_share.model.saved_view import SavedView
from tb_share.store.tables import VIEW


def seen_by(connection: Connection, project_uid: str, user_id: str) -> tuple[SavedView, ...]:
    """Those of the project that are shared, and somebody's own, by name; none that is deleted."""
    query = (
        select(VIEW)
        .where(VIEW.c.project_uid == project_uid, VIEW.c.deleted_at.is_(None), or_(VIEW.c.shared, VIEW.c.author_id == user_id))
        .order_by(VIEW.c.name, VIEW.c.id)
    )
    return tuple(map(_view, connection.execute(query).mappings()))


def find(connection: Connection, project_uid: str, view_id: str) -> SavedView | None:
    """One of the project, deleted or not."""
    row = connection.execute(select(VIEW).where(VIEW.c.id == view_id, VIEW.c.project_uid == project_uid)).mappings().first()
    return None if row is None else _view(row)


def put(connection: Connection, project_uid: str, view: SavedView) -> None:
    """The view as it is now."""
    row = {name: getattr(view, name) for name in SavedView.__slots__ if name not in {"id", "state"}} | {"state": dict(view.state)}
    if not connection.execute(update(VIEW).where(VIEW.c.id == view.id).values(**row)).rowcount:
        connection.execute(insert(VIEW).values(id=view.id, project_uid=project_uid, **row))


def default(connection: Connection, project_uid: str) -> str | None:
    """The id of the one that the project opens with."""
    query = select(VIEW.c.id).where(VIEW.c.project_uid == project_uid, VIEW.c.deleted_at.is_(None), VIEW.c.is_default)
    found: str | None = connection.execute(query).scalar()
    return found


def no_default_but(connection: Connection, project_uid: str, view_id: str) -> None:
    """A project has one default at most."""
    where = (VIEW.c.project_uid == project_uid) & (VIEW.c.id != view_id) & VIEW.c.is_default
    connection.execute(update(VIEW).where(where).values(is_default=False, version=VIEW.c.version + 1))


def drop_deleted(connection: Connection, before: datetime) -> None:
    """Those that were deleted so long ago that nobody brings them back."""
    connection.execute(delete(VIEW).where(VIEW.c.deleted_at < before))


def _view(row: RowMapping) -> SavedView:
    return SavedView(**{name: row[name] for name in SavedView.__slots__})
