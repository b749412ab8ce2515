"""Stars are their owner's alone: nobody else reads them, and the log does not say what was starred."""

from __future__ import annotations

import pytest

from tb_share.errors import BadRequest, NotFound
from tb_share.model.caller import Member
from tb_share.operations import audit_log, stars
from tb_share.store import people
from tb_share.store.audit import Which

ID = "0123456789abcdef"


@pytest.fixture
def ann(room):
    with room.desk.database.write() as connection:
        people.add(connection, people.NewPerson("ann", "Ann"), room.clock())
    return Member("ann", "Ann")


def test_a_star_is_set_and_taken_away_as_often_as_one_likes(room, ann):
    for _ in range(2):
        stars.star(room.desk, room.logs, ann, ID)
        assert stars.of(room.desk, room.logs, ann) == {ID}
    for _ in range(2):
        stars.unstar(room.desk, room.logs, ann, ID)
        assert stars.of(room.desk, room.logs, ann) == set()


def test_nobody_else_and_no_other_project_has_it(room, ann):
    stars.star(room.desk, room.logs, ann, ID)
    assert stars.of(room.desk, room.logs, room.admin) == set()
    assert stars.of(room.desk, room.theirs, ann) == set()
    stars.unstar(room.desk, room.logs, room.admin, ID)
    stars.unstar(room.desk, room.theirs, ann, ID)
    assert stars.of(room.desk, room.logs, ann) == {ID}


@pytest.mark.parametrize("experiment", ["", "abc", "x" * 65, "../etc", "a b c d", "é" * 8])
def test_odd_ids_are_not_found(room, ann, experiment):
    for deed in (stars.star, stars.unstar):
        with pytest.raises(NotFound):
            deed(room.desk, room.logs, ann, experiment)


def test_the_bound_holds(room, ann, monkeypatch):
    monkeypatch.setattr(stars, "MAX_STARS", 1)
    stars.star(room.desk, room.logs, ann, ID)
    stars.star(room.desk, room.logs, ann, ID)
    with pytest.raises(BadRequest):
        stars.star(room.desk, room.logs, ann, "another-one")


def test_the_log_says_that_and_not_what(room, ann):
    stars.star(room.desk, room.logs, ann, ID)
    stars.unstar(room.desk, room.logs, ann, ID)
    rows = [audit_log.as_row(each) for each in audit_log.entries(room.desk, Which())]
    assert [row[3] for row in rows if "star" in row[3]] == ["experiment.star", "experiment.unstar"]
    assert ID not in repr(rows)
