"""Splits event files into records and reads those of one float by the thousand; what is unusual is parsed one by one.

A record is a little-endian uint64 length, a masked CRC-32C of it, the data, and a masked CRC-32C of the data (TensorFlow's record format).
Scalar records of one tag differ in wall time, step and four bytes of value only, so all records of one length are compared at once, byte
for byte, with one of them that was parsed exactly. Pure: bytes in, columns out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tb_share.logdir.points.proto import FLOAT_BYTES, Shape, shape_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_BYTES: Final = 12
FRAME_BYTES: Final = 16
_LENGTH: Final = struct.Struct("<Q")
_CRC: Final = struct.Struct("<I")
_LONGEST_SKELETON: Final = 512
_WALL_TAG, _STEP_TAG, _SUMMARY_TAG = 0x09, 0x10, 0x2A
_STEP_AT: Final = 9
_MOST_STEP_BYTES: Final = 6
_SHARED_BEGINNING: Final = 24
_CRC_TABLE: Final[list[int]] = []
_CRC_OF_NO_LENGTH: Final = bytes.fromhex("29039807")
"""The masked CRC of eight zeros."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the data of each whole record begin; ``end`` is where the first record begins that is not whole."""

    begins: list[int]
    end: int
    garbage: bool
    """What follows ``end`` is no record that is still being written."""


def walk(data: bytes, at: int, end: int) -> Walk:
    """Follow the chain of lengths."""
    begins: list[int] = []
    length_at = _LENGTH.unpack_from
    while at + HEAD_BYTES <= end:
        (length,) = length_at(data, at)
        following = at + FRAME_BYTES + length
        if not length and data[at + 8 : at + HEAD_BYTES] != _CRC_OF_NO_LENGTH:
            # Zeros are what a power cut leaves at a file's end, and would pass for records without end.
            return Walk(begins, at, garbage=True)
        if following > end:
            return Walk(begins, at, garbage=masked_crc(data[at : at + 8]) != _CRC.unpack_from(data, at + 8)[0])
        begins.append(at + HEAD_BYTES)
        at = following
    return Walk(begins, at, garbage=False)


def first_record(data: bytes) -> tuple[int, int] | None:
    """Where the data of the first record begin, and how long they are; None if it is not whole."""
    if len(data) < FRAME_BYTES:
        return None
    (length,) = _LENGTH.unpack_from(data)
    is_record = length or data[8:HEAD_BYTES] == _CRC_OF_NO_LENGTH
    return (HEAD_BYTES, length) if is_record and FRAME_BYTES + length <= len(data) else None


def masked_crc(data: bytes) -> int:
    """The masked CRC-32C of a few bytes (polynomial 0x82F63B78, mask of TensorFlow's ``crc32c.h``)."""
    if not _CRC_TABLE:
        for byte in range(256):
            value = byte
            for _ in range(8):
                value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
            _CRC_TABLE.append(value)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Scalars:
    """Records of one shape, in the order of the file: ``record`` counts the records of the walk."""

    shape: Shape
    record: NDArray[np.int64]
    step: NDArray[np.int64]
    wall: NDArray[np.float64]
    value: NDArray[np.float32]


@dataclass(slots=True)
class Parsed:
    """Everything of one walk; ``unusual`` are the records that somebody has to parse in full."""

    scalars: list[Scalars] = field(default_factory=list)
    unusual: list[int] = field(default_factory=list)


class Shapes:
    """Remembers the shapes of records that were parsed, by their bytes with the value blanked."""

    def __init__(self) -> None:
        self._known: dict[bytes, Shape | None] = {}

    def of(self, row: bytes) -> Shape | None:
        """The shape of a row whose value may stand in it."""
        known = self._known.get(row)
        if known is None and row not in self._known:
            if len(self._known) > 100_000:  # noqa: PLR2004 - tags of a whole sweep; a logdir with more only pays again
                self._known.clear()
            known = self._known[row] = shape_of(row)
        return known


