"""The data directory as the command line sees it: usable, held by one serve at a time, and what that serve says of itself.

Keys and database belong to the store.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tb_share.errors import SetUpError

LOCK = "serve.lock"
ABOUT = "serve.json"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class RunningServe:
    """What a serve leaves for other commands, and for the serve after it. Holds no secret."""

    pid: int
    public_url: str
    host: str
    port: int
    runtime_dir: str


def make(data: Path) -> None:
    """Make the directory, readable by its owner only, or see that it can be used.

    Raises:
        SetUpError: it is a file, cannot be written, or is open to others.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except FileExistsError:
        raise SetUpError(f"{data} is a file. Name a directory with --data.") from None
    except OSError as error:
        raise SetUpError(f"The data directory {data} cannot be written ({error.strerror}). Name another with --data.") from None
    if data.stat().st_mode & OTHERS:
        raise SetUpError(f"Others can look into the data directory {data}, where the keys are. Run: chmod 700 {data}")


def existing(data: Path) -> Path:
    """For commands that work on what a serve has made.

    Raises:
        SetUpError: there is nothing.
    """
    try:
        found = (data / "keys.json").is_file()
    except OSError as error:
        raise SetUpError(f"{data} cannot be read ({error.strerror}). Work as the user that serves from it, or correct --data.") from None
    if not found:
        raise SetUpError(f"Nothing was served yet from {data}. Start tb-share serve first, or name its data directory with --data.")
    return data


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the directory: one serve at a time. The lock ends with this process, however that ends.

    Raises:
        SetUpError: another serve holds it.
    """
    lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetUpError(_held_by_another(data)) from None
        yield
    finally:
        os.close(lock)


def _held_by_another(data: Path) -> str:
    other = about(data)
    which = f"process {other.pid}, {other.public_url}" if other else "another process"
    return f"{data} is in use by another tb-share serve ({which}). Stop that one, or name another directory with --data."


def is_held(data: Path) -> bool:
    """Whether a serve is running on this directory."""
    try:
        lock = os.open(data / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def about(data: Path) -> RunningServe | None:
    """What the latest serve said of itself; it may be gone."""
    try:
        said = json.loads((data / ABOUT).read_text("utf-8"))
        return RunningServe(int(said["pid"]), str(said["public_url"]), str(said["host"]), int(said["port"]), str(said["runtime_dir"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def announce(data: Path, serve: RunningServe) -> None:
    """Say it to the other commands."""
    write_private(data / ABOUT, json.dumps(asdict(serve)))


def write_private(file: Path, text: str) -> None:
    """Replace ``file`` at once by one that only its owner reads."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as writing:
        writing.write(text)
    Path(temporary).replace(file)
