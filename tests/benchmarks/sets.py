"""The logs that benchmarks run on: made once, from the number of a run alone, and kept outside the work tree."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.util import tensor_util

from tests.benchmarks.records import Series, framed, interleaved

VERSION = 1
"""Raise it when what is written changes: old sets are then made anew."""
_GROUPS = ("train", "val", "opt", "sys", "layers/attn", "layers/mlp")
_METRICS = ["loss", "accuracy", "lr", "grad_norm", "f1", "precision", "recall", "mae", "perplexity", "time"]
_STEP_S = 0.35
_BEGAN = 1_700_000_000.0


@dataclass(frozen=True)
class Size:
    """One set."""

    name: str
    runs: int
    tags: int
    steps: int
    stride: int = 10

    @property
    def points(self) -> int:
        """Scalar points in it."""
        return self.runs * self.tags * self.steps


SIZES = {
    size.name: size
    for size in (
        Size("S", 10, 20, 1000),
        Size("M20", 20, 50, 1000),
        Size("M", 200, 50, 1000),
        Size("L", 2000, 50, 400),
        Size("W", 10_000, 20, 50, 100),
    )
}


def tags_of(size: Size) -> list[str]:
    """The names of its scalar series."""
    return [f"{group}/{metric}" for metric in _METRICS for group in _GROUPS][: size.tags]


def made(name: str) -> Path:
    """The directory of a set, made now if it is not there."""
    size = SIZES[name]
    cache = Path(os.environ.get("TB_SHARE_BENCHMARKS") or Path(tempfile.gettempdir()) / "tb-share-benchmarks")
    directory = cache / f"{name}-v{VERSION}"
    if not directory.is_dir():
        unfinished = Path(tempfile.mkdtemp(dir=_directory(cache)))
        for number in range(size.runs):
            write_run(unfinished, size, number)
        unfinished.rename(directory)
    return directory


def write_run(logdir: Path, size: Size, number: int) -> None:
    """One run's event files; every tenth has images and histograms, another tenth was started again halfway."""
    directory = _directory(logdir / f"sweep_{number // 50:03d}" / f"run_{number:05d}")
    curves = list(_curves(size, number))
    end = float(curves[0].wall_times[-1]) + 1
    began = _BEGAN + number * 1000
    start, finish = _session(number, began, end)
    more = b"".join(map(framed, _media(number, began))) if number % 10 == 3 else b""
    if number % 10 == 7:
        half = size.steps // 2
        _write(directory, began, 0, start + interleaved([_part(each, slice(0, half)) for each in curves]))
        _write(directory, began + 500, 1, interleaved([_part(each, slice(half, None)) for each in curves]) + finish)
    else:
        _write(directory, began, 0, start + more + interleaved(curves) + finish)


def _directory(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _write(directory: Path, began: float, number: int, records: bytes) -> None:
    head = framed(event_pb2.Event(wall_time=began, file_version="brain.Event:2"))
    (directory / f"events.out.tfevents.{int(began)}.trainbox.{1000 + number}.{number}.v2").write_bytes(head + records)


def _part(series: Series, part: slice) -> Series:
    return Series(series.tag, series.steps[part], series.wall_times[part], series.values[part])


def _curves(size: Size, number: int) -> Iterable[Series]:
    random = np.random.default_rng(number)
    index = np.arange(size.steps)
    along = index / size.steps
    base = _BEGAN + number * 1000 + index * _STEP_S + random.normal(0, 0.02, size.steps)
    for place, tag in enumerate(tags_of(size)):
        speed, noise = random.uniform(2, 8), random.normal(0, 1, size.steps)
        shapes = (np.exp(-speed * along) + 0.02 * noise, 1 - np.exp(-speed * along) + 0.01 * noise, np.sin(speed * along) + 2, noise)
        yield Series(tag, index * size.stride, np.sort(base) + place * 0.001, shapes[place % 4].astype(np.float32))


def _session(number: int, began: float, end: float) -> tuple[bytes, bytes]:
    parameters = {
        "lr": 10.0 ** -(1 + number % 4),
        "batch_size": float(2 ** (4 + number % 4)),
        "depth": float(number % 5),
        "optimizer": ("adam", "sgd")[number % 2],
        "augment": number % 3 == 0,
        "seed": float(number),
    }
    content = hparams_metadata.PLUGIN_NAME
    finish = plugin_data_pb2.HParamsPluginData(
        session_end_info=plugin_data_pb2.SessionEndInfo(status=1, end_time_secs=end), version=hparams_metadata.PLUGIN_DATA_VERSION
    )
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=content, content=finish.SerializeToString()),
        data_class=summary_pb2.DATA_CLASS_TENSOR,
    )
    value = summary_pb2.Summary.Value(
        tag=hparams_metadata.SESSION_END_INFO_TAG, metadata=metadata, tensor=tensor_util.make_tensor_proto(0.0)
    )
    start_event = event_pb2.Event(wall_time=began, summary=hparams_pb(parameters, start_time_secs=began))
    return framed(start_event), framed(event_pb2.Event(wall_time=end, summary=summary_pb2.Summary(value=[value])))


def _media(number: int, began: float) -> Iterable[event_pb2.Event]:
    random = np.random.default_rng(number)
    described = image_metadata.create_summary_metadata(display_name=None, description="", converted_to_tensor=False)
    described.data_class = summary_pb2.DATA_CLASS_BLOB_SEQUENCE
    for step in range(10):
        packed = io.BytesIO()
        Image.fromarray(random.integers(0, 255, (32, 32, 3), np.uint8)).save(packed, "PNG")
        tensor = tensor_util.make_tensor_proto([b"32", b"32", packed.getvalue()])
        value = summary_pb2.Summary.Value(tag="samples", metadata=described, tensor=tensor)
        yield event_pb2.Event(wall_time=began + step, step=step * 100, summary=summary_pb2.Summary(value=[value]))
    for step in range(20):
        yield event_pb2.Event(wall_time=began + step, step=step * 50, summary=histogram_pb("weights", random.normal(0, 1, 1000)))
