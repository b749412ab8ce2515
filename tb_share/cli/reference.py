"""Writes ``docs/guide/reference.md`` from the code: ``python -m tb_share.cli.reference``. A test compares."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tb_share.cli.main import tb_share
from tb_share.model.caller import LinkVisitor
from tb_share.model.project import Role
from tb_share.policy.actions import WORKSPACE_ACTIONS, Action
from tb_share.policy.grants import CEILING, MAY, VIEWERS_MAY_TOO
from tb_share.settings import ProviderSettings, Settings


def written() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_settings(), *_roles(), *_commands()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Written from the code by `make docs`; a test fails when the two differ."


def _settings() -> Iterator[str]:
    yield ""
    yield "## Settings"
    yield ""
    yield "A setting is taken from the first place that has it: a flag, a `TB_SHARE_*` variable, `tb-share.toml`, the default. The file is"
    yield "`--config FILE` (or `TB_SHARE_CONFIG`), else `./tb-share.toml`, else `tb-share.toml` in the data directory. Unknown settings are refused."  # noqa: E501 - one line of the page
    yield "Lists in variables are written with commas, or as JSON."
    plain = {name: field for name, field in Settings.model_fields.items() if not isinstance(field.default, BaseModel)}
    yield from _table("", plain)
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            yield ""
            yield f"### `[{name}]`"
            yield ""
            yield inspect.getdoc(type(field.default)) or ""
            yield from _table(f"{name}__", type(field.default).model_fields)
    yield ""
    yield "### `[[provider]]`"
    yield ""
    yield f"{inspect.getdoc(ProviderSettings)} All in the file, or as a JSON list in `TB_SHARE_PROVIDER`."
    yield ""
    yield "| key | default | |"
    yield "|---|---|---|"
    for name, field in ProviderSettings.model_fields.items():
        yield f"| `{name}` | {_default(field)} | {_about(field)} |"


def _about(field: FieldInfo) -> str:
    return " ".join((field.description or "").split()).replace("|", "\\|")


def _table(prefix: str, fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield ""
    yield "| in the file | variable | default | |"
    yield "|---|---|---|---|"
    for name, field in fields.items():
        yield f"| `{name}` | `TB_SHARE_{(prefix + name).upper()}` | {_default(field)} | {_about(field)} |"


def _default(field: FieldInfo) -> str:
    default = field.default
    if field.default_factory is not None or field.is_required() or default in (None, "", (), {}):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _roles() -> Iterator[str]:
    yield ""
    yield "## Who may do what"
    yield ""
    yield "A workspace administrator, as the owner who signs in with the printed address is, owns every project. What is not listed is refused."  # noqa: E501 - one line of the page
    yield ""
    roles = [Role.OWNER, Role.CONTRIBUTOR, Role.VIEWER]
    yield "| action | " + " | ".join(roles) + " | share link |"
    yield "|---|---|---|---|---|"
    for action in Action:
        if action not in WORKSPACE_ACTIONS:
            marks = [_mark(action, role) for role in roles]
            yield f"| {action} | {' | '.join(marks)} | {'yes' if action in CEILING[LinkVisitor] else ''} |"


def _mark(action: Action, role: Role) -> str:
    if action in MAY[role]:
        return "yes"
    return "where owners allow it" if action in VIEWERS_MAY_TOO else ""


def _commands() -> Iterator[str]:
    yield ""
    yield "## Commands"
    for path, command in _walk(tb_share, ("tb-share",)):
        with click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100) as context:
            yield ""
            yield f"### `{' '.join(path)}`"
            yield ""
            yield "```"
            yield command.get_help(context).replace(str(Path.home()), "~")
            yield "```"


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _walk(inner, (*path, name))


if __name__ == "__main__":
    click.echo(written(), nl=False)
