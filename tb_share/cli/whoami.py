"""``tb-share whoami``: as whom programs here act at a server, and what they reach."""

from __future__ import annotations

import click

from tb_share.errors import NotAllowed, SetUpError


@click.command()
@click.argument("url")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Believe this authority's certificates.")
def whoami(url: str, ca_file: str | None) -> None:
    """Say as whom programs on this machine act at the server at URL, and which projects they reach."""
    from tb_share.cli.remote import remote
    from tb_share.sdk.server import kept_tokens

    server = remote(url, ca_file)
    token = kept_tokens().get(server.url)
    if token is None:
        raise SetUpError(f"No token for {server.url} is kept here. Run: tb-share login {server.url}")
    me = server.ask("GET", "/api/v1/me", token=token)
    if me.status != 200:  # noqa: PLR2004 - fine
        raise NotAllowed(f"The token that is kept here opens nothing any more. Run: tb-share login {server.url}")
    projects = server.ask("GET", "/api/v1/projects", token=token).body["projects"]
    click.echo(f"{me.body['name']} at {server.url}")
    for each in projects:
        click.echo(f"  {each['id']}: {each['role'] or each['visibility']}")
