"""Destination 4: the pages of people who signed in. Shells that the portal's bundle fills; what they list is there without it, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Response

from tb_share.errors import NotFound
from tb_share.gateway import guard
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import page
from tb_share.model.caller import Member
from tb_share.model.project import Project, Visibility


def build(projects: Mapping[str, Project], visibility: Callable[[str], Visibility]) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    portal = _Portal(projects, visibility)
    return {
        "projects": portal.front,
        "project": portal.one,
        "project_audit": lambda scope: portal.one(scope, "audit"),
        "account": lambda scope: portal.plain(scope, "account", "Your account"),
        "device": lambda scope: portal.plain(scope, "device", "Let a program in"),
        "workspace": lambda scope: portal.plain(scope, "workspace", "Workspace"),
    }


@dataclass(frozen=True, slots=True)
class _Portal:
    projects: Mapping[str, Project]
    visibility: Callable[[str], Visibility]

    def front(self, scope: RequestScope) -> Response:
        """The projects that the caller may read."""
        mine = guard.readable(scope.caller, self.projects.values(), self.visibility)
        return page("shell.html", page="projects", title="Projects", project="", name=_name(scope), projects=mine)

    def one(self, scope: RequestScope, name: str = "project") -> Response:
        """One project: open it, its links, its members, what was done in it."""
        if scope.project is None:
            raise NotFound
        project = scope.project
        return page("shell.html", page=name, title=project.title, project=project.id, name=_name(scope), projects=[project])

    def plain(self, scope: RequestScope, name: str, title: str) -> Response:
        """A page that is about no project."""
        mine = guard.readable(scope.caller, self.projects.values(), self.visibility)
        return page("shell.html", page=name, title=title, project="", name=_name(scope), projects=mine)


def _name(scope: RequestScope) -> str:
    return scope.caller.name if isinstance(scope.caller, Member) else ""
