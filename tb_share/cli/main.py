"""``tb-share``: the commands, and the one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from tb_share.errors import SetUpError, ShareError

SET_UP_FAILED: Final = 2
FAILED: Final = 1

_COMMANDS: Final = {
    "serve": "Serve TensorBoard behind sign-in.",
    "demo": "Train a small classifier and serve its logs.",
    "project": "List projects.",
    "member": "Invite, list, change and remove members.",
    "link": "Create, list and revoke share links.",
    "token": "Create, list and revoke API tokens.",
    "service": "Add and list service accounts, and make tokens for them.",
    "login": "Let programs on this machine in at a server.",
    "whoami": "Say as whom programs on this machine act at a server.",
    "logout": "Forget this machine's token for a server.",
    "audit": "Read the audit log, and prove that nobody has changed it.",
    "doctor": "Check this installation and say what to fix.",
}


class _Commands(click.Group):
    """Imports a command's file when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """In the order of the table above."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click calls it
        """The command; every file has one of its own name."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"tb_share.cli.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as click calls it
        """Without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tb-share", prog_name="tb-share")
def tb_share() -> None:
    """The private front door of TensorBoard: sign-in, project roles and expiring share links."""


def main() -> None:
    """Run a command. Exit code 2: it could not start as told; 1: it was refused."""
    try:
        tb_share.main(prog_name="tb-share")
    except SetUpError as error:
        _fail(error, SET_UP_FAILED)
    except ShareError as error:
        _fail(error, FAILED)


def _fail(error: ShareError, code: int) -> None:
    sys.stdout.flush()
    click.echo(f"tb-share: {error.text}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
