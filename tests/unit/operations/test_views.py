"""Saved views: private ones are their author's, shared ones the project's, one default, nothing is lost by deleting or by two at once."""

from __future__ import annotations

import pytest

from tb_share.errors import BadRequest, EditConflict, NotAllowed, NotFound
from tb_share.model.caller import Member
from tb_share.model.saved_view import MAX_KEYS, MAX_STATE, is_state
from tb_share.operations import audit_log, views
from tb_share.operations.views import NewView, ViewChange
from tb_share.store.audit import Which

STATE = {"query": "val/loss<0.2", "sort": "-validation/epoch_loss", "compare": "aaaa,bbbb"}
ANN, BOB, VIC = Member("ann", "Ann"), Member("bob", "Bob"), Member("vic", "Vic")


@pytest.fixture
def save(room):
    def saving(by=ANN, name="mine", *, shared=False, may_share=True):
        return views.save(room.desk, room.logs, by, NewView(name, STATE, shared), may_share=may_share)

    return saving


@pytest.fixture
def change(room):
    def changing(view, by=ANN, *, version=None, may_share=True, project=None, **wishes):
        known = view.version if version is None else version
        return views.change(room.desk, project or room.logs, by, view.id, ViewChange(**wishes), known, may_share=may_share)

    return changing


def names(room, by):
    return [each.name for each in views.seen(room.desk, room.logs, by)]


def test_a_private_view_is_seen_and_changed_by_its_author_alone(room, save, change):
    view = save()
    assert views.seen(room.desk, room.logs, ANN) == (view,)
    assert dict(view.state) == STATE
    for other in (BOB, room.admin):
        assert names(room, other) == []
        with pytest.raises(NotFound):
            change(view, other, name="taken")
        with pytest.raises(NotFound):
            views.delete(room.desk, room.logs, other, view.id, may_share=True)
    assert views.seen(room.desk, room.theirs, ANN) == ()
    with pytest.raises(NotFound):
        change(view, project=room.theirs, name="elsewhere")


def test_a_shared_view_is_everybodys_and_changed_by_whoever_may_share(room, save, change):
    view = save(name="for all", shared=True)
    assert names(room, VIC) == ["for all"]
    with pytest.raises(NotAllowed):
        change(view, VIC, name="x", may_share=False)
    with pytest.raises(NotAllowed):
        views.delete(room.desk, room.logs, VIC, view.id, may_share=False)
    assert change(view, BOB, name="by Bob").name == "by Bob"
    with pytest.raises(NotAllowed):
        change(view, BOB, version=2, shared=False)
    assert not change(view, ANN, version=2, shared=False).shared
    assert names(room, BOB) == []


def test_who_may_not_share_keeps_their_own(room, save, change):
    with pytest.raises(NotAllowed):
        save(VIC, shared=True, may_share=False)
    view = save(VIC, may_share=False)
    for wish in ({"shared": True}, {"shared": True, "is_default": True}):
        with pytest.raises(NotAllowed):
            change(view, VIC, may_share=False, **wish)
    assert change(view, VIC, may_share=False, name="still mine").version == 2
    views.delete(room.desk, room.logs, VIC, view.id, may_share=False)


def test_two_who_change_the_same_are_told_what_it_is_now(save, change):
    view = save(shared=True)
    change(view, ANN, state={"query": "from Ann"})
    with pytest.raises(EditConflict) as caught:
        change(view, BOB, state={"query": "from Bob"})
    assert caught.value.current.state == {"query": "from Ann"}
    assert change(view, BOB, version=2, state={"query": "both"}).version == 3


def test_a_project_has_one_default_and_it_is_a_shared_one(room, save, change):
    first, second, own = save(name="a", shared=True), save(name="b", shared=True), save(name="c")
    with pytest.raises(BadRequest):
        change(own, is_default=True)
    change(first, is_default=True)
    change(second, BOB, is_default=True)
    assert [(each.name, each.is_default) for each in views.seen(room.desk, room.logs, VIC)] == [("a", False), ("b", True)]
    with pytest.raises(BadRequest):
        change(second, ANN, version=2, shared=False)
    with pytest.raises(EditConflict):
        change(first, version=2, is_default=True)


def test_what_was_deleted_is_out_of_sight_and_comes_back_within_a_day(room, save, change):
    view = save(shared=True)
    change(view, is_default=True)
    gone = views.delete(room.desk, room.logs, BOB, view.id, may_share=True)
    assert names(room, ANN) == []
    with pytest.raises(NotFound):
        change(gone, name="x")
    with pytest.raises(NotFound):
        views.delete(room.desk, room.logs, BOB, view.id, may_share=True)
    back = change(gone, BOB, deleted=False)
    assert (back.name, back.state, back.is_default, back.deleted_at) == ("mine", STATE, False, None)
    gone = views.delete(room.desk, room.logs, BOB, view.id, may_share=True)
    room.clock.pass_(86_401)
    for name in ("one that drops it", "another"):
        with pytest.raises(NotFound):
            change(gone, deleted=False)
        save(name=name)


