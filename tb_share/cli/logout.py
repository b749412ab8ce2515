"""``tb-share logout``: forget the token for a server."""

from __future__ import annotations

import click


@click.command()
@click.argument("url")
def logout(url: str) -> None:
    """Forget this machine's token for the server at URL."""
    from tb_share.cli.remote import keep_token, remote

    server = remote(url)
    keep_token(server.url, None)
    click.echo(f"Forgotten. To end it everywhere, revoke it at {server.url}/account.")
