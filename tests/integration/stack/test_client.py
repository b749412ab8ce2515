"""The Python client against a real serve: the tab's table as a DataFrame, every point, files, and no more than the token may."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tb_share import Client, RequestRefused
from tests.integration.stack.conftest import LOGDIRS
from tests.other_readers import of_accumulator
from tests.running_serve import serving

NAME = "resnet_small_lr1e-3_bs32_2026-11-02T10-31"


def token(browser, **limits):
    wish = {"name": "client", "scopes": ["read"], "expires_in_s": 3600, **limits}
    return json.loads(browser.post("/api/v1/tokens", json.dumps(wish).encode(), "application/json").body)["secret"]


@pytest.fixture(scope="module")
def client(serve, owner):
    return Client(serve.base, token(owner))


@pytest.fixture(scope="module")
def table(client):
    return client.experiments("keras-orientation", of=("last", "min", "steps"))


def test_the_table_is_a_frame_with_parameters_and_metrics(client, table):
    assert {each["id"] for each in client.projects()} >= {"keras-orientation", "lightning"}
    assert len(table) == 12
    (row,) = [row for _, row in table.iterrows() if row["name"] == NAME]
    assert (row["params.lr"], row["params.backbone"], row["state"]) == (0.001, "resnet_small", "finished")
    assert row["metrics.validation/epoch_loss:min"] <= row["metrics.validation/epoch_loss"]
    assert table["metrics.validation/epoch_loss:min_step"].notna().sum() >= 10
    about = client.experiment("keras-orientation", row.name)
    assert row["started"].timestamp() == pytest.approx(about["started"], abs=1e-6)
    assert (about["name"], about["ended"] - about["started"]) == (NAME, about["duration"])


def test_every_point_is_as_tensorboards_own_reader_has_it(client, table):
    id_of = {name: one for one, name in table["name"].items()}
    theirs = of_accumulator(LOGDIRS / "keras-orientation" / NAME / "train")
    found = client.series("keras-orientation", id_of[NAME], [f"train/{tag}" for tag in theirs])
    assert set(found["metric"]) == {f"train/{tag}" for tag in theirs}
    for tag, (steps, walls, values) in theirs.items():
        mine = found[found["metric"] == f"train/{tag}"]
        assert (mine["experiment"] == id_of[NAME]).all()
        for name, theirs_ in (("step", steps), ("wall_time", walls), ("value", values)):
            np.testing.assert_array_equal(mine[name].to_numpy(float), theirs_.astype(float))
    some = client.series("keras-orientation", list(table.index), "train/epoch_loss", steps=(2, 3))
    assert set(some["step"]) == {2.0, 3.0}
    assert some["experiment"].nunique() > 5


def test_files_are_fetched_whole_or_not_at_all(client, tmp_path):
    experiments = client.experiments("lightning")
    one = next(each for each in experiments.index if client.files("lightning", each))
    name = client.files("lightning", one)[0]["name"]
    path = client.download("lightning", one, name, tmp_path / "kept")
    (original,) = [file for file in LOGDIRS.joinpath("lightning").rglob(name) if file.read_bytes() == path.read_bytes()]
    assert original.stat().st_size == path.stat().st_size
    with pytest.raises(RequestRefused) as refused:
        client.download("lightning", one, "../secret", tmp_path / "none")
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_a_token_reads_what_it_may_and_nothing_else(serve, owner):
    narrow = Client(serve.base, token(owner, projects=["lightning"]))
    assert len(narrow.experiments("lightning")) > 0
    assert [each["id"] for each in narrow.projects()] == ["lightning"]
    for ask in (narrow.experiments, lambda project: narrow.series(project, "x", "loss"), lambda project: narrow.files(project, "x")):
        with pytest.raises(RequestRefused) as refused:
            ask("keras-orientation")
        assert (refused.value.status, refused.value.code) == (404, "not_found")
    nobody = Client(serve.base, "tbs_" + "a" * 39)
    with pytest.raises(RequestRefused) as refused:
        nobody.projects()
    assert refused.value.status == 401
    assert "aaaa" not in str(refused.value)
    with pytest.raises(RequestRefused) as refused:
        narrow.experiments("lightning", of=("median",))
    assert refused.value.code == "bad_request"


def test_a_project_that_sleeps_is_waited_for(tmp_path):
    with serving(tmp_path / "data", [f"--logdir=logs={LOGDIRS / 'tensorboardx'}"]) as running:
        client = Client(running.base, token(running.owner()))
        frame = client.experiments("logs")
        assert list(frame.columns[:3]) == ["name", "state", "started"]
