"""``/projects/{project}/links``: share links. The secret is in the answer that creates one, and never again (S-LINK-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.gateway.api.asked import body_of, member_of, project_of, utc
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.caller import Member
from tb_share.model.share_link import ChosenExperiments, Scope, ShareLink, WholeProject
from tb_share.operations import links
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WholeProjectBody(_Strict):
    """Everything of the project."""

    kind: Literal["project"]


class ExperimentsBody(_Strict):
    """These experiments and nothing else."""

    kind: Literal["experiments"]
    ids: Annotated[list[str], Field(min_length=1, max_length=links.MAX_EXPERIMENTS)]


class NewLinkBody(_Strict):
    """What somebody asks for; all but the scope may be left out."""

    scope: Annotated[WholeProjectBody | ExperimentsBody, Field(discriminator="kind")]
    view: str = ""
    label: str = ""
    expires_in_s: int | None = None
    max_uses: int | None = None
    passcode: Annotated[str, Field(max_length=1000)] | None = None
    emails: Annotated[list[str], Field(max_length=1000)] = []
    download: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one project."""

    desk: Desk
    settings: Settings

    def everything(self, scope: RequestScope) -> Response:
        """All links of the project, the newest first, without secrets."""
        member, now = member_of(scope), self.desk.now()
        found = links.list_links(self.desk.asked_from(scope.origin), project_of(scope))
        return json_response({"links": [_as_json(link, member, now) for link in found]})

    def create(self, scope: RequestScope) -> Response:
        """Make a link; the only answer that holds its address."""
        body, member = body_of(scope, NewLinkBody), member_of(scope)
        wanted: Scope = (
            WholeProject() if isinstance(body.scope, WholeProjectBody) else ChosenExperiments(tuple(dict.fromkeys(body.scope.ids)))
        )
        new = links.NewLink(
            wanted, body.view, body.label, body.expires_in_s, body.max_uses, body.passcode, tuple(body.emails), body.download
        )
        created = links.create(self.desk.asked_from(scope.origin), project_of(scope), member, new)
        link = _as_json(created.link, member, self.desk.now())
        return json_response({"link": link, "url": f"{self.settings.public_url}/s/{created.token}"}, 201)

    def revoke(self, scope: RequestScope) -> Response:
        """End one link at once."""
        links.revoke(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), scope.params["link"])
        return Response(status=204)

    def revoke_all(self, scope: RequestScope) -> Response:
        """End every link of the project at once."""
        return json_response({"revoked": links.revoke_all(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope))})


def _as_json(link: ShareLink, member: Member, now: datetime) -> dict[str, object]:
    chosen = link.scope
    return {
        "id": link.id,
        "label": link.label,
        "scope": {"kind": "experiments", "ids": list(chosen.ids)} if isinstance(chosen, ChosenExperiments) else {"kind": "project"},
        "view": link.view,
        "created_at": utc(link.created_at),
        "created_by": link.created_by_name,
        "expires_at": utc(link.expires_at),
        "max_uses": link.max_uses,
        "uses": link.uses,
        "first_used_at": utc(link.first_used_at),
        "last_used_at": utc(link.last_used_at),
        "has_passcode": link.has_passcode,
        "emails": list(link.emails),
        "download": link.download,
        "state": link.state(now).value,
        "mine": link.created_by == member.user_id,
    }
