"""``tb-share service``: accounts for programs, which nobody signs in with."""

from __future__ import annotations

import click

from tb_share.cli.options import data_options, project_option


@click.group()
def service() -> None:
    """Add and list service accounts, and make tokens for them."""


@service.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["viewer", "contributor"]), default="viewer", show_default=True, help="What it may do.")
@project_option
@data_options
def add(name: str, role: str, project: str | None, config: str | None, data: str | None) -> None:
    """Make an account for a program, with a role in a project."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.model.project import Role
    from tb_share.operations import people

    workspace = open_workspace(config, data)
    click.echo(people.add_service(workspace.desk, workspace.owner, name, workspace.project(project), Role(role)))


@service.command("token")
@click.argument("account", metavar="NAME")
@click.argument("purpose")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(["read", "write"]), default=("read",), show_default=True)
@click.option("--expires", default=None, metavar="TIME", help="As 12h or 7d. Default: 90d.")
@data_options
def make_token(account: str, purpose: str, scopes: tuple[str, ...], expires: str | None, config: str | None, data: str | None) -> None:
    """Print a token that acts for the service account NAME; it is shown only now. PURPOSE says what it is for."""
    from tb_share.cli.durations import seconds
    from tb_share.cli.workspace import open_workspace
    from tb_share.model.api_token import TokenScope
    from tb_share.operations import people, tokens

    workspace = open_workspace(config, data)
    new = tokens.NewToken(purpose, frozenset(map(TokenScope, scopes)), None, None if expires is None else seconds(expires))
    holder = people.service(workspace.desk, account)
    click.echo(tokens.create(workspace.desk, holder, new, maker=workspace.owner).secret)


@service.command("list")
@data_options
def list_accounts(config: str | None, data: str | None) -> None:
    """List service accounts. An administrator disables one in the portal, under Workspace."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.operations import people

    workspace = open_workspace(config, data)
    rows = [("ID", "NAME", "PROJECTS", "SINCE", "STATE")]
    rows += [
        (each.user_id, each.name, str(each.projects), f"{each.created_at:%Y-%m-%d}", "disabled" if each.disabled_at else "active")
        for each in people.everybody(workspace.desk)
        if each.is_service
    ]
    click.echo(in_columns(rows))
