"""``tb-share audit``: read the audit log, and prove that nobody has changed it."""

from __future__ import annotations

import csv
import re
import sys

import click

from tb_share.cli.options import data_options, project_option
from tb_share.errors import SetUpError

_HASH = re.compile(r"[0-9a-f]{64}")


@click.group()
def audit() -> None:
    """Read the audit log, and prove that nobody has changed it."""


@audit.command("verify")
@click.option("--known", metavar="HASH", help="The newest hash of an earlier look: it must still be in the chain.")
@data_options
def verify(known: str | None, config: str | None, data: str | None) -> None:
    """Look at every entry. Exit code 1 if one was changed, removed or re-ordered."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.operations import audit_log

    if known is not None and not _HASH.fullmatch(known):
        raise SetUpError(f'"{known[:80]}" is no hash. Write the 64 characters that an earlier audit verify printed.')
    verdict = audit_log.verify(open_workspace(config, data).desk, known)
    if verdict.broken_at is not None:
        click.echo(f"BROKEN at entry {verdict.broken_at}: it, or one before it, is not what was written. Compare with a backup.")
        sys.exit(1)
    if not verdict.seen:
        click.echo(
            "BROKEN: the known hash is not in the chain any more. Entries were cut off, or all were written anew. Compare with a backup."
        )
        sys.exit(1)
    click.echo(f"{verdict.rows} entries, each as it was written. Keep the newest hash somewhere else, for --known next time:")
    click.echo(verdict.newest)


@audit.command("list")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@project_option
@data_options
def list_entries(as_csv: bool, project: str | None, config: str | None, data: str | None) -> None:
    """List who did what, the oldest first: of everything, or of one project."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.operations import audit_log
    from tb_share.store.audit import Which

    workspace = open_workspace(config, data)
    where = None if project is None else workspace.project(project).id
    rows = [audit_log.COLUMNS, *map(audit_log.as_row, audit_log.entries(workspace.desk, Which(project_id=where)))]
    if as_csv:
        csv.writer(sys.stdout).writerows([[audit_log.plain(text) for text in row] for row in rows])
    else:
        click.echo(in_columns(rows))
