"""What people say of experiments: two who write at once lose nothing, notes are their authors', bounds hold."""

from __future__ import annotations

import pytest

from tb_share.errors import BadRequest, EditConflict, NotAllowed, NotFound
from tb_share.model.annotation import NotebookCell, StepRange
from tb_share.model.caller import Member
from tb_share.model.project import Role
from tb_share.operations import audit_log, remarks
from tb_share.operations.remarks import Change
from tb_share.store import remarks as stored
from tb_share.store.audit import Which

ID = "0123456789abcdef"


@pytest.fixture
def ann(room):
    return Member("ann", "Ann", roles={room.logs.uid: Role.CONTRIBUTOR})


@pytest.fixture
def bob(room):
    return Member("bob", "Bob", roles={room.logs.uid: Role.CONTRIBUTOR})


def test_what_was_said_is_read_again_and_what_is_left_out_stays(room, ann):
    first = remarks.annotate(room.desk, room.logs, ann, ID, Change(tags=("best", "best", " v2 "), display_name=" The one "), 0)
    assert (first.tags, first.display_name, first.version) == (("best", "v2"), "The one", 1)
    second = remarks.annotate(room.desk, room.logs, ann, ID, Change(archived=True, description="why"), 1)
    assert remarks.everything(room.desk, room.logs) == (second,)
    assert (second.tags, second.archived, second.version) == (("best", "v2"), True, 2)
    assert remarks.everything(room.desk, room.theirs) == ()


def test_two_who_change_the_same_are_told_and_see_what_the_other_wrote(room, ann, bob):
    remarks.annotate(room.desk, room.logs, ann, ID, Change(description="Ann's"), 0)
    with pytest.raises(EditConflict) as caught:
        remarks.annotate(room.desk, room.logs, bob, ID, Change(description="Bob's"), 0)
    assert caught.value.current.description == "Ann's"
    assert remarks.everything(room.desk, room.logs)[0].description == "Ann's"
    note = remarks.write_note(room.desk, room.logs, ann, ID, "first")
    remarks.change_note(room.desk, room.logs, ann, note.id, 1, "second")
    with pytest.raises(EditConflict) as caught:
        remarks.change_note(room.desk, room.logs, ann, note.id, 1, "third")
    assert caught.value.current.text == "second"


def test_whoever_changes_something_is_told_how_many_notes_are_open(room, ann, bob):
    remarks.write_note(room.desk, room.logs, bob, ID, "one")
    remarks.write_note(room.desk, room.logs, bob, "fedcba9876543210", "not of this one")
    resolved = remarks.write_note(room.desk, room.logs, bob, ID, "two")
    remarks.change_note(room.desk, room.logs, ann, resolved.id, 1, resolved=True)
    assert remarks.annotate(room.desk, room.logs, ann, ID, Change(tags=("x",)), 0).open_notes == 1
    with pytest.raises(EditConflict) as conflict:
        remarks.annotate(room.desk, room.logs, bob, ID, Change(tags=("y",)), 0)
    assert conflict.value.current == remarks.everything(room.desk, room.logs)[0]


def test_a_note_is_its_authors_and_anybody_may_resolve_it(room, ann, bob):
    note = remarks.write_note(room.desk, room.logs, ann, ID, "look at epoch 7")
    assert remarks.everything(room.desk, room.logs)[0].open_notes == 1
    with pytest.raises(NotAllowed):
        remarks.change_note(room.desk, room.logs, bob, note.id, 1, "mine now")
    with pytest.raises(NotAllowed):
        remarks.delete_note(room.desk, room.logs, bob, note.id)
    resolved = remarks.change_note(room.desk, room.logs, bob, note.id, 1, resolved=True)
    assert (resolved.resolved_by, resolved.text, resolved.author) == ("Bob", "look at epoch 7", "Ann")
    assert remarks.everything(room.desk, room.logs) == ()
    reopened = remarks.change_note(room.desk, room.logs, ann, note.id, 2, resolved=False)
    assert reopened.resolved_at is None
    remarks.delete_note(room.desk, room.logs, room.admin, note.id)
    assert remarks.notes(room.desk, room.logs, ID) == ()


