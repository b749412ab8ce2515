"""Reads events in full, with TensorBoard's protos: the only place of this room that uses them.

``read_head`` reads the beginning of a file, at most ``MAX_BYTES``; ``values_of`` gives what one record says. A TFRecord is a little-endian
uint64 length, a masked CRC of it, the data and a masked CRC of the data (TensorFlow's record format).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tb_share.model.experiment import ParameterValue

MAX_BYTES: Final = 256 * 1024
MAX_RECORD: Final = 64 * 1024 * 1024
DAMAGED: Final = "is damaged: what follows the damage is lost to TensorBoard as well."
TORN: Final = "ends in the middle of a record: it is being written, or was cut off."
_HEAD: Final = struct.Struct("<QI")
_CRC_BYTES: Final = 4
_START: Final = "_hparams_/session_start_info"
_END: Final = "_hparams_/session_end_info"
_TEXTS: Final = ("args/text_summary", "model_config/text_summary")
_NUMBERS: Final = {1: "<f4", 2: "<f8", 3: "<i4", 4: "<u1", 5: "<i2", 6: "<i1", 9: "<i8", 19: "<f2", 22: "<u4", 23: "<u8"}
"""NumPy's kinds of TensorFlow's ``types.proto``."""
_LISTS: Final = ("float_val", "double_val", "int_val", "int64_val", "uint32_val", "uint64_val")
_OLD_KINDS: Final = {"image": "images", "histo": "histograms", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Head:
    """What an event file says of its experiment."""

    first_wall_time: float | None = None
    has_start: bool = False
    """It holds hyperparameters of a session."""
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    ended: bool = False
    failed: bool = False
    only_hparams: bool = True
    """No tags but those of hyperparameters, and of the metrics that ``add_hparams`` writes beside them."""
    tags: int = 0
    """How many different tags other than those of hyperparameters stand there."""
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one record. ``number`` is there if it is a single number; ``plugin`` is None where its metadata name none."""

    tag: str
    plugin: str | None
    data_class: int
    number: float | None
    is_single: bool
    """Whether it is a number in float32."""
    position: int


@dataclass(frozen=True, slots=True)
class Said:
    """One record in full."""

    step: int
    wall_time: float
    values: tuple[Value, ...]


