"""What a request of the API brings: its project, its member, its body. Bodies are strict (S-ROLE-9)."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tb_share.errors import BadRequest, NotFound, UnsupportedMediaType
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.caller import Member
from tb_share.model.project import Project

Body = TypeVar("Body", bound=BaseModel)


def project_of(scope: RequestScope) -> Project:
    """The project that the guard admitted the caller to.

    Raises:
        NotFound: there is none.
    """
    if scope.project is None:
        raise NotFound
    return scope.project


def member_of(scope: RequestScope) -> Member:
    """The member who asks; the API is for members alone.

    Raises:
        NotFound: somebody else asks.
    """
    if not isinstance(scope.caller, Member):
        raise NotFound
    return scope.caller


def body_of(scope: RequestScope, model: type[Body]) -> Body:
    """The JSON body.

    Raises:
        UnsupportedMediaType: it is not declared as JSON (S-CSRF-5).
        BadRequest: it is not what the model says; the text names the field.
    """
    if scope.request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return model.model_validate_json(scope.request.get_data())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        # Of what may be one thing or another the name of our class for it tells nobody anything.
        where = ".".join(part for part in map(str, first["loc"]) if not part.endswith("Body")) or "body"
        raise BadRequest(f"{where[:100]}: {first['msg']}.") from error


def utc(time: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, whole seconds."""
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")
