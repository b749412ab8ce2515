"""Mark experiments for oneself. What somebody starred is theirs alone: the audit log tells that it happened, not of what."""

from __future__ import annotations

from typing import Final

from tb_share.errors import BadRequest, NotFound
from tb_share.model.caller import Member
from tb_share.model.experiment import is_experiment_id
from tb_share.model.project import Project
from tb_share.operations.desk import Desk
from tb_share.store import stars

MAX_STARS: Final = 5000


def of(desk: Desk, project: Project, by: Member) -> frozenset[str]:
    """The experiments that somebody starred."""
    with desk.database.read() as connection:
        return stars.of(connection, project.uid, by.user_id)


def star(desk: Desk, project: Project, by: Member, experiment: str) -> None:
    """Mark it; it may be marked already.

    Raises:
        NotFound: no experiment is called so.
        BadRequest: there are very many already.
    """
    if not is_experiment_id(experiment):
        raise NotFound
    with desk.database.write() as connection:
        known = stars.of(connection, project.uid, by.user_id)
        if experiment in known:
            return
        if len(known) >= MAX_STARS:
            raise BadRequest(f"At most {MAX_STARS} experiments of a project can be starred. Take some stars away first.")
        stars.put(connection, project.uid, by.user_id, experiment)
        desk.note(connection, f"user:{by.user_id}", "experiment.star", f"project:{project.id}")


def unstar(desk: Desk, project: Project, by: Member, experiment: str) -> None:
    """Take the mark away; it may be gone already.

    Raises:
        NotFound: no experiment is called so.
    """
    if not is_experiment_id(experiment):
        raise NotFound
    with desk.database.write() as connection:
        if experiment in stars.of(connection, project.uid, by.user_id):
            stars.remove(connection, project.uid, by.user_id, experiment)
            desk.note(connection, f"user:{by.user_id}", "experiment.unstar", f"project:{project.id}")
