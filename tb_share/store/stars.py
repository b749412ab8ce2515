"""Stars: which experiments somebody marked for themselves. Nobody else reads them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from tb_share.store.tables import STAR


def of(connection: Connection, project_uid: str, user_id: str) -> frozenset[str]:
    """The experiments of a project that somebody starred."""
    query = select(STAR.c.experiment).where(STAR.c.project_uid == project_uid, STAR.c.user_id == user_id)
    return frozenset(connection.execute(query).scalars())


def put(connection: Connection, project_uid: str, user_id: str, experiment: str) -> None:
    """One more, which is not there yet."""
    connection.execute(insert(STAR).values(project_uid=project_uid, user_id=user_id, experiment=experiment))


def remove(connection: Connection, project_uid: str, user_id: str, experiment: str) -> None:
    """One less; it need not be there."""
    where = (STAR.c.project_uid == project_uid) & (STAR.c.user_id == user_id) & (STAR.c.experiment == experiment)
    connection.execute(delete(STAR).where(where))
