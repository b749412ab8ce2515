"""``/device``: letting a program in from a browser (RFC 8628). The program has no cookie and no account; whoever decides has both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.gateway.api.asked import body_of, member_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.api_token import TokenScope
from tb_share.operations import devices
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NewDeviceBody(_Strict):
    """What a program says of itself and wants."""

    name: str
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=len(TokenScope), strict=False)]
    expires_in_s: int | None = None


class DeviceCodeBody(_Strict):
    """The program's own code."""

    device_code: Annotated[str, Field(max_length=200)]


class UserCodeBody(_Strict):
    """The code that it shows."""

    user_code: Annotated[str, Field(max_length=40)]


class DecisionBody(UserCodeBody):
    """Yes or no."""

    allow: bool


@dataclass(frozen=True, slots=True)
class Devices:
    """Programs that wait."""

    desk: Desk
    settings: Settings

    def begin(self, scope: RequestScope) -> Response:
        """A program asks to be let in."""
        body = body_of(scope, NewDeviceBody)
        begun = devices.begin(self.desk.asked_from(scope.origin), body.name, frozenset(body.scopes), body.expires_in_s)
        return json_response(
            {
                "device_code": begun.device_code,
                "user_code": begun.user_code,
                "verification_uri": f"{self.settings.public_url}/device",
                "expires_in": devices.LIFE_S,
                "interval": devices.INTERVAL_S,
            },
            201,
        )

    def take(self, scope: RequestScope) -> Response:
        """It asks whether it was; the only answer that holds the token."""
        created = devices.take(self.desk.asked_from(scope.origin), body_of(scope, DeviceCodeBody).device_code)
        return json_response({"secret": created.secret, "id": created.token.id, "expires_at": utc(created.token.expires_at)}, 201)

    def look(self, scope: RequestScope) -> Response:
        """What waits with this code."""
        found = devices.look(self.desk, body_of(scope, UserCodeBody).user_code)
        return json_response(
            {
                "name": found.name,
                "scopes": sorted(found.scopes),
                "token_life_s": found.token_life_s,
                "address": found.address,
                "created_at": utc(found.created_at),
            }
        )

    def decide(self, scope: RequestScope) -> Response:
        """Let it in as oneself, or not."""
        body = body_of(scope, DecisionBody)
        devices.decide(self.desk.asked_from(scope.origin), member_of(scope), body.user_code, allow=body.allow)
        return Response(status=204)
