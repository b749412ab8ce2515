"""TensorBoard's own handlers over a provider of made-up series, and ours around them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from tensorboard import errors
from tensorboard.backend.application import TensorBoardWSGI
from tensorboard.data import provider
from tensorboard.plugins import base_plugin
from tensorboard.plugins.metrics.metrics_plugin import MetricsPlugin
from tensorboard.plugins.scalar.scalars_plugin import ScalarsPlugin
from werkzeug.test import Client

from tb_share.tensorboards.host import fast_series
from tb_share.tensorboards.host.scalar_columns import ScalarColumns

NAN, INF = math.nan, math.inf
SERIES = {
    "train": {
        "loss": ([0, 1, 2], [1.5, 2.25, 3.0], [0.10000000149011612, -0.0, 1e-38]),
        "odd": ([-5, 2**42, 2**62], [NAN, INF, -INF], [NAN, INF, -INF]),
        "huge": ([1, 2], [1e308, 1e308], [1.7976931348623157e308, 1.7976931348623157e308]),
        "empty": ([], [], []),
    },
    'quoted "run"\\ü/ 日本': {"loss": ([7], [1793874033.123456], [3.4028234663852886e38]), "tag with spaces/ü\n": ([1], [2.0], [3.0])},
    ".": {"loss": ([10, 20], [1.0, 2.0], [0.5, 0.25])},
    "bare": {},
}


@dataclass
class MadeUp(provider.DataProvider):
    """What the scoped provider gives: columns, or plain lists as any other provider would."""

    columns: bool = True
    asked: list = field(default_factory=list)

    def list_plugins(self, ctx, *, experiment_id):
        return []

    def list_runs(self, ctx, *, experiment_id):
        return []

    def list_scalars(self, ctx, *, experiment_id, plugin_name, run_tag_filter=None):
        return {}

    def read_last_scalars(self, ctx, *, experiment_id, plugin_name, run_tag_filter=None):
        return {}

    def read_scalars(self, ctx, *, experiment_id, plugin_name, downsample=None, run_tag_filter=None):
        self.asked.append((experiment_id, plugin_name, downsample, run_tag_filter.runs, run_tag_filter.tags))
        if "forbidden" in (run_tag_filter.tags or ()):
            raise errors.PermissionDeniedError("not this")
        return {
            run: {tag: self._series(*series) for tag, series in tags.items() if tag in run_tag_filter.tags}
            for run, tags in SERIES.items()
            if run_tag_filter.runs is None or run in run_tag_filter.runs
        }

    def read_tensors(self, ctx, *, experiment_id, plugin_name, downsample=None, run_tag_filter=None):
        return {}

    def read_blob_sequences(self, ctx, *, experiment_id, plugin_name, downsample=None, run_tag_filter=None):
        return {}

    def _series(self, steps, wall_times, values):
        if self.columns:
            return ScalarColumns(list(steps), list(wall_times), list(values))
        return [provider.ScalarDatum(step=s, wall_time=w, value=v) for s, w, v in zip(steps, wall_times, values, strict=True)]


class Pair:
    """The same question to TensorBoard alone and to ours around it; ``own`` counts what ours passed on."""

    def __init__(self, data):
        self.data = data
        self.passed_on = 0
        context = base_plugin.TBContext(data_provider=data, sampling_hints={})
        plugins = [MetricsPlugin(context), ScalarsPlugin(context)]
        self.stock = Client(TensorBoardWSGI(plugins, data_provider=data))
        self.fast = Client(
            TensorBoardWSGI(plugins, data_provider=data, experimental_middlewares=[self._counted, fast_series.middleware(data)])
        )

    def _counted(self, app):
        def counting(environ, start_response):
            self.passed_on += 1
            return app(environ, start_response)

        return counting


@pytest.fixture(params=[True, False], ids=["columns", "lists"])
def pair(request):
    return Pair(MadeUp(columns=request.param))