def parse(data: bytes, begin: NDArray[np.int64], length: NDArray[np.int64], shapes: Shapes) -> Parsed:
    """Read all records whose data begin at these places and are so long."""
    parsed = Parsed()
    if not len(begin):
        return parsed
    raw = np.frombuffer(data, np.uint8)
    step, rest, usual = _steps(raw, begin, length)
    skeleton = begin + length - rest
    usual &= (skeleton > 0) & (skeleton <= _LONGEST_SKELETON)
    parsed.unusual = np.flatnonzero(~usual).tolist()
    # By a stable order of lengths, each group is in the order of the file; of two bytes NumPy sorts five times as fast.
    candidates = np.flatnonzero(usual)
    order = candidates[np.argsort(skeleton[candidates].astype(np.uint16), kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(skeleton[order])) + 1):
        if len(group):
            _read_group(raw, begin, rest, int(skeleton[group[0]]), group, step, shapes, parsed)
    parsed.unusual.sort()
    return parsed


def lengths_at(data: bytes, begin: NDArray[np.int64]) -> NDArray[np.int64]:
    """How long the data of records are, by where they begin."""
    return _at(np.frombuffer(data, np.uint8), begin - HEAD_BYTES, "<i8") if len(begin) else np.empty(0, np.int64)


def _at(raw: NDArray[np.uint8], places: NDArray[np.int64], kind: str) -> NDArray[Any]:
    """What stands at these bytes, wherever they are."""
    of_kind = np.dtype(kind)
    return np.ndarray(len(raw) - of_kind.itemsize + 1, of_kind, raw, strides=(1,))[places]


def _steps(raw: NDArray[np.uint8], begin: NDArray[np.int64], length: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """The step of each record, where field 5 begins, and whether the record begins as scalars do."""
    last = len(raw) - 1

    def byte(at: NDArray[np.int64]) -> NDArray[np.uint8]:
        return raw[np.minimum(at, last)]

    usual = (length > _STEP_AT) & (byte(begin) == _WALL_TAG)
    has_step = byte(begin + _STEP_AT) == _STEP_TAG
    step = np.zeros(len(begin), np.int64)
    at = begin + _STEP_AT + has_step
    going = has_step.copy()
    for number in range(_MOST_STEP_BYTES):
        here = byte(at)
        step += np.where(going, (here & 0x7F).astype(np.int64) << (7 * number), 0)
        at += going
        going &= here >= 0x80  # noqa: PLR2004 - the bit that says that another byte follows
    usual &= ~going & (at < begin + length) & (byte(at) == _SUMMARY_TAG)
    return step, at, usual


def _read_group(
    raw: NDArray[np.uint8],
    begin: NDArray[np.int64],
    rest: NDArray[np.int64],
    size: int,
    group: NDArray[np.int64],
    step: NDArray[np.int64],
    shapes: Shapes,
    parsed: Parsed,
) -> None:
    rows = _at(raw, rest[group], f"V{size}").view(np.uint8).reshape(len(group), size)
    left = np.arange(len(group))
    while len(left):
        shape = shape_of(rows[left[0]].tobytes())
        if shape is None:
            beginning = slice(0, min(size, _SHARED_BEGINNING))
            same = (rows[left, beginning] == rows[left[0], beginning]).all(axis=1)
            parsed.unusual += group[left[same]].tolist()
            left = left[~same]
            continue
        place = slice(shape.place, shape.place + FLOAT_BYTES)
        blank = rows[left]
        values = blank[:, place].copy().view("<f4").ravel()
        blank[:, place] = 0
        taken = np.zeros(len(left), bool)
        for first, members in _alike(blank):
            found = shapes.of(blank[first].tobytes())
            if found is None or found.place != shape.place:
                continue
            equal = members[(blank[members] == blank[first]).all(axis=1)]
            taken[equal] = True
            records = group[left[equal]]
            parsed.scalars.append(Scalars(found, records, step[records], _at(raw, begin[records] + 1, "<f8"), values[equal]))
        if not taken.any():
            parsed.unusual += group[left].tolist()
            return
        left = left[~taken]


def _alike(rows: NDArray[np.uint8]) -> list[tuple[int, NDArray[np.int64]]]:
    """Rows that have one hash, each with its first; whether they are equal is for the caller to see."""
    if len(rows) == 1:
        return [(0, np.zeros(1, np.int64))]
    width = -(-rows.shape[1] // 8) * 8
    padded = np.zeros((len(rows), width), np.uint8)
    padded[:, : rows.shape[1]] = rows
    words = padded.view(np.uint64)
    odd = (np.arange(1, words.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
    hashes = (words * odd).sum(axis=1, dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(hashes[order])) + 1)
    return [(int(part[0]), part) for part in parts]
