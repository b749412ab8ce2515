"""Save a view for oneself or for the project, change it without losing what somebody else saved meanwhile, delete it, bring it back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tb_share.errors import BadRequest, EditConflict, NotAllowed, NotFound
from tb_share.model.caller import Member
from tb_share.model.project import Project
from tb_share.model.saved_view import MAX_STATE, SavedView, is_state
from tb_share.operations.desk import Desk
from tb_share.operations.what_changed import what_changed
from tb_share.store import views
from tb_share.store.database import Connection

MAX_NAME: Final = 100
MAX_VIEWS: Final = 200
"""That one person sees: their own and the project's."""
KEPT_DELETED: Final = timedelta(days=1)
_PARTS: Final = {"name": "name", "state": "state", "shared": "shared", "is_default": "default"}


@dataclass(frozen=True, slots=True)
class NewView:
    """What somebody wants to save."""

    name: str
    state: Mapping[str, str]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class ViewChange:
    """What is to become of a view; None leaves it as it is."""

    name: str | None = None
    state: Mapping[str, str] | None = None
    shared: bool | None = None
    is_default: bool | None = None
    deleted: bool | None = None
    """False brings a deleted one back."""


def seen(desk: Desk, project: Project, by: Member) -> tuple[SavedView, ...]:
    """The project's views and somebody's own, by name."""
    with desk.database.read() as connection:
        return views.seen_by(connection, project.uid, by.user_id)


def save(desk: Desk, project: Project, by: Member, wanted: NewView, *, may_share: bool) -> SavedView:
    """A new view.

    Raises:
        NotAllowed: it was to be shared, and they may not.
        BadRequest: name or state cannot be, or there are very many already.
    """
    if wanted.shared and not may_share:
        raise NotAllowed(_MAY_NOT_SHARE)
    made = SavedView(
        id=secrets.token_hex(4),
        name=wanted.name.strip(),
        state=wanted.state,
        shared=wanted.shared,
        is_default=False,
        author_id=by.user_id,
        author=by.name,
        updated_at=desk.now(),
    )
    _check(made)
    with desk.database.write() as connection:
        views.drop_deleted(connection, made.updated_at - KEPT_DELETED)
        _check_room(connection, project, by)
        _check_name_is_free(connection, project, by, made)
        views.put(connection, project.uid, made)
        _note(connection, desk, project, by, "view.save", made)
    return made


def change(desk: Desk, project: Project, by: Member, view_id: str, wanted: ViewChange, version: int, *, may_share: bool) -> SavedView:
    """Change a view; ``version`` is the one that was seen.

    Raises:
        NotFound: the project has no such view, or no longer, or it is somebody else's own.
        NotAllowed: it is the project's, and they may not.
        BadRequest: a wish cannot be met; the text says which.
        EditConflict: somebody changed it since; nothing was changed now.
    """
    now = desk.now()
    with desk.database.write() as connection:
        known = _theirs(connection, project, by, view_id, may_share=may_share)
        if known.deleted_at is not None and (wanted.deleted is not False or known.deleted_at < now - KEPT_DELETED):
            raise NotFound
        if known.version != version:
            raise EditConflict(known)
        made = _changed(known, wanted)
        if known.deleted_at is not None:
            _check_room(connection, project, by)
            # Whoever chose another one meanwhile is not overruled by an undo.
            made = replace(made, is_default=made.is_default and views.default(connection, project.uid) is None)
        if made.shared and not may_share:
            raise NotAllowed(_MAY_NOT_SHARE)
        if known.shared and not made.shared and known.author_id != by.user_id:
            raise NotAllowed("Somebody else saved this view. Only they can make it private.")
        if made.is_default and not made.shared:
            raise BadRequest("The view that a project opens with is one that everybody in it sees. Share it with the project first.")
        _check(made)
        _check_name_is_free(connection, project, by, made)
        made = replace(made, version=known.version + 1, updated_at=now)
        views.put(connection, project.uid, made)
        if made.is_default:
            views.no_default_but(connection, project.uid, made.id)
        did = "view.restore" if known.deleted_at is not None else "view.change"
        _note(connection, desk, project, by, did, made, *what_changed(known, made, _PARTS))
    return made


def delete(desk: Desk, project: Project, by: Member, view_id: str, *, may_share: bool) -> SavedView:
    """Take a view away; within a day ``change`` brings it back. The answer is what it then is.

    Raises:
        NotFound: the project has no such view, or it is somebody else's own.
        NotAllowed: it is the project's, and they may not.
    """
    now = desk.now()
    with desk.database.write() as connection:
        known = _theirs(connection, project, by, view_id, may_share=may_share)
        if known.deleted_at is not None:
            raise NotFound
        gone = replace(known, deleted_at=now, is_default=False, version=known.version + 1)
        views.put(connection, project.uid, gone)
        _note(connection, desk, project, by, "view.delete", gone)
    return gone


_MAY_NOT_SHARE: Final = "Views for the whole project are saved by contributors and owners. Save it for yourself."


def _theirs(connection: Connection, project: Project, by: Member, view_id: str, *, may_share: bool) -> SavedView:
    known = views.find(connection, project.uid, view_id)
    if known is None or (not known.shared and known.author_id != by.user_id):
        raise NotFound
    if known.shared and not may_share:
        raise NotAllowed("This view is the whole project's. Contributors and owners change it; save one of your own.")
    return known


def _changed(known: SavedView, wanted: ViewChange) -> SavedView:
    return replace(
        known,
        name=known.name if wanted.name is None else wanted.name.strip(),
        state=known.state if wanted.state is None else wanted.state,
        shared=known.shared if wanted.shared is None else wanted.shared,
        is_default=known.is_default if wanted.is_default is None else wanted.is_default,
        deleted_at=None if wanted.deleted is False else known.deleted_at,
    )


def _check(view: SavedView) -> None:
    if not 0 < len(view.name) <= MAX_NAME or not view.name.isprintable():
        raise BadRequest(f"A view's name is one line of at most {MAX_NAME} characters.")
    if not is_state(view.state):
        raise BadRequest(f"This cannot be saved as a view: its state is no list of short keys with at most {MAX_STATE} characters.")


def _check_room(connection: Connection, project: Project, by: Member) -> None:
    if len(views.seen_by(connection, project.uid, by.user_id)) >= MAX_VIEWS:
        raise BadRequest(f"There are {MAX_VIEWS} views already. Delete some first.")


def _check_name_is_free(connection: Connection, project: Project, by: Member, view: SavedView) -> None:
    others = views.seen_by(connection, project.uid, by.user_id)
    if any(each.id != view.id and each.shared == view.shared and each.name == view.name for each in others):
        raise BadRequest("There is a view of this name already. Choose another name, or update that one.")


def _note(connection: Connection, desk: Desk, project: Project, by: Member, action: str, view: SavedView, *what: str) -> None:
    # What somebody calls a view of their own is not for the log.
    kind = "default" if view.is_default else "shared" if view.shared else "private"
    desk.note(connection, f"user:{by.user_id}", action, " ".join((f"project:{project.id}", f"view:{view.id}", kind, *what)))
