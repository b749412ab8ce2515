"""Which projects there are: the settings name them, the database remembers what hangs on them."""

from __future__ import annotations

import secrets

from tb_share.errors import BadRequest, EditConflict, SetUpError
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Openness, Project, Upstream, Visibility, is_project_id
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


def openness(desk: Desk, project: Project) -> Openness:
    """What its owners decided."""
    with desk.database.read() as connection:
        return projects.openness(connection).get(project.uid, Openness())


def set_openness(desk: Desk, project: Project, by: Member, wanted: Openness, seen: Openness | None = None) -> None:
    """Who may read the project without a role, how long its links live, and whether viewers may comment; ``seen`` is what that was.

    Raises:
        BadRequest: the server's settings do not allow it.
        EditConflict: somebody changed it since; nothing was changed now.
    """
    settings = desk.settings
    if not settings.visibility.allows(wanted.visibility):
        raise BadRequest(
            "The settings of this server do not allow projects to be open to others. An administrator can set "
            f"{'allow_public' if wanted.visibility is Visibility.PUBLIC else 'allow_signed_in'} = true under [visibility]."
        )
    longest = settings.link.max_expiry_s
    for life_s in (wanted.link_default_s, wanted.link_max_s):
        if life_s is not None and not 60 <= life_s <= longest:  # noqa: PLR2004 - a minute
            raise BadRequest(f"Links live at least 60 seconds and at most {longest}, which is what this server allows.")
    if (wanted.link_default_s or 0) > (wanted.link_max_s or longest):
        raise BadRequest("Links cannot live longer by default than at most.")
    with desk.database.write() as connection:
        known = projects.openness(connection).get(project.uid, Openness())
        if seen not in {None, known}:
            raise EditConflict(known)
        projects.set_openness(connection, project.uid, wanted)
        limits = f"default:{wanted.link_default_s or '-'} longest:{wanted.link_max_s or '-'}"
        comments = f"comments:{'viewers' if wanted.viewers_comment else 'contributors'}"
        target = f"project:{project.id} visibility:{wanted.visibility} {limits} {comments}"
        desk.note(connection, f"user:{by.user_id}", "project.change", target)


def _as_declared(known: Project | None, name: str, source: Managed | Upstream) -> Project:
    uid = secrets.token_hex(8) if known is None else known.uid
    return Project(name, uid, name, source)
