"""``/people`` and ``/settings``: the workspace, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from werkzeug import Response

from tb_share.gateway.api.asked import body_of, member_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.operations import people
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class PersonBody(BaseModel):
    """What can be changed about somebody."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    disabled: bool


@dataclass(frozen=True, slots=True)
class People:
    """Everybody with an account."""

    desk: Desk
    settings: Settings

    def everybody(self, scope: RequestScope) -> Response:
        """All accounts, by name."""
        me = member_of(scope).user_id
        return json_response(
            {
                "people": [
                    {
                        "id": each.user_id,
                        "name": each.name,
                        "email": each.email,
                        "is_admin": each.is_admin,
                        "is_service": each.is_service,
                        "disabled": each.disabled_at is not None,
                        "created_at": utc(each.created_at),
                        "projects": each.projects,
                        "me": each.user_id == me,
                    }
                    for each in people.everybody(self.desk)
                ]
            }
        )

    def change(self, scope: RequestScope) -> Response:
        """Shut somebody out, or let them in again."""
        act = people.disable if body_of(scope, PersonBody).disabled else people.enable
        act(self.desk.asked_from(scope.origin), member_of(scope), scope.params["person"])
        return Response(status=204)

    def in_force(self, scope: RequestScope) -> Response:
        """The settings that this server runs with, without secrets; they are changed in its file."""
        del scope
        shown = self.settings.model_dump(
            mode="json", exclude={"database_url": True, "provider": {"__all__": {"client_secret", "client_secret_file"}}}
        )
        return json_response({"settings": shown})
