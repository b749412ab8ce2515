"""On real logs ours says, number by number, what TensorBoard's own handlers say, within every scope."""

from __future__ import annotations

import json

import pytest

from tb_share.model.share_link import ChosenExperiments, WholeProject
from tb_share.tensorboards.host import scalar_columns
from tb_share.tensorboards.host.prompt_answers import make_prompt

TIME_SERIES = "/data/plugin/timeseries/timeSeries"
BELOW = "/experiment/defaultExperimentId"


@pytest.fixture(params=["everything", "one experiment", "nothing"])
def scope(request, host):
    return {"everything": WholeProject, "one experiment": lambda: host.experiment(0), "nothing": lambda: ChosenExperiments(())}[
        request.param
    ]()


def same(host, path, **asked):
    expected = host.ask(host.stock, path, **asked)
    # The first asks, the second is told from memory.
    for client in (host.fast, host.cached, host.cached):
        got = host.ask(client, path, **asked)
        assert got[0] == expected[0]
        assert repr(got[1]) == repr(expected[1])
    return expected[1]


def test_every_series_of_every_run(host, scope):
    tags = sorted({tag for _, tag in host.series()})
    assert tags
    for tag in tags:
        answer = same(
            host, BELOW + TIME_SERIES, scope=scope, method="POST", data={"requests": json.dumps([{"plugin": "scalars", "tag": tag}])}
        )
        assert set(answer[0]["runToSeries"]) == {run for run, its in host.series(scope) if its == tag}


def test_all_tags_in_one_request(host, scope):
    series = host.series()
    questions = [{"plugin": "scalars", "tag": tag} for tag in sorted({tag for _, tag in series})]
    questions += [{"plugin": "scalars", "tag": tag, "run": run} for run, tag in series[:7]]
    same(host, TIME_SERIES, scope=scope, method="POST", data={"requests": json.dumps(questions)}, content_type="multipart/form-data")
    same(host, TIME_SERIES, scope=scope, query_string={"requests": json.dumps(questions)})


def test_one_series_as_the_older_dashboard_asks(host, scope):
    for run, tag in host.series()[:40]:
        same(host, "/data/plugin/scalars/scalars", scope=scope, query_string={"run": run, "tag": tag})
        same(host, "/data/plugin/scalars/scalars_multirun", scope=scope, method="POST", data={"tag": tag, "runs": [run, "missing"]})


def test_other_plugins_are_tensorboards(host, scope):
    _, tags, _ = host.ask(host.stock, "/data/plugin/timeseries/tags")
    images = [
        {"plugin": "images", "tag": tag, "run": run, "sample": 0}
        for tag, runs in tags["images"]["tagRunSampledInfo"].items()
        for run in list(runs)[:2]
    ]
    histograms = [
        {"plugin": "histograms", "tag": tag, "run": run}
        for run, its in list(tags["histograms"]["runTagInfo"].items())[:3]
        for tag in its[:2]
    ]
    for questions in ([image] for image in images[:4]):
        same(host, TIME_SERIES, scope=scope, method="POST", data={"requests": json.dumps(questions)})
    same(host, TIME_SERIES, scope=scope, method="POST", data={"requests": json.dumps([*images[:2], *histograms])})


@pytest.mark.parametrize(
    "path",
    [
        "/data/runs",
        "/data/environment",
        "/data/plugins_listing",
        "/data/plugin/timeseries/tags",
        "/data/plugin/scalars/tags",
        "/data/plugin/images/tags",
        "/data/plugin/text/tags",
        "/data/plugin/histograms/tags",
    ],
)
def test_what_is_remembered_is_what_was_said(host, scope, path):
    same(host, path, scope=scope)


def test_parameters_are_remembered_as_they_were_said(host, scope):
    asked = {"method": "POST", "data": b"{}", "content_type": "application/json"}
    same(host, "/data/plugin/hparams/experiment", scope=scope, **asked)


def test_missing_runs_and_tags(host, scope):
    for question in ({"plugin": "scalars", "tag": "no such"}, {"plugin": "scalars", "tag": "loss", "run": "no such"}):
        same(host, TIME_SERIES, scope=scope, method="POST", data={"requests": json.dumps([question])})
    same(host, "/data/plugin/scalars/scalars_multirun", scope=scope, method="POST", data={"tag": "no such", "runs": []})


def test_small_answers_of_the_data_server_do_not_wait(host):
    # The listening socket took the option; how much it saves is for the benchmarks.
    assert make_prompt(host.rustboard.pid) >= 1


def test_a_process_that_is_gone_is_no_obstacle():
    assert make_prompt(2**22 - 1) == 0


def test_a_request_for_many_tags_is_one_call_to_the_data_server(host, monkeypatch):
    calls = []
    read = scalar_columns.ColumnProvider.read_scalars

    def counted(*arguments, **asked):
        calls.append(asked)
        return read(*arguments, **asked)

    monkeypatch.setattr(scalar_columns.ColumnProvider, "read_scalars", counted)
    questions = [{"plugin": "scalars", "tag": tag} for tag in sorted({tag for _, tag in host.series()})]
    host.ask(host.fast, TIME_SERIES, method="POST", data={"requests": json.dumps(questions)})
    assert len(calls) == 1
