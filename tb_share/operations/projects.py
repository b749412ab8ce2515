"""Which projects there are: the settings name them, the database remembers what hangs on them."""

from __future__ import annotations

import secrets

from tb_share.errors import SetUpError
from tb_share.model.project import Managed, Project, Upstream, is_project_id
from tb_share.operations.desk import Desk
from tb_share.settings import Settings
from tb_share.store import projects


def declare(desk: Desk, settings: Settings) -> tuple[Project, ...]:
    """The projects that the settings name, remembered. A name keeps its members and links when its logdir or upstream moves.

    Raises:
        SetUpError: a name cannot be a project's, or stands twice.
    """
    named: list[tuple[str, Managed | Upstream]] = [(source.name, Managed(str(source.path))) for source in settings.logdir]
    named += [(source.name, Upstream(source.url)) for source in settings.upstream]
    names = [name for name, _ in named]
    for name in names:
        if not is_project_id(name):
            raise SetUpError(f"{name!r} cannot name a project. Use lower-case letters, digits and hyphens, at most 63, such as NAME=DIR.")
        if names.count(name) > 1:
            raise SetUpError(f"Two projects are called {name}. Give one another name: NAME=DIR.")
    known = {project.id: project for project in everything(desk)}
    wanted = [_as_declared(known.get(name), name, source) for name, source in named]
    if all(known.get(project.id) == project for project in wanted):
        return tuple(wanted)
    now = desk.now()
    with desk.database.write() as connection:
        return tuple(projects.put(connection, project, now) for project in wanted)


def everything(desk: Desk) -> tuple[Project, ...]:
    """Every project that was ever declared, by id."""
    with desk.database.read() as connection:
        return projects.everything(connection)


def find(desk: Desk, project_id: str) -> Project | None:
    """The project with this id."""
    with desk.database.read() as connection:
        return projects.find(connection, project_id)


def _as_declared(known: Project | None, name: str, source: Managed | Upstream) -> Project:
    uid = secrets.token_hex(8) if known is None else known.uid
    return Project(name, uid, name, source)
