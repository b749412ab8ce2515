"""Writes event files with TensorBoard's own writer, without TensorFlow. Knows nothing of what is trained."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import summary_v2 as scalar
from tensorboard.plugins.text import summary_v2 as text
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

SUCCESS: Final = "STATUS_SUCCESS"


class EventLog:
    """The event file of one run."""

    def __init__(self, directory: Path) -> None:
        self._writer: Any = EventFileWriter(str(directory))

    def parameters(self, values: Mapping[str, bool | float | str], group: str) -> None:
        """What is tried out; begins a session for TensorBoard's HParams tab."""
        self._add(hparams.hparams_pb(dict(values), trial_id=group, start_time_secs=time.time()), 0)

    def end(self, status: str = SUCCESS) -> None:
        """The session's end. Without one, finished and killed look the same."""
        ended = plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=time.time())
        content = plugin_data_pb2.HParamsPluginData(session_end_info=ended)
        summary = summary_pb2.Summary()
        summary.value.add(
            tag=hparams_metadata.SESSION_END_INFO_TAG,
            metadata=hparams_metadata.create_summary_metadata(content),
            tensor=hparams_metadata.NULL_TENSOR,
        )
        self._add(summary, 0)

    def scalars(self, values: Mapping[str, float], step: int) -> None:
        """One point on each of these curves."""
        for tag, value in values.items():
            self._add(scalar.scalar_pb(tag, value), step)

    def text(self, tag: str, markdown: str) -> None:
        """Words."""
        self._add(text.text_pb(tag, markdown), 0)

    def image(self, tag: str, picture: Any, step: int) -> None:
        """A Pillow picture."""
        png = io.BytesIO()
        picture.save(png, "png")
        parts = [str(picture.width).encode(), str(picture.height).encode(), png.getvalue()]
        metadata = image_metadata.create_summary_metadata(display_name=None, description=None, converted_to_tensor=True)
        summary = summary_pb2.Summary()
        summary.value.add(tag=tag, metadata=metadata, tensor=tensor_util.make_tensor_proto(parts))
        self._add(summary, step)

    def flush(self) -> None:
        """Let readers see what was written."""
        self._writer.flush()

    def close(self) -> None:
        """Write the rest and close the file."""
        self._writer.close()

    def _add(self, summary: summary_pb2.Summary, step: int) -> None:
        self._writer.add_event(event_pb2.Event(wall_time=time.time(), step=step, summary=summary))
