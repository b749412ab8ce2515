"""``/me`` and ``/projects``: who am I, what may I see, what may I do there, and who else may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.gateway import guard
from tb_share.gateway.api.asked import body_of, member_of, project_of
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Openness, Project, Visibility
from tb_share.operations import links, projects
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class OpennessBody(BaseModel):
    """What owners decide; without a number, the server's settings do."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    visibility: Annotated[Visibility, Field(strict=False)]
    link_default_s: int | None = None
    link_max_s: int | None = None
    viewers_comment: bool = False


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects that are served."""

    desk: Desk
    served: Mapping[str, Project]
    settings: Settings
    visibility: Callable[[str], Visibility]

    def me(self, scope: RequestScope) -> Response:
        """Who is signed in."""
        member = member_of(scope)
        return json_response({"name": member.name, "is_admin": member.is_admin})

    def everything(self, scope: RequestScope) -> Response:
        """The projects that the caller may read."""
        mine = guard.readable(scope.caller, self.served.values(), self.visibility)
        return json_response({"projects": [self._as_json(project, member_of(scope)) for project in mine]})

    def one(self, scope: RequestScope) -> Response:
        """One project, with what the caller may do there."""
        project, member = project_of(scope), member_of(scope)
        lives = links.lives(self.desk, project)
        chosen = projects.openness(self.desk, project)
        return json_response(
            {
                **self._as_json(project, member),
                "may": list(guard.actions_in(member, project, scope.visibility, viewers_comment=scope.viewers_comment)),
                "link_defaults": {"expires_in_s": lives.default_s, "max_expires_in_s": lives.longest_s},
                "scopes": ["project", "experiments"] if isinstance(project.source, Managed) else ["project"],
                "openness": {
                    "visibility": chosen.visibility.value,
                    "link_default_s": chosen.link_default_s,
                    "link_max_s": chosen.link_max_s,
                    "viewers_comment": chosen.viewers_comment,
                    "choices": [each.value for each in Visibility if self.settings.visibility.allows(each)],
                },
            }
        )

    def set_openness(self, scope: RequestScope) -> Response:
        """Who may read it without a role, how long its links live, whether viewers may comment; at once."""
        body = body_of(scope, OpennessBody)
        wanted = Openness(body.visibility, body.link_default_s, body.link_max_s, body.viewers_comment)
        projects.set_openness(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), wanted)
        return Response(status=204)

    def _as_json(self, project: Project, member: Member) -> dict[str, object]:
        role = member.role_in(project.uid)
        return {
            "id": project.id,
            "title": project.title,
            "kind": "managed" if isinstance(project.source, Managed) else "upstream",
            "role": None if role is None else role.value,
            "visibility": self.visibility(project.uid).value,
            "open": f"/p/{project.id}/",
        }
