"""Writes event files by the million points: all records of one series at once, checksums included, column by column in NumPy."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.plugins.scalar.summary_v2 import scalar_pb

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_PROBES = (1.0, -123.456)
ENDLESS = 2**62
"""A length that no memory has; with the right checksum RustBoard believes it."""


@dataclass(frozen=True)
class Series:
    """One tag's points, in order."""

    tag: str
    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    values: NDArray[np.float32]


def framed(event: event_pb2.Event) -> bytes:
    """The record of any event."""
    data = event.SerializeToString()
    return head(len(data)) + data + struct.pack("<I", masked_crc32c(data))


def head(size: int) -> bytes:
    """How a record of so many bytes begins: its length, and the checksum of that."""
    length = struct.pack("<Q", size)
    return length + struct.pack("<I", masked_crc32c(length))


def interleaved(series: Sequence[Series]) -> bytes:
    """The records of series with equal steps, as a training loop writes them: all tags of a step, then the next step."""
    return b"".join(record for step in zip(*(_records(each) for each in series), strict=True) for record in step)


def _records(series: Series) -> Iterator[bytes]:
    """In order; steps whose number takes equally many bytes make records of equal length, so they are made together."""
    widths = np.maximum(1, np.ceil(np.log2(series.steps + 1) / 7)).astype(int)
    for width in np.unique(widths):
        chosen = widths == width
        rows = _rows(series.tag, series.steps[chosen], series.wall_times[chosen], series.values[chosen], int(width))
        size, packed = rows.shape[1], rows.tobytes()
        yield from (packed[start : start + size] for start in range(0, len(packed), size))


def _rows(
    tag: str, steps: NDArray[np.int64], wall_times: NDArray[np.float64], values: NDArray[np.float32], width: int
) -> NDArray[np.uint8]:
    summary, place = _skeleton(tag)
    tail = np.frombuffer(b"\x2a" + _varint(len(summary)) + summary, np.uint8)
    place += len(tail) - len(summary)
    count = len(steps)
    data = np.empty((count, 9 + 1 + width + len(tail)), np.uint8)
    data[:, 0] = 0x09
    data[:, 1:9] = wall_times.astype("<f8").view(np.uint8).reshape(count, 8)
    data[:, 9] = 0x10
    for index in range(width):
        more = 0x80 if index < width - 1 else 0
        data[:, 10 + index] = ((steps >> (7 * index)) & 0x7F) | more
    data[:, 10 + width :] = tail
    data[:, 10 + width + place : 14 + width + place] = values.astype("<f4").view(np.uint8).reshape(count, 4)
    begin = np.frombuffer(head(data.shape[1]), np.uint8)
    checksums = _masked(_crc32c(data)).astype("<u4").view(np.uint8).reshape(count, 4)
    return np.hstack([np.broadcast_to(begin, (count, len(begin))), data, checksums])


def _skeleton(tag: str) -> tuple[bytes, int]:
    """A scalar's summary and the place of its four bytes of value."""
    one, other = (scalar_pb(tag, value).SerializeToString() for value in _PROBES)
    place = one.find(struct.pack("<f", _PROBES[0]))
    if one[:place] != other[:place] or one[place + 4 :] != other[place + 4 :] or other[place : place + 4] != struct.pack("<f", _PROBES[1]):
        raise ValueError(f"no fixed place for the value of {tag}")
    return one, place


def _varint(number: int) -> bytes:
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*packed, number])


def _table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table


_TABLE = _table()


def _crc32c(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The CRC of each row."""
    crc = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crc = _TABLE[(crc ^ column) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return crc ^ np.uint32(0xFFFFFFFF)


def _masked(crc: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)
