"""``tb-share doctor``: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import sys

import click

from tb_share.cli.options import data_options

_MARKS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command()
@data_options
def doctor(config: str | None, data: str | None) -> None:
    """Check this installation and say what to fix. Exit code 1 if something is wrong."""
    from tb_share.cli.examination import examine

    wrong = False
    for finding in examine(config, data):
        wrong = wrong or finding.verdict == "wrong"
        click.echo(f"{_MARKS[finding.verdict]}  {finding.text}")
        if finding.remedy:
            click.echo(f"       {finding.remedy}")
    sys.exit(1 if wrong else 0)
