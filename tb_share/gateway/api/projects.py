"""``/me`` and ``/projects``: who am I, what may I see, what may I do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug import Response

from tb_share.gateway import guard
from tb_share.gateway.api.asked import member_of, project_of
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Project
from tb_share.settings import Settings


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects that are served."""

    served: Mapping[str, Project]
    settings: Settings

    def me(self, scope: RequestScope) -> Response:
        """Who is signed in."""
        member = member_of(scope)
        return json_response({"name": member.name, "is_admin": member.is_admin})

    def everything(self, scope: RequestScope) -> Response:
        """The projects in which the caller has a role."""
        member = member_of(scope)
        mine = [project for project in self.served.values() if member.role_in(project.uid) is not None]
        return json_response({"projects": [_as_json(project, member) for project in mine]})

    def one(self, scope: RequestScope) -> Response:
        """One project, with what the caller may do there."""
        project, member = project_of(scope), member_of(scope)
        limits = self.settings.link
        return json_response(
            {
                **_as_json(project, member),
                "may": list(guard.actions_in(member, project)),
                "link_defaults": {"expires_in_s": limits.default_expiry_s, "max_expires_in_s": limits.max_expiry_s},
                "scopes": ["project", "experiments"] if isinstance(project.source, Managed) else ["project"],
            }
        )


def _as_json(project: Project, member: Member) -> dict[str, object]:
    role = member.role_in(project.uid)
    return {
        "id": project.id,
        "title": project.title,
        "kind": "managed" if isinstance(project.source, Managed) else "upstream",
        "role": None if role is None else role.value,
        "open": f"/p/{project.id}/",
    }
