"""E07 as pure cases: the addresses below a mount, and nothing else."""

from __future__ import annotations

import pytest

from tb_share.model.tensorboard_routes import READ, READ_AND_POST, Kind, wanted


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ("", Kind.SHELL), ("index.html", Kind.SHELL), ("index.js", Kind.ASSET), ("font-roboto/x.woff2", Kind.ASSET), ("data/runs", Kind.DATA),
        ("data/plugin/scalars/scalars", Kind.DATA), ("data/plugin/tb_share/context", Kind.DATA), ("data/plugin/tb_share/static/a.js", Kind.DATA),
        ("experiment/defaultExperimentId/data/runs", Kind.DATA), ("data/notifications", Kind.NOTIFICATIONS), ("audio", Kind.LEGACY),
        ("data/plugin/projector/runs", Kind.FOREIGN), ("data/plugin/debugger-v2/source_files/file", Kind.FOREIGN), ("data/plugin/profile/x/y", Kind.FOREIGN),
        ("data/logdir/", Kind.UNKNOWN), ("data/Logdir", Kind.UNKNOWN), ("experiment/other/data/runs", Kind.UNKNOWN), ("experiment/defaultExperimentId/", Kind.UNKNOWN),
        ("experiment/defaultExperimentId/experiment/defaultExperimentId/data/runs", Kind.UNKNOWN), ("experiment/defaultExperimentId/index.js", Kind.UNKNOWN),
        ("data/plugin/scalars/other", Kind.UNKNOWN), ("data/plugin/scalars/", Kind.UNKNOWN), ("data/plugin/a.b/x", Kind.UNKNOWN), ("data", Kind.UNKNOWN),
        ("favicon.ico", Kind.UNKNOWN), ("___rPc_sWiTcH___", Kind.UNKNOWN), ("data/runs ", Kind.UNKNOWN), ("compare/a", Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_E07_what_an_address_is(rest: str, kind: Kind) -> None:
    assert wanted(rest).kind is kind


def test_exactly_five_of_tensorboards_own_read_by_post() -> None:
    five = ["timeseries/timeSeries", "scalars/scalars_multirun", "hparams/experiment", "hparams/session_groups", "hparams/metric_evals"]
    for name in five:
        assert wanted(f"data/plugin/{name}").methods == READ_AND_POST
        assert wanted(f"experiment/defaultExperimentId/data/plugin/{name}").methods == READ_AND_POST
    for rest in ("", "data/runs", "data/plugin/scalars/scalars", "data/plugin/hparams/download_data", "index.js"):
        assert wanted(rest).methods == READ


def test_what_is_forwarded_is_what_was_decided_on() -> None:
    asked = wanted("experiment/defaultExperimentId/data/environment")
    assert asked.path == "/experiment/defaultExperimentId/data/environment"
    assert asked.path_below_experiment == "/data/environment"
