"""``/projects/{project}/members`` and ``/invitations``: who is in, who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.gateway.api.asked import body_of, member_of, project_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.project import Role
from tb_share.operations import mail, members
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class RoleBody(BaseModel):
    """The role that somebody gets."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    role: Annotated[Role, Field(strict=False)]


class InvitationBody(RoleBody):
    """Whom to invite: one address."""

    email: Annotated[str, Field(max_length=400)]


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one project."""

    desk: Desk
    settings: Settings

    def everything(self, scope: RequestScope) -> Response:
        """Members, who else has access and why, and open invitations."""
        project, me = project_of(scope), member_of(scope).user_id
        return json_response(
            {
                "members": [
                    {
                        "id": each.user_id,
                        "name": each.name,
                        "email": each.email,
                        "role": each.role.value,
                        "added_at": utc(each.added_at),
                        "me": each.user_id == me,
                    }
                    for each in members.list_members(self.desk, project)
                ],
                "others": [
                    {"id": each.user_id, "name": each.name, "email": each.email, "role": each.role.value, "by": each.way.value}
                    for each in members.list_others(self.desk, project)
                ],
                "invitations": [
                    {"id": each.id, "email": each.email, "role": each.role.value, "expires_at": utc(each.expires_at)}
                    for each in members.list_invitations(self.desk, project)
                ],
            }
        )

    def invite(self, scope: RequestScope) -> Response:
        """Invite somebody; the only answer that holds the address to send them."""
        body = body_of(scope, InvitationBody)
        project = project_of(scope)
        code = members.invite(self.desk.asked_from(scope.origin), project, member_of(scope), body.email, body.role)
        url = f"{self.settings.public_url}/login/{code}"
        mailed = mail.invitation(self.settings.mail, body.email.strip(), project, body.role, url)
        return json_response({"url": url, "mailed": mailed}, 201)

    def withdraw(self, scope: RequestScope) -> Response:
        """An invitation that nobody has used stops working."""
        desk = self.desk.asked_from(scope.origin)
        members.withdraw_invitation(desk, project_of(scope), member_of(scope), scope.params["invitation"])
        return Response(status=204)

    def change_role(self, scope: RequestScope) -> Response:
        """Another role, at once."""
        role = body_of(scope, RoleBody).role
        members.change_role(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), scope.params["person"], role)
        return Response(status=204)

    def remove(self, scope: RequestScope) -> Response:
        """Take somebody out, at once."""
        members.remove(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), scope.params["person"])
        return Response(status=204)

    def leave(self, scope: RequestScope) -> Response:
        """Take oneself out."""
        me = member_of(scope)
        members.remove(self.desk.asked_from(scope.origin), project_of(scope), me, me.user_id)
        return Response(status=204)
