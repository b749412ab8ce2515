"""Reads the new bytes of event files, piece by piece, and says how each file stands when its last piece was taken."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tb_share.logdir.events import Head, warning_of
from tb_share.logdir.index.rows import TAIL, FileRow, RunRow
from tb_share.logdir.layout import EventFile
from tb_share.logdir.points.records import FRAME_BYTES
from tb_share.logdir.regular_file import without_waiting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SLICE: Final = 8 * 1024 * 1024
_LONGEST_RECORD: Final = 64 * 1024 * 1024
_LENGTH: Final = struct.Struct("<Q")


class Reading:
    """A run that is being read, one file after the other: the piece in hand, and its series as they stand now."""

    def __init__(self, run: RunRow, series: NDArray[np.void], news: Iterable[EventFile]) -> None:
        self.run = run
        self.series = series
        self.row: FileRow
        """Of the file that the piece in hand is of; whoever takes that moves it on."""
        self.data = b""
        self.moved: dict[int, FileRow] = {}
        """Rows that are to be written, by number."""
        self._pieces = self._of_all(sorted(news, key=lambda file: file.path.name))

    def go_on(self) -> bool:
        """Lay the piece in hand aside and take the next; whether there is one."""
        found = next(self._pieces, None)
        if found is None:
            return False
        self.row, self.data = found
        return True

    def _of_all(self, files: Iterable[EventFile]) -> Iterator[tuple[FileRow, bytes]]:
        for file in files:
            row = self.run.files[file.path.name]
            for data in _pieces(row, file):
                yield row, data
                self.moved[row.number] = row
            self.moved[row.number] = row


def bytes_of(path: Path, begin: int, length: int) -> bytes:
    """As many of a file as there are."""
    with without_waiting(path) as source:
        source.seek(begin)
        return source.read(length)


def _pieces(row: FileRow, file: EventFile) -> Iterator[bytes]:
    if row.state == "damaged":
        # It may have been mended since, or had only not arrived.
        row.state = "read"
    state = "read"
    length = min(_SLICE, max(1, file.size - row.offset))
    try:
        while row.state != "damaged":
            begin = row.offset
            data = _what_follows(row, file.path, length)
            if data is None:
                return
            yield data
            moved = row.offset - begin
            state = row.state if row.state == "damaged" else "torn" if moved < len(data) else "read"
            if length > _LONGEST_RECORD and state == "torn" and not moved and _passed_over(row, file, data):
                length, state = _SLICE, "read"
                continue
            if len(data) < length or length > _LONGEST_RECORD or (moved == len(data) and row.offset >= file.size):
                break
            # A record that is longer than what was read: read more of it.
            length = _SLICE if moved else max(_SLICE, 2 * length)
    except OSError:
        state = "unreadable"
    row.state = "empty" if state == "read" and not row.offset else state
    row.stamp = file.stamp
    row.head = _warned(row)


def _what_follows(row: FileRow, path: Path, length: int) -> bytes | None:
    """As much of what follows the offset; nothing if what stands before it is no longer what was read: the next look reads it anew."""
    data = bytes_of(path, row.offset - row.tail_length, row.tail_length + length)
    return data[row.tail_length :] if zlib.crc32(data[: row.tail_length]) == row.tail else None


def _passed_over(row: FileRow, file: EventFile, data: bytes) -> bool:
    """Whether the record at which these bytes begin is whole, and nobody waits for it: it is too long to be read."""
    (length,) = _LENGTH.unpack_from(data)
    whole = length + FRAME_BYTES
    if row.offset + whole > file.size:
        return False
    row.moved_past(data, bytes_of(file.path, row.offset + whole - TAIL, TAIL), whole)
    row.head = replace(row.head, passed_over=row.head.passed_over + 1)
    return True


def _warned(row: FileRow) -> Head:
    too_long = f"{row.name} holds a record of more than {2 * _LONGEST_RECORD // 2**20} MB, which is not read."
    warnings = {"unreadable": f"{row.name} cannot be read.", "empty": f"{row.name} is empty."}
    warnings |= {"read": too_long} if row.head.passed_over else {}
    warning = warnings.get(row.state) or warning_of(row.name, row.state == "damaged", row.state == "torn")
    return replace(row.head, warning=warning)
