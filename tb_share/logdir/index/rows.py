"""Facts as they stand in the index's rows: JSON for what is read whole, records of NumPy for what is many."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np

from tb_share.logdir.asides import Beside
from tb_share.logdir.events import Head
from tb_share.logdir.fold import Drafted
from tb_share.logdir.layout import EventFile
from tb_share.logdir.regular_file import without_waiting
from tb_share.model.experiment import RunRef

PLACE: Final = np.dtype(
    [("tag", "<u4"), ("position", "<u4"), ("step", "<i8"), ("wall", "<f8"), ("offset", "<i8"), ("length", "<i8")],
)
"""Where one value stands that is not copied: which of the values of the record at ``offset``, which is ``length`` long with its frame."""
TAIL: Final = 4096
PREFIX: Final = 65536
_NAMES: Final = {kind: tuple(each.name for each in fields(kind)) for kind in (Head, Beside, Drafted, RunRef)}


@dataclass(slots=True)
class FileRow:
    """How far one event file was read, and by what it is known again: CRC-32 of its beginning and of the last bytes before ``offset``."""

    number: int
    run: int
    name: str
    stamp: tuple[int, int, int, int] = (0, 0, 0, 0)
    """As ``EventFile.stamp``."""
    offset: int = 0
    prefix_length: int = 0
    prefix: int = 0
    tail_length: int = 0
    tail: int = 0
    state: str = "new"
    """new, read, torn, damaged, empty or unreadable."""
    head: Head = field(default_factory=Head)
    was_compared: bool = False
    """Its beginning was, since this process started."""

    def forget(self) -> None:
        """It is to be read from its beginning."""
        self.offset = self.prefix_length = self.prefix = self.tail_length = self.tail = 0
        self.state, self.head = "new", Head()

    def moved_on(self, data: bytes, length: int) -> None:
        """``length`` of these bytes, which begin at the offset, were read."""
        if not self.offset:
            self.prefix_length = min(PREFIX, length)
            self.prefix = zlib.crc32(data[: self.prefix_length])
        self.tail_length = min(TAIL, length)
        self.tail = zlib.crc32(data[length - self.tail_length : length])
        self.offset += length

    def moved_past(self, beginning: bytes, end: bytes, length: int) -> None:
        """``length`` bytes, of which these are the first and the last, were passed over."""
        if not self.offset:
            self.prefix_length = min(PREFIX, len(beginning))
            self.prefix = zlib.crc32(beginning[: self.prefix_length])
        self.tail_length, self.tail = len(end), zlib.crc32(end)
        self.offset += length

    def columns(self) -> tuple[Any, ...]:
        """What of it may change, and its number."""
        known = (self.prefix_length, self.prefix, self.tail_length, self.tail)
        return (*self.stamp, self.offset, *known, self.state, head_json(self.head), self.number)

    def is_another(self, file: EventFile) -> bool:
        """Whether what was read no longer stands in it: replaced, cut off or written anew."""
        if not self.offset:
            return False
        if file.size < self.offset or (file.stamp[:3] == self.stamp[:3] and file.stamp != self.stamp):
            return True
        compares_all = not self.was_compared or file.stamp[:2] != self.stamp[:2]
        self.was_compared = True
        try:
            with without_waiting(file.path) as opened:
                if compares_all and zlib.crc32(opened.read(self.prefix_length)) != self.prefix:
                    return True
                opened.seek(self.offset - self.tail_length)
                return zlib.crc32(opened.read(self.tail_length)) != self.tail
        except OSError:
            return False


@dataclass(slots=True)
class RunRow:
    """A run and its files by name; ``tags`` is how many tags were trained with."""

    number: int
    files: dict[str, FileRow] = field(default_factory=dict)
    tags: int = 0


def head_json(head: Head) -> str:
    """Of a head."""
    return json.dumps(_fields(head))


def head_of(text: str) -> Head:
    """From its JSON."""
    return Head(**json.loads(text))


def beside_json(beside: Beside) -> str:
    """Of what a file beside the events says."""
    return json.dumps(_fields(beside))


def beside_of(text: str) -> Beside:
    """From its JSON."""
    return Beside(**json.loads(text))


def draft_json(draft: Drafted) -> str:
    """Of an experiment."""
    return json.dumps(_fields(draft) | {"runs": [_fields(run) for run in draft.runs]})


def draft_of(text: str) -> Drafted:
    """From its JSON."""
    content: dict[str, Any] = json.loads(text)
    content["runs"] = tuple(RunRef(**run) for run in content["runs"])
    content["parameter_sources"], content["warnings"] = tuple(content["parameter_sources"]), tuple(content["warnings"])
    return Drafted(**content)


def _fields(said: Head | Beside | Drafted | RunRef) -> dict[str, Any]:
    """As they are: ``dataclasses.asdict`` copies all of them first, which costs most of a fold over thousands of experiments."""
    return {name: getattr(said, name) for name in _NAMES[type(said)]}
