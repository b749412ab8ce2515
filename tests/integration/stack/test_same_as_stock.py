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


def series(browser, **asked):
    query = urllib.parse.urlencode(asked, doseq=True)
    answer = browser.get(f"/p/keras-orientation/data/plugin/tb_share/series?{query}")
    assert answer.status == 200, answer.body
    return nanoarrow.ArrayStream.from_readable(io.BytesIO(answer.body)).read_all().to_pylist()


def test_the_points_of_charts_equal_tensorboards_own_and_a_link_sees_only_its_experiments(owner, serve):
    table = owner.get("/p/keras-orientation/data/plugin/tb_share/experiments")
    rows = nanoarrow.ArrayStream.from_readable(io.BytesIO(table.body)).read_all().to_pylist()
    ids = {row["name"]: row["id"] for row in rows}
    name, other = "resnet_small_lr1e-3_bs32_2026-11-02T10-31", "test_2026-11-05T16-33"
    found = series(owner, id=[ids[name], ids[other]], label=["train/epoch_loss", "validation/epoch_loss"])
    for number, split in enumerate(("train", "validation")):
        query = urllib.parse.urlencode({"run": f"{name}/{split}", "tag": "epoch_loss", "format": "json"})
        theirs = json.loads(text_of(owner.get(f"/p/keras-orientation/data/plugin/scalars/scalars?{query}")))
        ours = [[row["wall"], row["step"], row["value"]] for row in found if row["experiment"] == 0 and row["label"] == number]
        assert ours == theirs
    assert {row["experiment"] for row in found} == {0, 1}
    few = series(owner, id=ids[name], label="train/epoch_loss", points=3)
    all_of_it = [row for row in found if row["experiment"] == 0 and row["label"] == 0]
    assert len(few) <= 3
    assert few[-1]["value"] == all_of_it[-1]["value"]
    assert min(row["low"] for row in few) == min(row["value"] for row in all_of_it)
    assert max(row["high"] for row in few) == max(row["value"] for row in all_of_it)
    scope = {"scope": {"kind": "experiments", "ids": [ids[other]]}}
    link = json.loads(owner.post("/api/v1/projects/keras-orientation/links", json.dumps(scope).encode(), "application/json").body)
    guest = serve.browser()
    assert guest.use(link["url"]).status == 303
    seen = series(guest, id=[ids[name], ids[other]], label=["train/epoch_loss", "validation/epoch_loss"])
    assert {row["experiment"] for row in seen} == {1}
    about = json.loads(owner.get(f"/p/keras-orientation/data/plugin/tb_share/experiment?id={ids[name]}").body)
    best = owner.get("/p/keras-orientation/data/plugin/tb_share/experiments?of=min,max,steps")
    (row,) = [each for each in nanoarrow.ArrayStream.from_readable(io.BytesIO(best.body)).read_all().to_pylist() if each["name"] == name]
    least = min(all_of_it, key=lambda each: each["value"])
    assert (row["min:train/epoch_loss"], row["min_step:train/epoch_loss"]) == (least["value"], least["step"])
    assert row["max:train/epoch_loss"] == max(each["value"] for each in all_of_it)
    assert "m:train/epoch_loss" not in row
    (loss,) = [each for each in about["metrics"] if each["label"] == "train/epoch_loss"]
    assert (loss["min"], loss["count"]) == (min(row["value"] for row in all_of_it), len(all_of_it))


@pytest.mark.parametrize(
    "query",
    ["points=0", "points=x", "from=nan", "points=99999999", "points=000000001999999", "to=x", "&".join(["id=a"] * 50 + ["label=b"] * 11)],
)
def test_a_question_for_series_that_makes_no_sense_is_told_so(owner, query):
    answer = owner.get(f"/p/keras-orientation/data/plugin/tb_share/series?{query}")
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, "bad_request")


def test_a_statistic_that_there_is_not_is_told_so(owner):
    answer = owner.get("/p/keras-orientation/data/plugin/tb_share/experiments?of=median")
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, "bad_request")
    assert "median" not in answer.body.decode()


def test_an_upstream_answers_as_it_does_alone(owner, stock):
    for path in ("/data/runs", "/data/plugin/scalars/tags", "/data/plugin/images/tags", "/data/plugin/hparams/experiment?request=%7B%7D"):
        assert json.loads(text_of(owner.get(f"/p/theirs{path}"))) == read_stock(stock, path)
