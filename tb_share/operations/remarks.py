"""What people say of experiments: read it, change it without losing what somebody else wrote meanwhile."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tb_share.errors import BadRequest, EditConflict, NotAllowed, NotFound
from tb_share.model.annotation import Annotation, Note, NotePlace, StepRange
from tb_share.model.caller import Member
from tb_share.model.experiment import is_experiment_id
from tb_share.model.project import Project
from tb_share.operations.desk import Desk
from tb_share.operations.what_changed import what_changed, yes_or_no
from tb_share.policy.actions import Action
from tb_share.policy.grants import member_may
from tb_share.store import remarks
from tb_share.store.database import Connection

MAX_NAME: Final = 200
MAX_TEXT: Final = 10_000
MAX_TAGS: Final = 20
MAX_TAG: Final = 50
MAX_ANNOTATED: Final = 20_000
MAX_NOTES: Final = 500
KEPT_DELETED: Final = timedelta(days=1)
_PARTS: Final = {"display_name": "name", "description": "description", "tags": "tags", "archived": "archived"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an annotation; None leaves it as it is."""

    display_name: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    archived: bool | None = None


def everything(desk: Desk, project: Project) -> tuple[Annotation, ...]:
    """Of every experiment of the project that somebody said something of."""
    with desk.database.read() as connection:
        return remarks.in_project(connection, project.uid)


def annotate(desk: Desk, project: Project, by: Member, experiment: str, change: Change, version: int) -> Annotation:
    """Change what is said of an experiment; ``version`` is the one that was seen.

    Raises:
        BadRequest: a wish cannot be met; the text says which.
        EditConflict: somebody changed it since; nothing was changed now.
    """
    _check_id(experiment)
    _check(change)
    now = desk.now()
    with desk.database.write() as connection:
        known = remarks.find(connection, project.uid, experiment)
        if known.version != version:
            raise EditConflict(known)
        if known.version == 0 and remarks.count(connection, project.uid) >= MAX_ANNOTATED:
            raise BadRequest(f"At most {MAX_ANNOTATED} experiments of a project can be annotated.")
        made = replace(
            known,
            display_name=known.display_name if change.display_name is None else change.display_name.strip(),
            description=known.description if change.description is None else change.description,
            tags=known.tags if change.tags is None else tuple(dict.fromkeys(each.strip() for each in change.tags)),
            archived=known.archived if change.archived is None else change.archived,
            version=known.version + 1,
        )
        remarks.put(connection, project.uid, made, by.user_id, now)
        what = " ".join((f"project:{project.id}", f"experiment:{experiment}", *what_changed(known, made, _PARTS)))
        desk.note(connection, f"user:{by.user_id}", "experiment.annotate", what)
    return made


def notes(desk: Desk, project: Project, experiment: str) -> tuple[Note, ...]:
    """All notes on an experiment, the oldest first."""
    _check_id(experiment)
    with desk.database.read() as connection:
        return remarks.notes(connection, project.uid, experiment)


def write_note(desk: Desk, project: Project, by: Member, experiment: str, text: str, place: NotePlace | None = None) -> Note:
    """Say something of an experiment, or of a place in it.

    Raises:
        BadRequest: it is empty or too long, its steps are in the wrong order, or there are very many already.
    """
    _check_id(experiment)
    _check_text(text)
    if isinstance(place, StepRange) and place.first > place.last:
        raise BadRequest("Write the first step of a range before its last one.")
    made = Note(secrets.token_hex(8), experiment, by.user_id, by.name, text, desk.now(), None, None, None, 1, place=place)
    with desk.database.write() as connection:
        remarks.drop_deleted(connection, made.created_at - KEPT_DELETED)
        if len(remarks.notes(connection, project.uid, experiment)) >= MAX_NOTES:
            raise BadRequest(f"An experiment has at most {MAX_NOTES} notes. Delete some first.")
        remarks.put_note(connection, project.uid, made)
        _tell(desk, connection, project, by, "note.write", made)
    return made


