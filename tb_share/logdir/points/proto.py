"""Reads the one shape that nearly every record of an event file has: a summary with one value that is one float.

Fields by number and wire type (https://protobuf.dev/programming-guides/encoding/) of TensorBoard's ``event.proto``, ``summary.proto`` and
``tensor.proto``. Anything of another shape is ``None`` here, and read in full elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SUMMARY: Final = 5
_VALUE: Final = 1
_PLUGIN_DATA, _DATA_CLASS = 1, 4
_SESSIONS: Final = "hparams"
_PLUGIN_NAME: Final = 1
_FLOAT: Final = 1
FLOAT_BYTES: Final = 4
_LONGEST_VARINT: Final = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """A scalar record without its step, wall time and value. ``place`` is where the value's four bytes begin."""

    tag: str
    plugin: str | None
    """As the record's own metadata says; None without any."""
    data_class: int
    is_tensor: bool
    place: int


def shape_of(rest: bytes) -> Shape | None:
    """The shape of a record from its field 5 on; None if it is another one."""
    try:
        summary = _only(rest, 0, len(rest), _SUMMARY)
        value = None if summary is None else _only(rest, *summary, _VALUE)
        return None if value is None else _value(rest, *value)
    except (IndexError, ValueError, UnicodeDecodeError):
        return None


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, and where the content begins and ends; of a varint, its value and 0."""
    while at < end:
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == _BYTES:
            length, at = _varint(data, at)
            yield number, wire, at, at + length
            at += length
        elif wire == _VARINT:
            value, at = _varint(data, at)
            yield number, wire, value, 0
        elif wire in (_FIXED32, _FIXED64):
            size = 4 if wire == _FIXED32 else 8
            yield number, wire, at, at + size
            at += size
        else:
            raise ValueError
    if at != end:
        raise ValueError


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 7 * _LONGEST_VARINT, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the bit that says that another byte follows
            return value, at
    raise ValueError


def _only(data: bytes, at: int, end: int, number: int) -> tuple[int, int] | None:
    """The content of a message that holds this one field and nothing else."""
    found = list(_fields(data, at, end))
    return found[0][2:] if len(found) == 1 and found[0][:2] == (number, _BYTES) else None


def _value(data: bytes, at: int, end: int) -> Shape | None:
    tag, plugin, data_class, place, is_tensor = None, None, 0, None, False
    for number, wire, begin, stop in _fields(data, at, end):
        match number, wire:
            case (1, 2):
                tag = data[begin:stop].decode()
            case (2, 5):
                if place is not None:
                    return None
                place = begin
            case (8, 2):
                if place is not None:
                    return None
                place, is_tensor = _float_in(data, begin, stop), True
                if place is None:
                    return None
            case (9, 2):
                plugin, data_class = _metadata(data, begin, stop)
            case _:
                return None
    # What a session says stands in its metadata, whatever value some writers give it.
    if tag is None or place is None or plugin == _SESSIONS:
        return None
    return Shape(tag, plugin, data_class, is_tensor, place)


def _float_in(data: bytes, at: int, end: int) -> int | None:
    """Where the four bytes of a float tensor of rank 0 stand."""
    dtype, place = 0, None
    for number, wire, begin, stop in _fields(data, at, end):
        match number, wire:
            case (1, 0):
                dtype = begin
            case (2, 2) if begin == stop:
                pass
            case ((4 | 5), 2) if place is None and stop - begin == FLOAT_BYTES:
                place = begin
            case (5, 5) if place is None:
                place = begin
            case _:
                return None
    return place if dtype == _FLOAT else None


def _metadata(data: bytes, at: int, end: int) -> tuple[str | None, int]:
    plugin, data_class = None, 0
    for number, wire, begin, stop in _fields(data, at, end):
        if (number, wire) == (_PLUGIN_DATA, _BYTES):
            for inner, kind, name_at, name_end in _fields(data, begin, stop):
                if (inner, kind) == (_PLUGIN_NAME, _BYTES):
                    plugin = data[name_at:name_end].decode()
        elif (number, wire) == (_DATA_CLASS, _VARINT):
            data_class = begin
    return plugin, data_class
