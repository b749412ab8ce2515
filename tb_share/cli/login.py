"""``tb-share login``: let this machine's programs in at a server, with a browser anywhere (RFC 8628)."""

from __future__ import annotations

import platform
import time
import webbrowser

import click

from tb_share.errors import NotAllowed


@click.command()
@click.argument("url")
@click.option("--name", default=None, metavar="TEXT", help="What the browser shows as asking. Default: this machine's name.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(["read", "write", "admin"]),
    default=("read",),
    show_default=True,
    help="What programs here may do. Repeatable.",
)
@click.option("--expires", default=None, metavar="TIME", help="As 12h or 7d. Default: what the server says, usually 90d.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Believe this authority's certificates.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser here.")
def login(url: str, name: str | None, scopes: tuple[str, ...], expires: str | None, ca_file: str | None, open_browser: bool) -> None:
    """Show a code; whoever is signed in at URL types it there, and a token is kept on this machine."""
    from tb_share.cli.durations import seconds
    from tb_share.cli.remote import keep_token, remote
    from tb_share.sdk.server import tokens_file

    server = remote(url, ca_file)
    wish = {
        "name": name or f"tb-share at {platform.node()}"[:100],
        "scopes": list(scopes),
        "expires_in_s": None if expires is None else seconds(expires),
    }
    begun = server.ask("POST", "/api/v1/device", wish)
    if begun.status != 201:  # noqa: PLR2004 - made
        raise NotAllowed(begun.text)
    click.echo(f"Open {begun.body['verification_uri']} and type this code:\n\n  {begun.body['user_code']}\n")
    if open_browser:
        webbrowser.open(begun.body["verification_uri"])
    pause_s = float(begun.body["interval"])
    until = time.monotonic() + float(begun.body["expires_in"])
    while time.monotonic() < until:
        time.sleep(pause_s)
        answer = server.ask("POST", "/api/v1/device/token", {"device_code": begun.body["device_code"]})
        if answer.status == 201:  # noqa: PLR2004 - made
            keep_token(server.url, answer.body["secret"])
            click.echo(f"Logged in at {server.url} until {answer.body['expires_at'][:10]}. The token is in {tokens_file()}.")
            return
        if answer.code == "slow_down":
            pause_s += 5
        elif answer.code != "authorization_pending":
            raise NotAllowed(answer.text)
    raise NotAllowed("Nobody let this machine in in time. Start tb-share login again.")
