"""Opens files where others write, and waits for nobody: those beside the logs through no symbolic link, and nothing that is not a file.

Each directory is opened below the one before, so that nothing outside is opened, also while the tree is moved. Knows no experiment.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO


class TooLarge(ValueError):
    """A file holds more than anybody wants to read."""


def directory_below(directory: Path | int, parts: Sequence[str]) -> int:
    """A descriptor of the directory that lies there, which is the caller's to close.

    Raises:
        OSError: there is none, or a link leads to it.
    """
    found = os.open(directory, os.O_RDONLY | os.O_DIRECTORY) if isinstance(directory, Path) else os.dup(directory)
    for part in parts:
        above = found
        try:
            found = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    return found


def opened(directory: Path | int, parts: Sequence[str]) -> BinaryIO:
    """The regular file that lies there.

    Raises:
        OSError: there is none, or a link leads to it.
        ValueError: nothing can have this name.
    """
    above = directory_below(directory, parts[:-1])
    try:
        # A pipe is not even opened: whoever waits for a reader of it would take us for that.
        _check(os.stat(parts[-1], dir_fd=above, follow_symlinks=False))
        # One that was put there since would keep us waiting.
        descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=above)
    finally:
        os.close(above)
    try:
        _check(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def without_waiting(path: Path) -> BinaryIO:
    """What lies at this path, through links too: event files are linked. A pipe that was put there holds nothing and keeps nobody waiting.

    Raises:
        OSError: it cannot be read.
    """
    return open(path, "rb", opener=_at_once)


def text_of(directory: Path | int, parts: Sequence[str], most: int) -> str:
    """All of the file that lies there, however it grows meanwhile.

    Raises:
        OSError: there is none, or a link leads to it.
        UnicodeDecodeError: it is no UTF-8.
        TooLarge: it holds more than ``most`` bytes.
    """
    with opened(directory, parts) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge
    # Editors of Windows begin it with a byte order mark.
    return content.decode("utf-8-sig")


def _at_once(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _check(about: os.stat_result) -> None:
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "This is no regular file")