def test_a_deleted_note_is_gone_for_all_and_comes_back_as_it_was_within_a_day(room, ann, bob):
    note = remarks.write_note(room.desk, room.logs, ann, ID, "look at epoch 7")
    gone = remarks.delete_note(room.desk, room.logs, ann, note.id)
    assert remarks.notes(room.desk, room.logs, ID) == ()
    assert remarks.everything(room.desk, room.logs) == ()
    for deed in (
        lambda: remarks.change_note(room.desk, room.logs, ann, note.id, gone.version, "again"),
        lambda: remarks.delete_note(room.desk, room.logs, ann, note.id),
        lambda: remarks.restore_note(room.desk, room.theirs, room.admin, note.id, gone.version),
    ):
        with pytest.raises(NotFound):
            deed()
    with pytest.raises(NotAllowed):
        remarks.restore_note(room.desk, room.logs, bob, note.id, gone.version)
    back = remarks.restore_note(room.desk, room.logs, ann, note.id, gone.version)
    assert (back.text, back.author, back.created_at, back.deleted_at) == (note.text, "Ann", note.created_at, None)
    assert remarks.notes(room.desk, room.logs, ID) == (back,)
    with pytest.raises(EditConflict):
        remarks.restore_note(room.desk, room.logs, ann, note.id, gone.version)


def test_whoever_resolved_a_note_first_has_done_so(room, ann, bob):
    note = remarks.write_note(room.desk, room.logs, ann, ID, "x")
    first = remarks.change_note(room.desk, room.logs, bob, note.id, 1, resolved=True)
    room.clock.pass_(60)
    again = remarks.change_note(room.desk, room.logs, ann, note.id, 2, resolved=True)
    assert (again.resolved_by, again.resolved_at) == ("Bob", first.resolved_at)
    reopened = remarks.change_note(room.desk, room.logs, ann, note.id, 3, resolved=False)
    assert (reopened.resolved_by, reopened.resolved_at) == (None, None)


def test_after_a_day_a_deleted_note_is_gone_for_good(room, ann):
    gone = [remarks.delete_note(room.desk, room.logs, ann, remarks.write_note(room.desk, room.logs, ann, ID, "x").id) for _ in range(2)]
    room.clock.pass_(remarks.KEPT_DELETED.total_seconds() + 1)
    with pytest.raises(NotFound):
        remarks.restore_note(room.desk, room.logs, ann, gone[0].id, gone[0].version)
    remarks.write_note(room.desk, room.logs, ann, ID, "y")
    with room.desk.database.read() as connection:
        assert all(stored.find_note(connection, room.logs.uid, each.id) is None for each in gone)


def test_a_note_of_another_project_is_not_there(room, ann):
    note = remarks.write_note(room.desk, room.logs, ann, ID, "x")
    for deed in (
        lambda: remarks.delete_note(room.desk, room.theirs, room.admin, note.id),
        lambda: remarks.change_note(room.desk, room.theirs, ann, note.id, 1, "y"),
    ):
        with pytest.raises(NotFound):
            deed()


@pytest.mark.parametrize(
    "change",
    [
        Change(display_name="x" * 201),
        Change(display_name="two\nlines"),
        Change(description="x" * 10_001),
        Change(description="nul\0"),
        Change(tags=("",)),
        Change(tags=("x" * 51,)),
        Change(tags=("a\nb",)),
        Change(tags=tuple(map(str, range(21)))),
    ],
)
def test_what_is_too_much_is_refused_and_changes_nothing(room, ann, change):
    with pytest.raises(BadRequest):
        remarks.annotate(room.desk, room.logs, ann, ID, change, 0)
    assert remarks.everything(room.desk, room.logs) == ()


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001, "nul\0"])
def test_a_note_says_something_and_not_too_much(room, ann, text):
    with pytest.raises(BadRequest):
        remarks.write_note(room.desk, room.logs, ann, ID, text)


