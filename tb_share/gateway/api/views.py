"""``/projects/{project}/views``: saved views, the project's and the caller's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from tb_share.errors import EditConflict
from tb_share.gateway import guard
from tb_share.gateway.api.asked import body_of, member_of, project_of, utc
from tb_share.gateway.error_pages import as_json
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.saved_view import MAX_KEYS, SavedView
from tb_share.operations import views
from tb_share.operations.desk import Desk
from tb_share.operations.views import NewView, ViewChange
from tb_share.policy.actions import Action

_Name = Annotated[str, Field(max_length=1000)]
_State = Annotated[dict[str, str], Field(max_length=MAX_KEYS)]


class NewViewBody(BaseModel):
    """A new view; private unless it says otherwise."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: _Name
    state: _State
    shared: bool = False


class ViewChangeBody(BaseModel):
    """What is to become of a view; what is left out stays. ``deleted: false`` brings one back that was just deleted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    version: Annotated[int, Field(ge=1)]
    name: _Name | None = None
    state: _State | None = None
    shared: bool | None = None
    is_default: bool | None = None
    deleted: Literal[False] | None = None


@dataclass(frozen=True, slots=True)
class Views:
    """Saved views of one project."""

    desk: Desk

    def everything(self, scope: RequestScope) -> Response:
        """The project's, and the caller's own."""
        me = member_of(scope).user_id
        return json_response({"views": [_as_json(each, me) for each in views.seen(self.desk, project_of(scope), member_of(scope))]})

    def save(self, scope: RequestScope) -> Response:
        """A new one."""
        body, member = body_of(scope, NewViewBody), member_of(scope)
        wanted, may_share = NewView(body.name, body.state, body.shared), guard.may(scope, Action.SHARE_VIEW)
        made = views.save(self.desk.asked_from(scope.origin), project_of(scope), member, wanted, may_share=may_share)
        return json_response(_as_json(made, member.user_id), 201)

    def change(self, scope: RequestScope) -> Response:
        """Rename it, give it another state, share it, make it the default, bring it back."""
        body, member = body_of(scope, ViewChangeBody), member_of(scope)
        wanted = ViewChange(body.name, body.state, body.shared, body.is_default, body.deleted)
        desk, may_share = self.desk.asked_from(scope.origin), guard.may(scope, Action.SHARE_VIEW)
        try:
            made = views.change(desk, project_of(scope), member, scope.params["view"], wanted, body.version, may_share=may_share)
        except EditConflict as conflict:
            current = _as_json(conflict.current, member.user_id) if isinstance(conflict.current, SavedView) else None
            return as_json(conflict, scope, current=current)
        return json_response(_as_json(made, member.user_id))

    def delete(self, scope: RequestScope) -> Response:
        """Take it away. The answer names the version with which it can be brought back."""
        desk, member = self.desk.asked_from(scope.origin), member_of(scope)
        gone = views.delete(desk, project_of(scope), member, scope.params["view"], may_share=guard.may(scope, Action.SHARE_VIEW))
        return json_response(_as_json(gone, member.user_id))


def _as_json(view: SavedView, me: str) -> dict[str, object]:
    return {
        "id": view.id,
        "name": view.name,
        "state": dict(view.state),
        "shared": view.shared,
        "is_default": view.is_default,
        "author": view.author,
        "mine": view.author_id == me,
        "updated_at": utc(view.updated_at),
        "version": view.version,
    }
