"""Reads ``[NAME=]DIR`` and ``[NAME=]URL`` and finds names for what came without one. Does not look at what they lead to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tb_share.cli.settings_file import Said
from tb_share.errors import SetUpError
from tb_share.model.project import RESERVED_IDS, is_project_id

_NAME_RULE: Final = f"Use up to 63 small letters, digits and hyphens, and none of {', '.join(sorted(RESERVED_IDS))}."
_LONGEST_SLUG: Final = 50


class Source(NamedTuple):
    """Where a project's TensorBoard comes from, and the name it was given, if any."""

    name: str | None
    target: str


def whole(text: str, directory: Path) -> Path:
    """The absolute path, ``~`` included; links in it stay links."""
    return Path(directory, Path(text).expanduser()).absolute()


def logdirs(said: Said) -> Said:
    """``[NAME=]DIR``s or tables, as tables that all have a name and an absolute path."""
    sources = [_read(each, "path", said.where, lambda text: _is_directory(whole(text, said.directory))) for each in _listed(said.value)]
    named = _with_names(sources, said.where, lambda path: slug(whole(path, said.directory).name))
    return Said([{"name": name, "path": whole(target, said.directory)} for name, target in named], said.where, said.directory)


def upstreams(said: Said) -> Said:
    """The same for ``[NAME=]URL``; the addresses are checked, not asked."""
    sources = [_read(each, "url", said.where, lambda text: ":" in text.partition("=")[0]) for each in _listed(said.value)]
    named = _with_names(sources, said.where, lambda _: "tensorboard")
    return Said([{"name": name, "url": _plain_url(url, said.where)} for name, url in named], said.where, said.directory)


def slug(text: str) -> str:
    """A project name as near to ``text`` as there is."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    return made if is_project_id(made) else f"{made}-logs".strip("-")


def refuse_same_names(names: Iterable[str]) -> None:
    """Two projects of one name would be one.

    Raises:
        SetUpError: names the one that comes twice.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SetUpError(f'Two projects are called "{name}". Give each its own name, as in --logdir NAME=DIR.')
        seen.add(name)


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what we may not look at is spoken of later, as a directory that cannot be read
        return True


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else [value]


def _read(entry: object, key: str, where: str, is_whole: Callable[[str], bool]) -> Source:
    if isinstance(entry, Mapping) and set(entry) <= {"name", key} and key in entry:
        name, target = entry.get("name"), entry[key]
        source = Source(None if name is None else str(name), str(target))
    elif isinstance(entry, str):
        # A directory may have "=" in its own name: what exists as it is written needs no further reading.
        name, equals, rest = entry.partition("=")
        source = Source(None, entry) if is_whole(entry) or not equals else Source(name, rest)
    else:
        raise SetUpError(f'{where}: {entry!r} is no project. Write "[NAME=]{key.upper()}", or a table with name and {key}.')
    if not source.target:
        raise SetUpError(f"{where}: {key} is empty. Write [NAME=]{key.upper()}.")
    if source.name is not None and not is_project_id(source.name):
        raise SetUpError(f'{where}: "{source.name}" cannot name a project. {_NAME_RULE}')
    return source


def _with_names(sources: list[Source], where: str, default: Callable[[str], str]) -> list[tuple[str, str]]:
    try:
        refuse_same_names(source.name for source in sources if source.name is not None)
    except SetUpError as error:
        raise SetUpError(f"{where}: {error.text}") from None
    taken = {source.name for source in sources}
    named = []
    for source in sources:
        name = source.name or _free(default(source.target), taken)
        taken.add(name)
        named.append((name, source.target))
    return named


def _free(name: str, taken: set[str | None]) -> str:
    return next(each for number in range(1, len(taken) + 2) if (each := name if number == 1 else f"{name}-{number}") not in taken)


def _plain_url(text: str, where: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        extras = parts.username is not None or bool(parts.query) or bool(parts.fragment)
    except ValueError:
        good, extras = False, False
    if not good or extras:
        raise SetUpError(f'{where}: "{text}" is not the address of a TensorBoard. Write it as http://127.0.0.1:6006 and nothing more.')
    return text.rstrip("/")
