"""Where settings come from: flags, then ``TB_SHARE_*`` variables, then ``tb-share.toml``, then the defaults.

Says of every wrong value where it stands. Knows nothing of what the settings are for.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from tb_share.cli import project_sources, settings_file
from tb_share.cli.settings_file import Said, SettingPath
from tb_share.errors import SetUpError
from tb_share.settings import Settings

PREFIX: Final = "TB_SHARE_"
FILE_NAME: Final = "tb-share.toml"
_FILES: Final = frozenset({("data",), ("database_password_file",), ("mail", "password_file")})
"""Settings that name one file or directory."""
NOT_SETTINGS: Final = frozenset({"TB_SHARE_CONFIG", "TB_SHARE_CONFIG_DIR", "TB_SHARE_CHROMIUM", "TB_SHARE_FRONTEND"})
"""Variables of that prefix which others read: the way to the file, the tests, the build."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and the file that had a say in them."""

    settings: Settings
    config: Path | None


class _Known(NamedTuple):
    """A setting's table, or None, and whether it is a list."""

    table: type[BaseModel]
    is_list: bool


def load(flags: Mapping[str, object], environment: Mapping[str, str], directory: Path, config: Path | None = None) -> Loaded:
    """The settings of a command that was started in ``directory``. A flag that was not used is None, False or empty.

    Raises:
        SetUpError: a file that cannot be read, an unknown setting, a wrong value; the sentence says where it stands.
    """
    said = _from_environment(environment, directory) | _from_flags(flags, directory)
    file = directory / config if config else _named_or_usual(environment, said, directory)
    if file is not None:
        said = _from_file(file, directory) | said
    for path, each in said.items():
        _refuse_unknown(path, each.where)
    said |= {("logdir",): project_sources.logdirs(said[("logdir",)])} if ("logdir",) in said else {}
    said |= {("upstream",): project_sources.upstreams(said[("upstream",)])} if ("upstream",) in said else {}
    return Loaded(_validated({path: _with_whole_paths(path, each) for path, each in said.items()}), file)


def known_settings() -> dict[SettingPath, _Known]:
    """Every setting by its path, in the order in which they are declared."""
    known: dict[SettingPath, _Known] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            table = type(field.default)
            known |= {(name, inner): _Known(table, isinstance(below.default, tuple)) for inner, below in table.model_fields.items()}
        else:
            known[name,] = _Known(Settings, isinstance(field.default, tuple))
    return known


def _from_flags(flags: Mapping[str, object], directory: Path) -> dict[SettingPath, Said]:
    used = {name: value for name, value in flags.items() if not (value is None or value is False or value == ())}
    return {(name,): Said(value, f"--{name.replace('_', '-')}", directory) for name, value in used.items()}


def _from_environment(environment: Mapping[str, str], directory: Path) -> dict[SettingPath, Said]:
    names = sorted(name for name in environment if name.startswith(PREFIX) and name not in NOT_SETTINGS)
    paths = {name: tuple(name.removeprefix(PREFIX).lower().split("__")) for name in names}
    return {paths[name]: Said(_from_text(paths[name], environment[name], name), name, directory) for name in names}


def _from_text(path: SettingPath, text: str, name: str) -> object:
    """A list is written with commas; a list or table also as JSON."""
    if text.startswith(("[", "{")):
        try:
            value: object = json.loads(text)
        except ValueError:
            raise SetUpError(f"{name}: this begins like JSON but is not JSON. Write JSON, or a list with commas.") from None
        return value
    known = known_settings().get(path)
    return [part.strip() for part in text.split(",") if part.strip()] if known and known.is_list else text


def _named_or_usual(environment: Mapping[str, str], said: Mapping[SettingPath, Said], directory: Path) -> Path | None:
    """The file that TB_SHARE_CONFIG names, else ``./tb-share.toml``, else the one in the data directory."""
    if named := environment.get("TB_SHARE_CONFIG"):
        return directory / named
    data = said.get(("data",))
    places = (directory, Settings().data if data is None else directory / Path(str(data.value)).expanduser())
    return next((place / FILE_NAME for place in places if _is_there(place / FILE_NAME)), None)


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a data directory of somebody else's: it is refused with its own sentence
        return False


def _from_file(file: Path, directory: Path) -> dict[SettingPath, Said]:
    tables = frozenset(path[0] for path in known_settings() if len(path) > 1)
    said = settings_file.read(file, tables)
    moved = said.get(("data",))
    if moved is not None and file.parent == Settings().data and file.parent != directory:
        raise SetUpError(f"{moved.where}: the file in the data directory cannot move that directory. Use --data instead.")
    return said


def _refuse_unknown(path: SettingPath, where: str) -> None:
    known = {".".join(each) for each in known_settings()}
    name = ".".join(path)
    if name not in known:
        near = difflib.get_close_matches(name, known | {each[0] for each in known_settings()}, 1)
        remedy = f'Did you mean "{near[0]}"?' if near else "docs/guide/reference.md lists every setting."
        raise SetUpError(f'{where}: there is no setting "{name}". {remedy}')


def _with_whole_paths(path: SettingPath, said: Said) -> Said:
    if path in _FILES:
        return Said(project_sources.whole(str(said.value), said.directory), said.where, said.directory)
    if path == ("tensorboard", "follow_links_to") and isinstance(said.value, list):
        return Said([project_sources.whole(str(each), said.directory) for each in said.value], said.where, said.directory)
    if path == ("provider",) and isinstance(said.value, list):
        return Said([_provider(each, said.directory) for each in said.value], said.where, said.directory)
    return said


def _provider(value: object, directory: Path) -> object:
    """A provider's table with whole paths; what is no table is refused later, with its line."""
    if not isinstance(value, dict):
        return value
    files = {name: project_sources.whole(str(value[name]), directory) for name in ("client_secret_file", "ca_file") if name in value}
    return {**value, **files}


def _validated(said: Mapping[SettingPath, Said]) -> Settings:
    tree: dict[str, Any] = {}
    for path, each in said.items():
        table = tree if len(path) == 1 else tree.setdefault(path[0], {})
        table[path[-1]] = each.value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    at = tuple(str(part) for part in first["loc"])
    path = next((at[:length] for length in (2, 1) if at[:length] in said), at)
    where = said[path].where if path in said else "settings"
    raise SetUpError(f'{where}: "{".".join(at)}" is not right: {first["msg"]}. docs/guide/reference.md says what it takes.')
