"""Must be true of every logdir: the same runs and the same points as TensorBoard alone."""

from __future__ import annotations

import io
import json
import urllib.parse
import urllib.request

import nanoarrow
import pytest

from tests.integration.stack.conftest import INVENTORY, LOGDIRS, NAMES, text_of
from tests.processes import wait_for
from tests.stock_tensorboard import stock_tensorboard


def read_stock(address, path):
    with urllib.request.urlopen(address + path, timeout=60) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("name", NAMES)
def test_runs_and_scalars_equal_stock_tensorboard_point_by_point(owner, name):
    with stock_tensorboard(LOGDIRS / name) as address:
        expected_runs = len(INVENTORY[name]["event_accumulator"])
        wait_for(lambda: len(read_stock(address, "/data/runs")) == expected_runs)
        runs = read_stock(address, "/data/runs")
        assert json.loads(text_of(owner.get(f"/p/{name}/data/runs"))) == runs
        tags = read_stock(address, "/data/plugin/scalars/tags")
        assert json.loads(text_of(owner.get(f"/p/{name}/data/plugin/scalars/tags"))) == tags
        points = 0
        for run, of_run in tags.items():
            for tag in of_run:
                path = "/data/plugin/scalars/scalars?" + urllib.parse.urlencode({"run": run, "tag": tag, "format": "json"})
                theirs = read_stock(address, path)
                assert json.loads(text_of(owner.get(f"/p/{name}{path}"))) == theirs, (run, tag)
                points += len(theirs)
    assert points > 100


def test_the_experiments_tab_lists_twelve_experiments_with_their_parameters(owner):
    answer = owner.get("/p/keras-orientation/data/plugin/tb_share/experiments")
    table = nanoarrow.ArrayStream.from_readable(io.BytesIO(answer.body)).read_all()
    rows = table.to_pylist()
    assert len(rows) == 12
    with_parameters = [row for row in rows if row["p:backbone"]]
    assert len(with_parameters) == 11
    assert {row["p:batch_size"] for row in with_parameters} == {16.0, 32.0, 64.0}
    again = owner.ask("GET", "/p/keras-orientation/data/plugin/tb_share/experiments", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_an_upstream_answers_as_it_does_alone(owner, stock):
    for path in ("/data/runs", "/data/plugin/scalars/tags", "/data/plugin/images/tags", "/data/plugin/hparams/experiment?request=%7B%7D"):
        assert json.loads(text_of(owner.get(f"/p/theirs{path}"))) == read_stock(stock, path)