def test_a_default_that_comes_back_takes_no_others_place(room, save, change):
    first = change(save(name="first", shared=True), is_default=True)
    gone = views.delete(room.desk, room.logs, ANN, first.id, may_share=True)
    second = change(save(BOB, name="second", shared=True), BOB, is_default=True)
    back = change(gone, deleted=False, is_default=True)
    assert not back.is_default
    assert {each.name: each.is_default for each in views.seen(room.desk, room.logs, BOB)} == {"first": False, "second": True}
    gone = views.delete(room.desk, room.logs, BOB, second.id, may_share=True)
    assert change(gone, BOB, deleted=False, is_default=True).is_default


def test_a_name_stands_once_among_the_shared_and_once_among_ones_own(room, save, change):
    save(name="best")
    save(BOB, name="best")
    shared = save(name="best", shared=True)
    for again in (lambda: save(name=" best "), lambda: save(BOB, name="best", shared=True)):
        with pytest.raises(BadRequest):
            again()
    gone = views.delete(room.desk, room.logs, ANN, shared.id, may_share=True)
    save(name="best", shared=True)
    with pytest.raises(BadRequest):
        change(gone, deleted=False)
    assert change(gone, deleted=False, name="best again").name == "best again"
    assert names(room, ANN) == ["best", "best", "best again"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "nul\0"])
def test_odd_names_are_refused(room, save, change, name):
    with pytest.raises(BadRequest):
        save(name=name)
    view = save()
    with pytest.raises(BadRequest):
        change(view, name=name)
    assert names(room, ANN) == ["mine"]


ODD_STATES = [
    {f"k{number}": "" for number in range(MAX_KEYS + 1)},
    {"query": "x" * MAX_STATE},
    {"Query": "x"},
    {"": "x"},
    {"a b": "x"},
    {"x" * 33: "x"},
    {"p.query": "x"},
    {"query": "two\nlines"},
    {"query": "nul\0"},
    {"query": "\u202e"},
]


@pytest.mark.parametrize("state", ODD_STATES)
def test_odd_states_are_refused(room, change, save, state):
    assert not is_state(state)
    with pytest.raises(BadRequest):
        views.save(room.desk, room.logs, ANN, NewView("odd", state), may_share=True)
    view = save()
    with pytest.raises(BadRequest):
        change(view, state=state)
    assert views.seen(room.desk, room.logs, ANN) == (view,)


@pytest.mark.parametrize(
    "state", [{}, STATE, {"query": "ünïcode ≤ 1"}, {"query": "損失\u3000學習\u00a0"}, {f"k{number}": "v" for number in range(MAX_KEYS)}]
)
def test_states_of_the_panel_are_fine(room, state):
    assert views.save(room.desk, room.logs, ANN, NewView("fine", state), may_share=True).state == state


def test_the_bound_holds(room, save, monkeypatch):
    monkeypatch.setattr(views, "MAX_VIEWS", 1)
    save()
    with pytest.raises(BadRequest):
        save(name="one more")
    save(BOB)


def test_the_bound_holds_for_what_comes_back(room, save, change, monkeypatch):
    monkeypatch.setattr(views, "MAX_VIEWS", 1)
    gone = views.delete(room.desk, room.logs, ANN, save().id, may_share=True)
    save(name="in its place")
    with pytest.raises(BadRequest, match="Delete some first"):
        change(gone, deleted=False)


def test_the_audit_log_says_who_and_what_and_never_the_name_or_state(room, save, change):
    view = save(name="SECRET plan", shared=True)
    change(view, is_default=True)
    gone = views.delete(room.desk, room.logs, BOB, view.id, may_share=True)
    change(gone, deleted=False)
    rows = [audit_log.as_row(each) for each in audit_log.entries(room.desk, Which())]
    done = [(row[2], row[3], row[4].split(" ")[2]) for row in rows if row[3].startswith("view.")]
    assert done == [
        ("user:ann", "view.save", "shared"),
        ("user:ann", "view.change", "default"),
        ("user:bob", "view.delete", "shared"),
        ("user:ann", "view.restore", "shared"),
    ]
    assert not {"SECRET", "val/loss"} & set(repr(rows).split())
    assert "SECRET" not in repr(rows)


def test_the_audit_log_says_which_part_of_a_view_was_changed(room, save, change):
    view = save(name="SECRET plan")
    for version, wishes in enumerate(
        (
            {"name": "SECRET too", "state": {"query": "SECRET"}},
            {"shared": True},
            {"is_default": True},
            {"name": "SECRET again", "shared": True},
            {"shared": False, "is_default": False},
        ),
        start=1,
    ):
        change(view, version=version, **wishes)
    said = [each.target for each in audit_log.entries(room.desk, Which(action="view.change"))]
    of_view = f"project:logs view:{view.id}"
    assert said == [
        f"{of_view} private name state",
        f"{of_view} shared shared:yes",
        f"{of_view} default default:yes",
        f"{of_view} default name",
        f"{of_view} private shared:no default:no",
    ]
