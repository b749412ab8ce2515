"""Reads ``tb-share.toml``, remembering the line of every key. Knows nothing of which settings exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tb_share.errors import SetUpError

SettingPath = tuple[str, ...]
"""The way to a setting, such as ``("server", "workers")``."""

_TABLE: Final = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_\-]+)\s*\]{1,2}\s*(?:#.*)?")
_KEY: Final = re.compile(r"\s*([A-Za-z0-9_\-.]+)\s*=")


@dataclass(frozen=True, slots=True)
class Said:
    """A value, where it was said, and the directory that a relative path in it starts from."""

    value: object
    where: str
    directory: Path


def read(file: Path, tables: frozenset[str]) -> dict[SettingPath, Said]:
    """What the file says; the names in ``tables`` have settings of their own below them.

    Raises:
        SetUpError: it cannot be read, or is not TOML.
    """
    try:
        text = file.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise SetUpError(f"{file}: cannot be read ({error.strerror}). Name a readable file with --config.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetUpError(f"{file}: this is not TOML: {error}. Correct that line.") from None
    lines = lines_of_keys(text)
    return {path: Said(value, _where(file, lines, path), file.absolute().parent) for path, value in _leaves(content, tables)}


def lines_of_keys(text: str) -> dict[SettingPath, int]:
    """The line where each key, or each table, is first written."""
    lines: dict[SettingPath, int] = {}
    table: SettingPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _TABLE.fullmatch(line):
            table = (opened[1],)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *key[1].split(".")), number)
    return lines


def _where(file: Path, lines: Mapping[SettingPath, int], path: SettingPath) -> str:
    line = next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), None)
    return str(file) if line is None else f"{file}, line {line}"


def _leaves(content: Mapping[str, Any], tables: frozenset[str], above: SettingPath = ()) -> Iterator[tuple[SettingPath, object]]:
    for name, value in content.items():
        if isinstance(value, dict) and value and not above and name in tables:
            yield from _leaves(value, tables, (name,))
        else:
            yield (*above, name), value
