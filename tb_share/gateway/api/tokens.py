"""``/tokens``: one's own API tokens. The secret is in the answer that creates one, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.gateway.api.asked import body_of, member_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.api_token import ApiToken, TokenScope
from tb_share.operations import tokens
from tb_share.operations.desk import Desk


class NewTokenBody(BaseModel):
    """What somebody asks for; without projects it is for all of theirs."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=len(TokenScope))]
    projects: Annotated[list[str], Field(min_length=1, max_length=100)] | None = None
    expires_in_s: int | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of whoever asks."""

    desk: Desk

    def everything(self, scope: RequestScope) -> Response:
        """All of one's own, without secrets."""
        ids = tokens.project_ids(self.desk)
        return json_response(
            {"tokens": [self._as_json(each, ids) for each in tokens.list_tokens(self.desk.asked_from(scope.origin), member_of(scope))]}
        )

    def create(self, scope: RequestScope) -> Response:
        """Make one; the only answer that holds it."""
        body = body_of(scope, NewTokenBody)
        new = tokens.NewToken(body.name, frozenset(body.scopes), None if body.projects is None else tuple(body.projects), body.expires_in_s)
        created = tokens.create(self.desk.asked_from(scope.origin), member_of(scope), new)
        return json_response({"token": self._as_json(created.token, tokens.project_ids(self.desk)), "secret": created.secret}, 201)

    def revoke(self, scope: RequestScope) -> Response:
        """End one at once."""
        tokens.revoke(self.desk.asked_from(scope.origin), member_of(scope), scope.params["apitoken"])
        return Response(status=204)

    def _as_json(self, token: ApiToken, ids: Mapping[str, str]) -> dict[str, object]:
        return {
            "id": token.id,
            "name": token.name,
            "scopes": sorted(token.scopes),
            "projects": None if token.projects is None else sorted(ids[uid] for uid in token.projects if uid in ids),
            "created_at": utc(token.created_at),
            "expires_at": utc(token.expires_at),
            "last_used_at": utc(token.last_used_at),
            "good": token.is_good(self.desk.now()),
        }
