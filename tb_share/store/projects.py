"""Projects: what each word in an address stands for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from tb_share.model.project import Managed, Openness, Project, Upstream, Visibility
from tb_share.store.tables import PROJECT


def put(connection: Connection, project: Project, now: datetime) -> Project:
    """Add the project, or give the one with this id its new title and source; grants and links hang on the uid, which stays."""
    row = {"title": project.title, "source": _source_as_json(project.source)}
    known = find(connection, project.id)
    if known is None:
        connection.execute(insert(PROJECT).values(uid=project.uid, id=project.id, created_at=now, **row))
        return project
    if known.source != project.source or known.title != project.title:
        connection.execute(update(PROJECT).where(PROJECT.c.uid == known.uid).values(**row))
    return Project(known.id, known.uid, project.title, project.source)


def find(connection: Connection, project_id: str) -> Project | None:
    """The project with this word in its address."""
    row = connection.execute(select(PROJECT).where(PROJECT.c.id == project_id)).mappings().first()
    return None if row is None else _project(row)


def find_by_uid(connection: Connection, uid: str) -> Project | None:
    """The project that grants and links with this uid belong to."""
    row = connection.execute(select(PROJECT).where(PROJECT.c.uid == uid)).mappings().first()
    return None if row is None else _project(row)


def everything(connection: Connection) -> tuple[Project, ...]:
    """All projects that were ever declared, by id."""
    return tuple(_project(row) for row in connection.execute(select(PROJECT).order_by(PROJECT.c.id)).mappings())


def openness(connection: Connection) -> Mapping[str, Openness]:
    """What owners decided, by uid, of all projects."""
    query = select(PROJECT.c.uid, PROJECT.c.visibility, PROJECT.c.link_default_s, PROJECT.c.link_max_s, PROJECT.c.viewers_comment)
    return {uid: Openness(Visibility(visibility), *rest) for uid, visibility, *rest in connection.execute(query)}


def set_openness(connection: Connection, uid: str, wanted: Openness) -> None:
    """What owners decide now."""
    row = {name: getattr(wanted, name) for name in ("link_default_s", "link_max_s", "viewers_comment")}
    row["visibility"] = wanted.visibility.value
    connection.execute(update(PROJECT).where(PROJECT.c.uid == uid).values(**row))


def _source_as_json(source: Managed | Upstream) -> dict[str, str]:
    return {"logdir": source.logdir} if isinstance(source, Managed) else {"url": source.url}


def _project(row: RowMapping) -> Project:
    source = row["source"]
    where: Managed | Upstream = Managed(source["logdir"]) if "logdir" in source else Upstream(source["url"])
    return Project(row["id"], row["uid"], row["title"], where)
