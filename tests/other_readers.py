"""What TensorBoard's own readers say of a logdir: its Python reader and RustBoard, asked for every point. Neither uses a line of ours."""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import tensorboard_data_server
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.data.proto import data_provider_pb2, data_provider_pb2_grpc
from tensorboard.util import grpc_util

from tests.processes import wait_for

Columns = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]
"""Steps, wall times and values of one series."""
ALL = 1_000_000_000
_ROOM = 1024 * 1024 * 1024
_LOADED = re.compile(rb"Finished load cycle")


def of_accumulator(directory: Path) -> dict[str, Columns]:
    """All points of a run by tag, in the order in which they were written."""
    accumulator = EventAccumulator(str(directory), size_guidance={"scalars": 0, "tensors": 0}, purge_orphaned_data=False)
    accumulator.Reload()
    found = {}
    for tag in accumulator.Tags()["tensors"]:
        if accumulator.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
            found[tag] = _columns([(each.step, each.wall_time, _number(each.tensor_proto)) for each in accumulator.Tensors(tag)])
    for tag in accumulator.Tags()["scalars"]:
        found[tag] = _columns([(each.step, each.wall_time, each.value) for each in accumulator.Scalars(tag)])
    return found


def as_stock_shows(columns: Columns) -> Columns:
    """Each later point puts earlier ones aside whose steps are not smaller."""
    kept: list[int] = []
    steps = columns[0].tolist()
    for at, step in enumerate(steps):
        while kept and steps[kept[-1]] >= step:
            kept.pop()
        kept.append(at)
    steps_, walls, values = columns
    return steps_[kept], walls[kept], values[kept]


def alike(one: Columns | None, other: Columns | None) -> bool:
    """The same points bit by bit, so that not a number equals itself; both may be missing."""
    if one is None or other is None:
        return one is other
    return all(np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes() for a, b in zip(one, other, strict=True))


def _number(tensor: Any) -> float:
    if tensor.tensor_content:
        return float(struct.unpack("<f", tensor.tensor_content)[0])
    return float(tensor.float_val[0])


def _columns(points: Sequence[tuple[int, float, float]]) -> Columns:
    steps, walls, values = zip(*points, strict=True) if points else ((), (), ())
    return np.array(steps, np.int64), np.array(walls, np.float64), np.array(values, np.float64)


@dataclass
class Loaded:
    """A RustBoard that has loaded its logdir once, keeping all points."""

    process: subprocess.Popen[bytes]
    stub: Any
    loaded: threading.Event = field(default_factory=threading.Event)

    def runs(self) -> list[str]:
        """Names of runs with scalars."""
        asked = data_provider_pb2.ListScalarsRequest(plugin_filter={"plugin_name": "scalars"})
        return [run.run_name for run in self.stub.ListScalars(asked).runs]

    def series(self, runs: Sequence[str]) -> Mapping[str, dict[str, Columns]]:
        """All points of these runs by run and tag."""
        asked = data_provider_pb2.ReadScalarsRequest(
            plugin_filter={"plugin_name": "scalars"}, run_tag_filter={"runs": {"names": runs}}, downsample={"num_points": ALL}
        )
        return {run.run_name: {tag.tag_name: _read(tag.data) for tag in run.tags} for run in self.stub.ReadScalars(asked).runs}


def _read(data: Any) -> Columns:
    return np.array(data.step, np.int64), np.array(data.wall_time, np.float64), np.array(data.value, np.float64)


@contextmanager
def rustboard(logdir: Path, samples: str = "scalars=all") -> Iterator[Loaded]:
    """RustBoard over a logdir; ``loaded`` is set when it has read everything once, and then it reads no more."""
    with tempfile.TemporaryDirectory(prefix="rustboard-") as directory:
        port_file = Path(directory) / "port"
        command = [str(tensorboard_data_server.server_binary()), "-v", f"--logdir={logdir}", "--reload=100000", "--host=127.0.0.1"]
        command += ["--port=0", f"--port-file={port_file}", f"--samples-per-plugin={samples}", "--die-after-stdin"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        loaded = threading.Event()
        listener = threading.Thread(target=_listen, args=(process, loaded), daemon=True)
        listener.start()
        wait_for(lambda: port_file.exists() and port_file.read_text(), 20)
        credentials, options = grpc_util.ChannelCredsType.LOCAL.channel_config()
        address = f"127.0.0.1:{int(port_file.read_text())}"
        channel = grpc.secure_channel(address, credentials, options=[*options, ("grpc.max_receive_message_length", _ROOM)])
        try:
            yield Loaded(process, data_provider_pb2_grpc.TensorBoardDataProviderStub(channel), loaded)
        finally:
            channel.close()
            with process:
                process.kill()
                listener.join()


def _listen(process: subprocess.Popen[bytes], loaded: threading.Event) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if _LOADED.search(line):
            loaded.set()
