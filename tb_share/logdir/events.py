"""Reads single records of event files in full: numbers, hyperparameters, texts with parameters. Bytes in, facts out.

The only place of this room that uses TensorBoard's protos.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tb_share.model.experiment import ParameterValue

_START: Final = "_hparams_/session_start_info"
_END: Final = "_hparams_/session_end_info"
_TEXTS: Final = ("args/text_summary", "model_config/text_summary")
_NUMBERS: Final = {1: "<f4", 2: "<f8", 3: "<i4", 4: "<u1", 5: "<i2", 6: "<i1", 9: "<i8", 19: "<f2", 22: "<u4", 23: "<u8"}
"""NumPy's kinds of TensorFlow's ``types.proto``."""
_BLOB_SEQUENCE: Final = 3
_OLD_KINDS: Final = {"image": "images", "audio": "audio", "histo": "histograms"}
_LISTS: Final = ("float_val", "double_val", "int_val", "int64_val", "uint32_val", "uint64_val")
GRAPH_TAG: Final = "__run_graph__"
"""TensorBoard's name for the graph of a run."""
_GRAPHS: Final = "graphs"
_RUN_METADATA: Final = "graph_tagged_run_metadata"


@dataclass(frozen=True, slots=True)
class Session:
    """What one value says of a training session."""

    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    started: bool = False
    """It holds hyperparameters of a session."""
    ended: bool = False
    failed: bool = False
    said_at: float = 0.0
    """Wall time of the record, Unix seconds."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one record. ``number`` is there if it is a single number; ``plugin`` is None where its metadata name none."""

    tag: str
    plugin: str | None
    data_class: int
    number: float | None
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One record in full."""

    step: int
    wall_time: float
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the values of an event file say of its session; wall times are those of records, Unix seconds."""

    first_wall_time: float | None = None
    last_wall_time: float | None = None
    has_start: bool = False
    """It holds hyperparameters of a session."""
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    started_at: float | None = None
    """When the last start of a session was written."""
    ended_at: float | None = None
    """When the last end of one was."""
    failed: bool = False
    """So said that end."""
    passed_over: int = 0
    """How many records are too long to be read."""
    warning: str | None = None

    def after(self, sessions: Iterable[Session]) -> Head:
        """With what further values say; of two values of one parameter, the first counts."""
        head = self
        for each in sessions:
            head = replace(
                head,
                has_start=head.has_start or each.started,
                parameters={**each.parameters, **head.parameters},
                started_at=each.said_at if each.started else head.started_at,
                ended_at=each.said_at if each.ended else head.ended_at,
                failed=each.failed if each.ended else head.failed,
            )
        return head


def counts_as_training(tag: str, plugin: str | None) -> bool:
    """Whether it is no graph, no tag of hyperparameters, and none of the metrics that ``add_hparams`` writes beside them."""
    return not tag.startswith(("_hparams_/", "hparam/")) and plugin not in {_GRAPHS, _RUN_METADATA}


def warning_of(name: str, damaged: bool, torn: bool) -> str | None:
    """A sentence for people if a file cannot be read to its end."""
    if damaged:
        return f"{name} is damaged: what follows the damage is lost to TensorBoard as well."
    return f"{name} ends in the middle of a record: it is being written, or was cut off." if torn else None


def said(record: bytes) -> Said | None:
    """What one record says; None if it is damaged."""
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    try:
        event = Event.FromString(record)
        values = [_value(each) for each in event.summary.value]
        if event.graph_def:
            values.append(Value(GRAPH_TAG, _GRAPHS, _BLOB_SEQUENCE, None))
        if event.HasField("tagged_run_metadata"):
            values.append(Value(event.tagged_run_metadata.tag, _RUN_METADATA, _BLOB_SEQUENCE, None))
        return Said(event.step, event.wall_time, tuple(values))
    except (DecodeError, UnicodeDecodeError):
        return None


def _value(value: Any) -> Value:
    plugin, number = value.metadata.plugin_data.plugin_name or None, None
    match value.WhichOneof("value"):
        case "simple_value":
            number, plugin = float(value.simple_value), plugin or "scalars"
        case "tensor":
            number = _number(value.tensor)
        case "image" | "audio" | "histo" as old:
            plugin = plugin or _OLD_KINDS[old]
    return Value(value.tag, plugin, value.metadata.data_class, number, _session(value))


def _number(tensor: Any) -> float | None:
    """The number of a tensor of rank 0."""
    import numpy as np

    kind = _NUMBERS.get(tensor.dtype)
    if kind is None or tensor.tensor_shape.dim:
        return None
    if tensor.tensor_content:
        content = tensor.tensor_content
        return float(np.frombuffer(content, kind)[0]) if len(content) == np.dtype(kind).itemsize else None
    if tensor.half_val:
        return float(np.array([tensor.half_val[0] & 0xFFFF], "<u2").view("<f2")[0])
    for name in _LISTS:
        listed = getattr(tensor, name)
        if listed:
            return float(listed[0]) if len(listed) == 1 else None
    return 0.0


def _session(value: Any) -> Session | None:
    tag = value.tag
    if tag == _START:
        return _start(value.metadata.plugin_data.content)
    if tag == _END:
        return _end(value.metadata.plugin_data.content)
    return _text(value) if tag in _TEXTS else None


def _start(content: bytes) -> Session | None:
    info = _plugin_data(content)
    if info is None or not info.HasField("session_start_info"):
        return None
    found: dict[str, ParameterValue] = {}
    for name, value in sorted(info.session_start_info.hparams.items(), key=lambda item: item[0]):
        kind = value.WhichOneof("kind")
        if kind in {"bool_value", "number_value", "string_value"}:
            found[str(name)] = getattr(value, kind)
    return Session(found, started=True)


def _end(content: bytes) -> Session | None:
    info = _plugin_data(content)
    if info is None or not info.HasField("session_end_info"):
        return None
    return Session(ended=True, failed=info.session_end_info.status == 2)  # noqa: PLR2004 - STATUS_FAILURE of the hparams plugin's api.proto


def _text(value: Any) -> Session | None:
    from tb_share.logdir.parameters import flatten

    strings = value.tensor.string_val
    if not strings:
        return None
    text = strings[0].decode("utf-8", "replace").strip().removeprefix("```json").removesuffix("```")
    lines = text.strip().splitlines()
    try:
        content = json.loads("\n".join(line.removeprefix("    ") for line in lines))
    except (ValueError, RecursionError):
        return None
    return Session(flatten(content)) if isinstance(content, dict) else None


def _plugin_data(content: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - TensorBoard's protos carry no types
    from google.protobuf.message import DecodeError
    from tensorboard.plugins.hparams import plugin_data_pb2

    try:
        return plugin_data_pb2.HParamsPluginData.FromString(content)
    except DecodeError:
        return None
