"""``tb-share token``: API tokens of the administrator, for programs on other machines."""

from __future__ import annotations

import click

from tb_share.cli.options import data_options

_SCOPES = click.Choice(["read", "write", "admin"])


@click.group()
def token() -> None:
    """Create, list and revoke API tokens."""


@token.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=_SCOPES, default=("read",), show_default=True, help="What it may do. Repeatable.")
@click.option("--project", "projects", multiple=True, metavar="NAME", help="Only in this project. Repeatable. Default: in all.")
@click.option("--expires", default=None, metavar="TIME", help="As 12h or 7d. Default: 90d.")
@data_options
def create(
    name: str, scopes: tuple[str, ...], projects: tuple[str, ...], expires: str | None, config: str | None, data: str | None
) -> None:
    """Print a token that acts for the administrator; it is shown only now. NAME says what it is for."""
    from tb_share.cli.durations import seconds
    from tb_share.cli.workspace import open_workspace
    from tb_share.model.api_token import TokenScope
    from tb_share.operations import tokens

    workspace = open_workspace(config, data)
    expires_in_s = None if expires is None else seconds(expires)
    new = tokens.NewToken(name, frozenset(map(TokenScope, scopes)), projects or None, expires_in_s)
    click.echo(tokens.create(workspace.desk, workspace.owner, new).secret)


@token.command("list")
@data_options
def list_tokens(config: str | None, data: str | None) -> None:
    """List the administrator's tokens, without their secrets."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.operations import tokens

    workspace = open_workspace(config, data)
    ids, now = tokens.project_ids(workspace.desk), workspace.desk.now()
    rows = [("ID", "NAME", "SCOPES", "PROJECTS", "EXPIRES", "LAST USED", "STATE")]
    rows += [
        (
            each.id,
            each.name,
            ",".join(sorted(each.scopes)),
            "all" if each.projects is None else ",".join(sorted(ids[uid] for uid in each.projects if uid in ids)),
            f"{each.expires_at:%Y-%m-%d %H:%M} UTC",
            "never" if each.last_used_at is None else f"{each.last_used_at:%Y-%m-%d %H:%M} UTC",
            "active" if each.is_good(now) else "revoked" if each.revoked_at else "expired",
        )
        for each in tokens.list_tokens(workspace.desk, workspace.owner)
    ]
    click.echo(in_columns(rows))


@token.command("revoke")
@click.argument("token_id", metavar="ID")
@data_options
def revoke(token_id: str, config: str | None, data: str | None) -> None:
    """End one of the administrator's tokens at once."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.errors import NotFound, SetUpError
    from tb_share.operations import tokens

    workspace = open_workspace(config, data)
    try:
        tokens.revoke(workspace.desk, workspace.owner, token_id)
    except NotFound:
        raise SetUpError(f'There is no token "{token_id}". tb-share token list shows those there are.') from None
