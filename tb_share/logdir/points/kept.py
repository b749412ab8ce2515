"""The series of runs, read when somebody asks and kept while there is room; what a file gained since is all that is read again."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tb_share.logdir.layout import EventFile
from tb_share.logdir.points.columns import Points, joined
from tb_share.logdir.points.content import read
from tb_share.logdir.points.records import Shapes

_MOST_BYTES: Final = 128 * 1024 * 1024
_SLICE: Final = 8 * 1024 * 1024
_LONGEST_RECORD: Final = 64 * 1024 * 1024
_TAIL: Final = 4096


@dataclass(slots=True)
class _File:
    """How far one file was read. ``tail`` is the CRC-32 of the last bytes before ``offset``: rewriting a file changes them."""

    inode: tuple[int, int]
    offset: int = 0
    tail: int = 0
    tail_length: int = 0
    dead: bool = False


@dataclass(slots=True)
class _Run:
    """What is known of one run."""

    stamps: tuple[object, ...] = ()
    files: dict[str, _File] = field(default_factory=dict)
    parts: dict[str, list[Points]] = field(default_factory=dict)
    classes: dict[str, bool] = field(default_factory=dict)
    """Whether a tag holds scalars."""
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class KeptSeries:
    """Shared by the threads of one process."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, _Run] = OrderedDict()
        self._shapes = Shapes()

    def of(self, run: str, files: Sequence[EventFile]) -> Mapping[str, Points]:
        """All scalar series of a run by tag, as TensorBoard shows them but with every point; damage ends a file, as it does there."""
        with self._lock:
            known = self._runs.setdefault(run, _Run())
            self._runs.move_to_end(run)
        with known.lock:
            self._update(known, files)
            found = {tag: joined(parts).stock_view() for tag, parts in known.parts.items()}
        self._make_room()
        return found

    def _update(self, run: _Run, files: Sequence[EventFile]) -> None:
        stamps = tuple((str(file.path), file.stamp) for file in files)
        if stamps == run.stamps:
            return
        ordered = sorted(files, key=lambda file: file.path.name)
        if any(_is_another(file, run.files.get(str(file.path))) for file in ordered):
            run.files, run.parts, run.classes = {}, {}, {}
        for file in ordered:
            self._read_on(run, file)
        run.parts = {tag: [joined(parts)] for tag, parts in run.parts.items()}
        run.size = sum(part.size for parts in run.parts.values() for part in parts)
        run.stamps = stamps

    def _read_on(self, run: _Run, file: EventFile) -> None:
        state = run.files.setdefault(str(file.path), _File((file.stamp[0], file.stamp[1])))
        try:
            with file.path.open("rb") as opened:
                length = _SLICE
                while not state.dead:
                    opened.seek(state.offset)
                    data = opened.read(length)
                    moved = self._take(run, state, data)
                    if len(data) < length or length > _LONGEST_RECORD:
                        return
                    # A record that is longer than what was read: read more of it.
                    length = _SLICE if moved else 2 * length
        except OSError:
            return

    def _take(self, run: _Run, state: _File, data: bytes) -> bool:
        news = read(data, run.classes, self._shapes)
        for tag, each in news.series.items():
            run.classes.setdefault(tag, each.is_scalar)
            if each.is_scalar and len(each.points.steps):
                run.parts.setdefault(tag, []).append(each.points)
        if news.read:
            state.tail_length = min(_TAIL, news.read)
            state.tail = zlib.crc32(data[news.read - state.tail_length : news.read])
            state.offset += news.read
        state.dead = news.damaged
        return news.read > 0

    def _make_room(self) -> None:
        with self._lock:
            held = sum(run.size for run in self._runs.values())
            while held > self._most_bytes and len(self._runs) > 1:
                _, gone = self._runs.popitem(last=False)
                held -= gone.size


def _is_another(file: EventFile, state: _File | None) -> bool:
    """Whether what was read of this file no longer stands in it: replaced, cut off or written anew."""
    if state is None or not state.offset:
        return False
    if state.inode != (file.stamp[0], file.stamp[1]) or file.size < state.offset:
        return True
    try:
        with file.path.open("rb") as opened:
            opened.seek(state.offset - state.tail_length)
            return zlib.crc32(opened.read(state.tail_length)) != state.tail
    except OSError:
        return False