def read_head(path: Path) -> Head:
    """Read the beginning of one file; damage is a warning, never an error."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
            size = path.stat().st_size
    except OSError:
        return Head(warning=f"{path.name} cannot be read.")
    if not data:
        return Head(warning=f"{path.name} is empty.")
    return _Reader(path.name, data, size).head()


class Found:
    """Collects what values of summaries say of their experiment."""

    def __init__(self) -> None:
        self.has_start = self.ended = self.failed = False
        self.tags: set[str] = set()
        self.parameters: dict[str, ParameterValue] = {}

    def look_at(self, value: Any) -> None:
        """One value."""
        tag: str = value.tag
        if tag == _START:
            self._take_start(value.metadata.plugin_data.content)
        elif tag == _END:
            self._take_end(value.metadata.plugin_data.content)
        else:
            self.note_tag(tag)
            if tag in _TEXTS:
                self._take_text(value)

    def note_tag(self, tag: str) -> None:
        """A tag stands there."""
        if not tag.startswith(("_hparams_/", "hparam/")):
            self.tags.add(tag)

    def _take_start(self, content: bytes) -> None:
        info = _plugin_data(content)
        if info is None or not info.HasField("session_start_info"):
            return
        self.has_start = True
        for name, value in info.session_start_info.hparams.items():
            kind = value.WhichOneof("kind")
            if kind in {"bool_value", "number_value", "string_value"}:
                self.parameters[str(name)] = getattr(value, kind)

    def _take_end(self, content: bytes) -> None:
        info = _plugin_data(content)
        if info is None:
            return
        self.ended = True
        self.failed = info.session_end_info.status == 2  # noqa: PLR2004 - STATUS_FAILURE of the hparams plugin's api.proto

    def _take_text(self, value: Any) -> None:
        strings = value.tensor.string_val
        if not strings:
            return
        text = strings[0].decode("utf-8", "replace").strip().removeprefix("```json").removesuffix("```")
        lines = text.strip().splitlines()
        try:
            content = json.loads("\n".join(line.removeprefix("    ") for line in lines))
        except ValueError:
            return
        if isinstance(content, dict):
            from tb_share.logdir.parameters import flatten

            for name, each in flatten(content).items():
                self.parameters.setdefault(name, each)


def said(record: bytes, found: Found) -> Said | None:
    """What one record says, noting of it what tells of the experiment; None if it is damaged."""
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    try:
        event = Event.FromString(record)
        values = [_value(each, position) for position, each in enumerate(event.summary.value)]
        for each in event.summary.value:
            found.look_at(each)
    except (DecodeError, UnicodeDecodeError):
        return None
    if event.WhichOneof("what") == "graph_def":
        values.append(Value("__run_graph__", "graphs", 3, None, is_single=False, position=0))
    elif event.WhichOneof("what") == "tagged_run_metadata":
        values.append(Value(event.tagged_run_metadata.tag, "graph_run_metadata", 3, None, is_single=False, position=0))
    return Said(event.step, event.wall_time, tuple(values))


def _value(value: Any, position: int) -> Value:
    kind = value.WhichOneof("value")
    plugin = value.metadata.plugin_data.plugin_name or _OLD_KINDS.get(kind)
    number, is_single = None, False
    if kind == "simple_value":
        number, is_single, plugin = float(value.simple_value), True, plugin or "scalars"
    elif kind == "tensor":
        number = _number(value.tensor)
        is_single = value.tensor.dtype == 1
    return Value(value.tag, plugin or None, value.metadata.data_class, number, is_single, position)


def _number(tensor: Any) -> float | None:
    """The number of a tensor of rank 0."""
    import numpy as np

    kind = _NUMBERS.get(tensor.dtype)
    if kind is None or tensor.tensor_shape.dim:
        return None
    if tensor.tensor_content:
        found = np.frombuffer(tensor.tensor_content, kind)
        return float(found[0]) if len(found) == 1 else None
    if tensor.half_val:
        return float(np.array([tensor.half_val[0]], "<u2").view("<f2")[0])
    for name in _LISTS:
        listed = getattr(tensor, name)
        if listed:
            return float(listed[0]) if len(listed) == 1 else None
    return 0.0


class _Reader:
    def __init__(self, name: str, data: bytes, size: int) -> None:
        self._name, self._data, self._size = name, data, size
        self._warning: str | None = None

    def head(self) -> Head:
        from google.protobuf.message import DecodeError
        from tensorboard.compat.proto.event_pb2 import Event

        first: float | None = None
        found = Found()
        for record in self._records():
            try:
                event = Event.FromString(record)
            except DecodeError:
                self._warning = f"{self._name} {DAMAGED}"
                break
            first = event.wall_time if first is None else first
            for value in event.summary.value:
                found.look_at(value)
        return Head(first, found.has_start, found.parameters, found.ended, found.failed, not found.tags, len(found.tags), self._warning)

    def _records(self) -> Iterator[bytes]:
        offset = 0
        while offset + _HEAD.size <= len(self._data):
            length, _ = _HEAD.unpack_from(self._data, offset)
            end = offset + _HEAD.size + length + _CRC_BYTES
            if length > MAX_RECORD:
                self._warning = f"{self._name} {DAMAGED}"
                return
            if end > len(self._data):
                if end > self._size:
                    self._warning = f"{self._name} {TORN}"
                return
            yield self._data[offset + _HEAD.size : end - _CRC_BYTES]
            offset = end


def _plugin_data(content: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - TensorBoard's protos carry no types
    from google.protobuf.message import DecodeError
    from tensorboard.plugins.hparams import plugin_data_pb2

    try:
        return plugin_data_pb2.HParamsPluginData.FromString(content)
    except DecodeError:
        return None
