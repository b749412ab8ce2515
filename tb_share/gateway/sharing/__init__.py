"""Destination 3: share links. The landing page is inert; only pressing its button opens the link (S-LINK-2, S-LINK-3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Response

from tb_share.errors import LinkNotValid
from tb_share.gateway import cookies
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import page, redirect
from tb_share.model.project import Project
from tb_share.operations import links
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


def build(desk: Desk, projects: Mapping[str, Project], settings: Settings) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    sharing = _Sharing(desk, projects, settings)
    return {"landing": sharing.landing, "exchange": sharing.exchange}


@dataclass(frozen=True, slots=True)
class _Sharing:
    desk: Desk
    projects: Mapping[str, Project]
    settings: Settings

    def landing(self, scope: RequestScope) -> Response:
        """The same page for every link that works: it names no project and nobody."""
        self._check_served(links.check(self.desk, scope.params["token"]).project_uid)
        return page("landing.html")

    def exchange(self, scope: RequestScope) -> Response:
        """Count a use, hand out the cookie, go to the restored view at a clean address."""
        self._check_served(links.check(self.desk, scope.params["token"]).project_uid)
        opened = links.exchange(self.desk, scope.params["token"])
        response = redirect(f"/p/{opened.project.id}/{opened.link.view}")
        life_s = int((opened.link.expires_at - self.desk.now()).total_seconds())
        cookies.set_link(response, self.settings, opened.cookie, opened.project.id, max(life_s, 1))
        return response

    def _check_served(self, project_uid: str) -> None:
        if not any(project.uid == project_uid for project in self.projects.values()):
            raise LinkNotValid
