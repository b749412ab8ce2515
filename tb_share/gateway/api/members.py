"""``/projects/{project}/members``: who is in, who is invited."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Response

from tb_share.gateway.api.asked import project_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.operations import members
from tb_share.operations.desk import Desk


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one project."""

    desk: Desk

    def everything(self, scope: RequestScope) -> Response:
        """Members and open invitations."""
        project = project_of(scope)
        return json_response(
            {
                "members": [
                    {"id": each.user_id, "name": each.name, "email": each.email, "role": each.role.value, "added_at": utc(each.added_at)}
                    for each in members.list_members(self.desk, project)
                ],
                "invitations": [
                    {"email": each.email, "role": each.role.value, "expires_at": utc(each.expires_at)}
                    for each in members.list_invitations(self.desk, project)
                ],
            }
        )
