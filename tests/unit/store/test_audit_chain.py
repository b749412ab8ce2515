"""The chain of the audit log: whatever is changed in it is found (M05)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_share.store.audit_chain import FIRST, link, verify

BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
TEXT = st.text(max_size=20)


def chained(said):
    before, rows = FIRST, []
    for number, (actor, action, target) in enumerate(said, 1):
        row = {"seq": number, "at": BEGAN + timedelta(seconds=number), "actor": actor, "action": action, "target": target, "result": "done"}
        before = link(before, row)
        rows.append({**row, "hash": before})
    return rows


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=8))
def test_what_was_written_is_whole(said):
    rows = chained(said)
    verdict = verify(rows)
    assert (verdict.rows, verdict.broken_at, verdict.seen) == (len(said), None, True)
    assert all(verify(rows, row["hash"]).seen for row in rows)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6), st.data())
def test_M05_a_changed_row_is_named(said, data):
    rows = chained(said)
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(["actor", "action", "target", "result", "at", "seq"]))
    changed = {"at": rows[at]["at"] + timedelta(microseconds=1), "seq": rows[at]["seq"] + 1}.get(
        name, rows[at].get(name) if name in ("at", "seq") else rows[at][name] + "x"
    )
    rows[at] = {**rows[at], name: changed}
    assert verify(rows).broken_at == at + 1


@pytest.mark.parametrize("at", [0, 1, 2])
def test_M05_a_removed_row_is_noticed(at):
    rows = chained([("a", "b", "c")] * 4)
    del rows[at]
    assert verify(rows).broken_at == at + 1


def test_M05_rows_in_another_order_are_noticed():
    rows = chained([("a", "b", str(number)) for number in range(4)])
    rows[1], rows[2] = rows[2], rows[1]
    assert verify(rows).broken_at == 2


def test_M05_a_cut_end_is_noticed_by_whoever_kept_a_hash():
    rows = chained([("a", "b", str(number)) for number in range(4)])
    assert verify(rows[:3]).broken_at is None
    assert not verify(rows[:3], rows[3]["hash"]).seen
    assert verify(rows, rows[2]["hash"]).seen


def test_texts_cannot_be_moved_from_one_field_to_the_next():
    row = {"seq": 1, "at": BEGAN, "actor": "a", "action": "b", "target": "c", "result": "d"}
    other = {**row, "actor": 'a","b', "action": ""}
    assert link(FIRST, row) != link(FIRST, other)