def change_note(
    desk: Desk, project: Project, by: Member, note_id: str, version: int, text: str | None = None, *, resolved: bool | None = None
) -> Note:
    """Write one's own note anew, or resolve any.

    Raises:
        NotFound: the project has no such note.
        NotAllowed: it is somebody else's, and its text was to be changed.
        EditConflict: it was changed since.
    """
    if text is not None:
        _check_text(text)
    now = desk.now()
    with desk.database.write() as connection:
        known = _there(connection, project, note_id)
        if text is not None and known.author_id != by.user_id:
            raise NotAllowed("This note is somebody else's. Write one of your own.")
        if known.version != version:
            raise EditConflict(known)
        made = replace(known, version=known.version + 1)
        if text is not None:
            made = replace(made, text=text, edited_at=now)
        changed = [] if text is None else ["text"]
        # Whoever resolved it first has done so.
        if resolved not in {None, known.resolved_at is not None}:
            made = replace(made, resolved_by=by.name if resolved else None, resolved_at=now if resolved else None)
            changed.append(f"resolved:{yes_or_no(resolved is True)}")
        remarks.put_note(connection, project.uid, made)
        _tell(desk, connection, project, by, "note.change", made, *changed)
    return made


def delete_note(desk: Desk, project: Project, by: Member, note_id: str) -> Note:
    """Take a note away: one's own, or as an owner anybody's. Within a day ``restore_note`` brings it back; the answer is what it then is.

    Raises:
        NotFound: the project has no such note.
        NotAllowed: it is somebody else's.
    """
    now = desk.now()
    with desk.database.write() as connection:
        remarks.drop_deleted(connection, now - KEPT_DELETED)
        known = _there(connection, project, note_id)
        _check_deletes(by, project, known)
        gone = replace(known, deleted_at=now, version=known.version + 1)
        remarks.put_note(connection, project.uid, gone)
        _tell(desk, connection, project, by, "note.delete", gone)
    return gone


def restore_note(desk: Desk, project: Project, by: Member, note_id: str, version: int) -> Note:
    """Bring a deleted note back as it was; whoever may delete it may do that.

    Raises:
        NotFound: the project has no such note, or no longer.
        NotAllowed: it is somebody else's.
        EditConflict: somebody brought it back already.
    """
    oldest = desk.now() - KEPT_DELETED
    with desk.database.write() as connection:
        known = remarks.find_note(connection, project.uid, note_id)
        if known is None or (known.deleted_at is not None and known.deleted_at < oldest):
            raise NotFound
        _check_deletes(by, project, known)
        if known.deleted_at is None or known.version != version:
            raise EditConflict(known)
        if len(remarks.notes(connection, project.uid, known.experiment)) >= MAX_NOTES:
            raise BadRequest(f"An experiment has at most {MAX_NOTES} notes. Delete some first.")
        made = replace(known, deleted_at=None, version=known.version + 1)
        remarks.put_note(connection, project.uid, made)
        _tell(desk, connection, project, by, "note.restore", made)
    return made


def _tell(desk: Desk, connection: Connection, project: Project, by: Member, action: str, note: Note, *what: str) -> None:
    target = " ".join((f"project:{project.id}", f"note:{note.id}", f"experiment:{note.experiment}", *what))
    desk.note(connection, f"user:{by.user_id}", action, target)


def _there(connection: Connection, project: Project, note_id: str) -> Note:
    known = remarks.find_note(connection, project.uid, note_id)
    if known is None or known.deleted_at is not None:
        raise NotFound
    return known


def _check_deletes(by: Member, project: Project, note: Note) -> None:
    if note.author_id != by.user_id and not member_may(by, Action.DELETE_ANY_NOTE, project.uid):
        raise NotAllowed("This note is somebody else's. Its author or a project owner can delete it.")


def _check_id(experiment: str) -> None:
    if not is_experiment_id(experiment):
        raise NotFound


def _check_text(text: str) -> None:
    if not text.strip() or len(text) > MAX_TEXT or "\0" in text:
        raise BadRequest(f"A note has between 1 and {MAX_TEXT} characters.")


def _check(change: Change) -> None:
    name = change.display_name
    if name is not None and (len(name.strip()) > MAX_NAME or not name.isprintable()):
        raise BadRequest(f"A name is one line of at most {MAX_NAME} characters, all of them to be seen.")
    if change.description is not None and (len(change.description) > MAX_TEXT or "\0" in change.description):
        raise BadRequest(f"A description has at most {MAX_TEXT} characters.")
    tags = change.tags or ()
    if len(tags) > MAX_TAGS or not all(0 < len(each.strip()) <= MAX_TAG and each.isprintable() for each in tags):
        raise BadRequest(f"An experiment has at most {MAX_TAGS} tags, each one line of at most {MAX_TAG} characters, all to be seen.")
