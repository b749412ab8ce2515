"""The signing keys: DATA/keys.json, a list of hexadecimal keys, oldest first; signing uses the last one.

To rotate, append a key and restart; to end everything an old key signed, remove it.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from pathlib import Path

from tb_share.errors import SetUpError
from tb_share.signing import MIN_KEY_BYTES, new_key


def load_or_create(data: Path) -> tuple[str, ...]:
    """The keys; on the first start, one new key.

    Raises:
        SetUpError: the file can be read by others, is damaged, or holds no key or a short one (S-LIM-4).
    """
    path = data / "keys.json"
    if not path.exists():
        _create(path)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        keys = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SetUpError(
            f"{path} cannot be read as a list of keys. Restore it from a backup, or delete it: links and sessions end."
        ) from error
    if mode & 0o077:
        raise SetUpError(f"{path} can be read by other users of this machine. Run: chmod 600 {path}")
    if not isinstance(keys, list) or not keys or not all(_is_key(key) for key in keys):
        raise SetUpError(f"{path} must be a list of at least one hexadecimal key of {MIN_KEY_BYTES} bytes or more, oldest first.")
    return tuple(keys)


def _is_key(key: object) -> bool:
    if not isinstance(key, str):
        return False
    try:
        raw = bytes.fromhex(key)
    except ValueError:
        return False
    return len(raw) >= MIN_KEY_BYTES and len(set(raw)) > 1


def _create(path: Path) -> None:
    """Write one new key so that a second process starting now takes the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump([new_key()], file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        Path(temporary).unlink(missing_ok=True)
