"""Destination 4: the pages of people who signed in. Shells that the portal's bundle fills; what they list is there without it, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Response

from tb_share.errors import NotFound
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import page
from tb_share.model.caller import Member
from tb_share.model.project import Project
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


def build(desk: Desk, projects: Mapping[str, Project], settings: Settings) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    del desk, settings
    portal = _Portal(projects)
    return {"projects": portal.front, "project": portal.one}


@dataclass(frozen=True, slots=True)
class _Portal:
    projects: Mapping[str, Project]

    def front(self, scope: RequestScope) -> Response:
        """The projects that the caller has a role in."""
        mine = [project for project in self.projects.values() if isinstance(scope.caller, Member) and scope.caller.role_in(project.uid)]
        return page("shell.html", page="projects", title="Projects", project="", name=_name(scope), projects=mine)

    def one(self, scope: RequestScope) -> Response:
        """One project: open it, its links, its members."""
        if scope.project is None:
            raise NotFound
        project = scope.project
        return page("shell.html", page="project", title=project.title, project=project.id, name=_name(scope), projects=[project])


def _name(scope: RequestScope) -> str:
    return scope.caller.name if isinstance(scope.caller, Member) else ""