@pytest.mark.parametrize("experiment", ["", "abc", "x" * 65, "../etc", "a b c d", "é" * 8])
def test_odd_ids_of_experiments_are_not_found(room, ann, experiment):
    for deed in (
        lambda: remarks.annotate(room.desk, room.logs, ann, experiment, Change(), 0),
        lambda: remarks.notes(room.desk, room.logs, experiment),
        lambda: remarks.write_note(room.desk, room.logs, ann, experiment, "x"),
    ):
        with pytest.raises(NotFound):
            deed()


def test_bounds_hold(room, ann, monkeypatch):
    monkeypatch.setattr(remarks, "MAX_NOTES", 2)
    monkeypatch.setattr(remarks, "MAX_ANNOTATED", 1)
    for _ in range(2):
        remarks.write_note(room.desk, room.logs, ann, ID, "x")
    with pytest.raises(BadRequest):
        remarks.write_note(room.desk, room.logs, ann, ID, "x")
    remarks.annotate(room.desk, room.logs, ann, ID, Change(archived=True), 0)
    with pytest.raises(BadRequest):
        remarks.annotate(room.desk, room.logs, ann, "another-one", Change(archived=True), 0)


def test_the_audit_log_says_who_and_what_and_never_the_words(room, ann):
    remarks.annotate(room.desk, room.logs, ann, ID, Change(description="SECRET words"), 0)
    note = remarks.write_note(room.desk, room.logs, ann, ID, "SECRET words")
    remarks.delete_note(room.desk, room.logs, ann, note.id)
    rows = [audit_log.as_row(each) for each in audit_log.entries(room.desk, Which())]
    done = [(row[2], row[3]) for row in rows]
    assert {("user:ann", "experiment.annotate"), ("user:ann", "note.write"), ("user:ann", "note.delete")} <= set(done)
    assert "SECRET" not in repr(rows)


def test_the_audit_log_says_of_what_and_which_part_of_it(room, ann, bob):
    remarks.annotate(room.desk, room.logs, ann, ID, Change(display_name="x", description="SECRET", tags=("t",), archived=True), 0)
    remarks.annotate(room.desk, room.logs, ann, ID, Change(description="SECRET", archived=False), 1)
    note = remarks.write_note(room.desk, room.logs, ann, ID, "SECRET words")
    remarks.change_note(room.desk, room.logs, bob, note.id, 1, resolved=True)
    remarks.change_note(room.desk, room.logs, ann, note.id, 2, "SECRET too", resolved=False)
    said = [each.target for each in audit_log.entries(room.desk, Which()) if each.actor in {"user:ann", "user:bob"}]
    of_note = f"project:logs note:{note.id} experiment:{ID}"
    assert said == [
        f"project:logs experiment:{ID} name description tags archived:yes",
        f"project:logs experiment:{ID} archived:no",
        of_note,
        f"{of_note} resolved:yes",
        f"{of_note} text resolved:no",
    ]


@pytest.mark.parametrize("place", [StepRange(10, 20.5), StepRange(7, 7), NotebookCell("notebooks/a b.ipynb", "#3")])
def test_a_note_keeps_the_place_that_it_is_about(room, ann, place):
    made = remarks.write_note(room.desk, room.logs, ann, ID, "here", place)
    changed = remarks.change_note(room.desk, room.logs, ann, made.id, made.version, "there")
    gone = remarks.delete_note(room.desk, room.logs, ann, made.id)
    back = remarks.restore_note(room.desk, room.logs, ann, made.id, gone.version)
    assert made.place == changed.place == back.place == place
    assert [each.place for each in remarks.notes(room.desk, room.logs, ID)] == [place]


def test_a_range_that_ends_before_it_begins_is_refused(room, ann):
    with pytest.raises(BadRequest):
        remarks.write_note(room.desk, room.logs, ann, ID, "x", StepRange(2, 1))
