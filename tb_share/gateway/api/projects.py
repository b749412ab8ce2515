"""``/me`` and ``/projects``: who am I, what may I see, what may I do there, and who else may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.errors import EditConflict
from tb_share.gateway import guard
from tb_share.gateway.api.asked import body_of, member_of, project_of
from tb_share.gateway.error_pages import as_json
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.caller import Member
from tb_share.model.project import Managed, Openness, Project, Visibility
from tb_share.operations import links, projects
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class SeenBody(BaseModel):
    """What owners decided; without a number, the server's settings do."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    visibility: Annotated[Visibility, Field(strict=False)]
    link_default_s: int | None = None
    link_max_s: int | None = None
    viewers_comment: bool = False

    def openness(self) -> Openness:
        """As the policy knows it."""
        return Openness(self.visibility, self.link_default_s, self.link_max_s, self.viewers_comment)


class OpennessBody(SeenBody):
    """What owners decide. ``seen`` is what they saw before: if somebody decided otherwise since, nothing is changed."""

    seen: SeenBody | None = None


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
                    **_openness(chosen),
                    "choices": [each.value for each in Visibility if self.settings.visibility.allows(each)],
                },
            }
        )

    def set_openness(self, scope: RequestScope) -> Response:
        """Who may read it without a role, how long its links live, whether viewers may comment; at once."""
        body = body_of(scope, OpennessBody)
        desk, seen = self.desk.asked_from(scope.origin), None if body.seen is None else body.seen.openness()
        try:
            projects.set_openness(desk, project_of(scope), member_of(scope), body.openness(), seen)
        except EditConflict as conflict:
            return as_json(conflict, scope, current=_openness(conflict.current) if isinstance(conflict.current, Openness) else None)
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


def _openness(chosen: Openness) -> dict[str, object]:
    return {
        "visibility": chosen.visibility.value,
        "link_default_s": chosen.link_default_s,
        "link_max_s": chosen.link_max_s,
        "viewers_comment": chosen.viewers_comment,
    }
