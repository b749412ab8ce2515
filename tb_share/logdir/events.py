"""Reads the beginnings of event files - first wall time, hyperparameters, texts with parameters - and single records in full.

A TFRecord is a little-endian uint64 length, a masked CRC of it, the data and a masked CRC of the data (TensorFlow's record format). The
only place of this room that uses TensorBoard's protos. ``read_head`` reads at most ``MAX_BYTES`` of each file.
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
_HEAD: Final = struct.Struct("<QI")
_CRC_BYTES: Final = 4
_START: Final = "_hparams_/session_start_info"
_END: Final = "_hparams_/session_end_info"
_TEXTS: Final = ("args/text_summary", "model_config/text_summary")
_NUMBERS: Final = {1: "<f4", 2: "<f8", 3: "<i4", 4: "<u1", 5: "<i2", 6: "<i1", 9: "<i8", 19: "<f2", 22: "<u4", 23: "<u8"}
"""NumPy's kinds of TensorFlow's ``types.proto``."""
_LISTS: Final = ("float_val", "double_val", "int_val", "int64_val", "uint32_val", "uint64_val")


@dataclass(frozen=True, slots=True)
class Head:
    """What the beginning of an event file says."""

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


def said(record: bytes) -> Said | None:
    """What one record says; None if it is damaged."""
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    try:
        event = Event.FromString(record)
        return Said(event.step, event.wall_time, tuple(map(_value, event.summary.value)))
    except (DecodeError, UnicodeDecodeError):
        return None


def _value(value: Any) -> Value:
    plugin, number = value.metadata.plugin_data.plugin_name or None, None
    match value.WhichOneof("value"):
        case "simple_value":
            number, plugin = float(value.simple_value), plugin or "scalars"
        case "tensor":
            number = _number(value.tensor)
    return Value(value.tag, plugin, value.metadata.data_class, number)


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
        found = _Found()
        for record in self._records():
            try:
                event = Event.FromString(record)
            except DecodeError:
                self._warning = f"{self._name} is damaged: what follows the damage is lost to TensorBoard as well."
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
                self._warning = f"{self._name} is damaged: what follows the damage is lost to TensorBoard as well."
                return
            if end > len(self._data):
                if end > self._size:
                    self._warning = f"{self._name} ends in the middle of a record: it is being written, or was cut off."
                return
            yield self._data[offset + _HEAD.size : end - _CRC_BYTES]
            offset = end


class _Found:
    """Collects from the values of summaries."""

    def __init__(self) -> None:
        self.has_start = self.ended = self.failed = False
        self.tags: set[str] = set()
        self.parameters: dict[str, ParameterValue] = {}

    def look_at(self, value: object) -> None:
        tag: str = value.tag  # type: ignore[attr-defined]  # TensorBoard's protos carry no types
        if tag == _START:
            self._take_start(value.metadata.plugin_data.content)  # type: ignore[attr-defined]
        elif tag == _END:
            self._take_end(value.metadata.plugin_data.content)  # type: ignore[attr-defined]
        elif not tag.startswith(("_hparams_/", "hparam/")):
            self.tags.add(tag)
            if tag in _TEXTS:
                self._take_text(value)

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

    def _take_text(self, value: object) -> None:
        strings = value.tensor.string_val  # type: ignore[attr-defined]
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


def _plugin_data(content: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - TensorBoard's protos carry no types
    from google.protobuf.message import DecodeError
    from tensorboard.plugins.hparams import plugin_data_pb2

    try:
        return plugin_data_pb2.HParamsPluginData.FromString(content)
    except DecodeError:
        return None
