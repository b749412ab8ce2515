"""``tb-share project``: the projects that were ever served from this data directory."""

from __future__ import annotations

import click

from tb_share.cli.options import data_options


@click.group()
def project() -> None:
    """List projects."""


@project.command("list")
@data_options
def list_projects(config: str | None, data: str | None) -> None:
    """List projects and where their logs are."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.model.project import Managed
    from tb_share.operations import projects

    found = projects.everything(open_workspace(config, data).desk)
    sources = [(each.id, each.source.logdir if isinstance(each.source, Managed) else each.source.url) for each in found]
    click.echo(in_columns([("PROJECT", "SOURCE"), *sources]))
