"""``tb-share serve``."""

from __future__ import annotations

from pathlib import Path

import click

from tb_share.cli.options import data_options, load_settings


@click.command()
@click.option("--logdir", multiple=True, metavar="[NAME=]DIR", help="Serve a TensorBoard over this directory. Repeatable.")
@click.option("--upstream", multiple=True, metavar="[NAME=]URL", help="Stand in front of a running TensorBoard. Repeatable.")
@click.option("--host", metavar="HOST", help="Address to listen on. Default: 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", help="Port to listen on; 0 takes a free one. Default: 6080.")
@click.option("--public-url", metavar="URL", help="What people type, as https://tb.example.org. Default: http://HOST:PORT.")
@click.option("--content-url", metavar="URL", help="A second host name that TensorBoard's pages are shown under. Default: the public one.")
@click.option("--insecure-http", is_flag=True, help="Allow plain http where others can reach it.")
@click.option("--open", "open_browser", is_flag=True, help="Open the sign-in address in a browser.")
@data_options
def serve(config: str | None, open_browser: bool, **flags: object) -> None:
    """Serve TensorBoard behind sign-in, with roles and share links.

    \b
    tb-share serve --logdir logs
    tb-share serve --logdir vision=/data/vision --upstream nlp=http://127.0.0.1:6006
    """  # noqa: D301 - \b is click's
    from tb_share.cli.serving import Manner
    from tb_share.cli.serving import serve as run

    loaded = load_settings(config, **flags)
    run(loaded.settings, Manner(config=None if loaded.config is None else Path(loaded.config), open_browser=open_browser, say=_say))


def _say(line: str) -> None:
    print(line, flush=True)
