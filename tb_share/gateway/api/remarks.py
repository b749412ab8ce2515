"""``/projects/{project}/experiments`` and ``/notes``: what people say of experiments, and what the caller starred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from werkzeug import Response

from tb_share.errors import BadRequest, EditConflict
from tb_share.gateway.api.asked import body_of, member_of, project_of, utc
from tb_share.gateway.error_pages import as_json
from tb_share.gateway.request_scope import RequestScope
from tb_share.gateway.responses import json_response
from tb_share.model.annotation import Annotation, Note, place_json, place_of
from tb_share.operations import remarks, stars
from tb_share.operations.desk import Desk
from tb_share.operations.remarks import Change

_LONGEST = 20_000


class AnnotationBody(BaseModel):
    """What is to become of an annotation; what is left out stays."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    version: Annotated[int, Field(ge=0)]
    display_name: Annotated[str | None, Field(max_length=_LONGEST)] = None
    description: Annotated[str | None, Field(max_length=_LONGEST)] = None
    tags: Annotated[list[str] | None, Field(max_length=100)] = None
    archived: bool | None = None


class StepsBody(BaseModel):
    """A range of steps, both ends included."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    steps: Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=2)]


class CellBody(BaseModel):
    """A cell of a notebook that lies beside the logs: the id that the notebook gives it, else # and its number from 1."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    file: Annotated[str, Field(min_length=1, max_length=1000)]
    cell: Annotated[str, Field(min_length=1, max_length=100)]


def _said_place(place: object) -> str:
    """Which of the two somebody meant, so that what is wrong is said of that."""
    return "CellBody" if isinstance(place, Mapping) and "steps" not in place and place.keys() & {"file", "cell"} else "StepsBody"


class NoteBody(BaseModel):
    """A new note; without a place it is about the whole experiment."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: Annotated[str, Field(max_length=_LONGEST)]
    place: Annotated[Annotated[StepsBody, Tag("StepsBody")] | Annotated[CellBody, Tag("CellBody")], Discriminator(_said_place)] | None = (
        None
    )


class NoteChangeBody(BaseModel):
    """What is to become of a note; what is left out stays."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    version: Annotated[int, Field(ge=1)]
    text: Annotated[str | None, Field(max_length=_LONGEST)] = None
    resolved: bool | None = None
    deleted: Literal[False] | None = None
    """False brings a deleted one back, as it was."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """Annotations and notes of one project."""

    desk: Desk

    def everything(self, scope: RequestScope) -> Response:
        """Of every experiment that somebody said something of, or the caller starred."""
        project = project_of(scope)
        starred = stars.of(self.desk, project, member_of(scope))
        found = {each.experiment: each for each in remarks.everything(self.desk, project)}
        shown = (found.get(each, Annotation(each)) for each in sorted(found.keys() | starred))
        return json_response({"experiments": [{**_annotation(each), "starred": each.experiment in starred} for each in shown]})

    def star(self, scope: RequestScope) -> Response:
        """Mark it for oneself."""
        stars.star(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), scope.params["experiment"])
        return Response(status=204)

    def unstar(self, scope: RequestScope) -> Response:
        """Take the mark away."""
        stars.unstar(self.desk.asked_from(scope.origin), project_of(scope), member_of(scope), scope.params["experiment"])
        return Response(status=204)

    def annotate(self, scope: RequestScope) -> Response:
        """Change name, description, tags, or whether it is archived."""
        body = body_of(scope, AnnotationBody)
        change = Change(body.display_name, body.description, None if body.tags is None else tuple(body.tags), body.archived)
        desk, member = self.desk.asked_from(scope.origin), member_of(scope)
        try:
            made = remarks.annotate(desk, project_of(scope), member, scope.params["experiment"], change, body.version)
        except EditConflict as conflict:
            return _conflict(conflict, scope)
        return json_response(_annotation(made))

    def notes(self, scope: RequestScope) -> Response:
        """All notes on an experiment, the oldest first."""
        me = member_of(scope).user_id
        found = remarks.notes(self.desk, project_of(scope), scope.params["experiment"])
        return json_response({"notes": [_note(each, me) for each in found]})

    def write_note(self, scope: RequestScope) -> Response:
        """Say something."""
        body, member = body_of(scope, NoteBody), member_of(scope)
        place = None if body.place is None else place_of(body.place.model_dump())
        desk, experiment = self.desk.asked_from(scope.origin), scope.params["experiment"]
        made = remarks.write_note(desk, project_of(scope), member, experiment, body.text, place)
        return json_response(_note(made, member.user_id), 201)

    def change_note(self, scope: RequestScope) -> Response:
        """Write it anew, resolve it, or bring it back."""
        body, member = body_of(scope, NoteChangeBody), member_of(scope)
        desk, project, note = self.desk.asked_from(scope.origin), project_of(scope), scope.params["note"]
        if body.deleted is False and (body.text is not None or body.resolved is not None):
            raise BadRequest("A note comes back as it was. Change it after that.")
        try:
            if body.deleted is False:
                made = remarks.restore_note(desk, project, member, note, body.version)
            else:
                made = remarks.change_note(desk, project, member, note, body.version, body.text, resolved=body.resolved)
        except EditConflict as conflict:
            return _conflict(conflict, scope)
        return json_response(_note(made, member.user_id))

    def delete_note(self, scope: RequestScope) -> Response:
        """Take it away; within a day it can be brought back."""
        member = member_of(scope)
        gone = remarks.delete_note(self.desk.asked_from(scope.origin), project_of(scope), member, scope.params["note"])
        return json_response(_note(gone, member.user_id))


def _conflict(conflict: EditConflict, scope: RequestScope) -> Response:
    """The usual shape of errors, and what it says now."""
    current = conflict.current
    known = _note(current, member_of(scope).user_id) if isinstance(current, Note) else None
    if isinstance(current, Annotation):
        known = _annotation(current)
    return as_json(conflict, scope, current=known)


def _annotation(annotation: Annotation) -> dict[str, object]:
    return {
        "experiment": annotation.experiment,
        "display_name": annotation.display_name,
        "description": annotation.description,
        "tags": list(annotation.tags),
        "archived": annotation.archived,
        "notes": annotation.open_notes,
        "version": annotation.version,
    }


def _note(note: Note, me: str) -> dict[str, object]:
    return {
        "id": note.id,
        "author": note.author,
        "mine": note.author_id == me,
        "text": note.text,
        "place": place_json(note.place),
        "created_at": utc(note.created_at),
        "edited_at": utc(note.edited_at),
        "resolved_by": note.resolved_by,
        "resolved_at": utc(note.resolved_at),
        "version": note.version,
    }
