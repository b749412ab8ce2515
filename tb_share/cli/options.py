"""The options that several commands share, and the settings they lead to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tb_share.cli.settings_source import Loaded

_Command = TypeVar("_Command", bound=Callable[..., Any])


def data_options(command: _Command) -> _Command:
    """--data and --config."""
    data = click.option("--data", type=click.Path(), metavar="DIR", help="Keys, database and caches. Default: the user data directory.")
    config = click.option("--config", type=click.Path(), metavar="FILE", help="Default: ./tb-share.toml, else the one in --data.")
    return data(config(command))


project_option = click.option("--project", metavar="NAME", help="Which project; not needed while there is one.")


def load_settings(config: str | None, **flags: object) -> Loaded:
    """The settings of this command, from everywhere they may come from."""
    from tb_share.cli.settings_source import load

    return load(flags, os.environ, Path.cwd(), Path(config) if config else None)
