"""``tb-share link``: create, list and revoke share links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tb_share.cli.options import data_options, project_option
from tb_share.errors import NotFound, SetUpError

if TYPE_CHECKING:
    from pathlib import Path

    from tb_share.model.experiment import Experiment
    from tb_share.model.project import Project
    from tb_share.model.share_link import Scope


@click.group()
def link() -> None:
    """Create, list and revoke share links."""


@link.command("create")
@click.option(
    "--experiment", "experiments", multiple=True, metavar="ID", help="Share this experiment, by id or name, and no others. Repeatable."
)
@click.option("--view", default="", metavar="URL", help="Open this view: what follows TensorBoard's address, from ? or # on, or all of it.")
@click.option("--expires", default=None, metavar="TIME", help="As 12h or 7d. Default: 7d.")
@click.option("--max-uses", type=click.IntRange(1), metavar="N", help="How often it can be opened. Default: any number of times.")
@click.option("--label", default="", metavar="TEXT", help="For whom; members see it in the list.")
@click.option("--email", "emails", multiple=True, metavar="EMAIL", help="Only for whoever signed in with this address. Repeatable.")
@click.option("--passcode", is_flag=True, help="Ask for a passcode, which whoever opens the link must know.")
@click.option("--download", is_flag=True, help="Data can be fetched as files.")
@project_option
@data_options
def create(  # noqa: PLR0913, PLR0917 - one for each option
    experiments: tuple[str, ...],
    view: str,
    expires: str | None,
    max_uses: int | None,
    label: str,
    emails: tuple[str, ...],
    passcode: bool,
    download: bool,
    project: str | None,
    config: str | None,
    data: str | None,
) -> None:
    """Print a share link; its address is shown only now."""
    from tb_share.cli.durations import seconds
    from tb_share.cli.workspace import open_workspace
    from tb_share.operations import links

    workspace = open_workspace(config, data)
    where = workspace.project(project)
    expires_in_s = None if expires is None else seconds(expires)
    new = links.NewLink(
        _scope(where, experiments, workspace.desk.settings.tensorboard.follow_links_to),
        _view(view, where.id),
        label,
        expires_in_s,
        max_uses,
        # Typed or piped in, never an option: options stand in `ps` and in the shell's history.
        click.prompt("Passcode", hide_input=True, err=True) if passcode else None,
        emails,
        download,
    )
    created = links.create(workspace.desk, where, workspace.owner, new)
    click.echo(f"{workspace.public_url}/s/{created.token}")


@link.command("list")
@project_option
@data_options
def list_links(project: str | None, config: str | None, data: str | None) -> None:
    """List the links of a project."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.model.share_link import ChosenExperiments
    from tb_share.operations import links

    workspace = open_workspace(config, data)
    now = workspace.desk.now()
    rows = [("ID", "STATE", "SHOWS", "OPENED", "UNTIL (UTC)", "BY", "LABEL")]
    for each in links.list_links(workspace.desk, workspace.project(project)):
        shows = f"{len(each.scope.ids)} experiments" if isinstance(each.scope, ChosenExperiments) else "whole project"
        opened = f"{each.uses}" if each.max_uses is None else f"{each.uses} of {each.max_uses}"
        rows.append((each.id, each.state(now).value, shows, opened, f"{each.expires_at:%Y-%m-%d %H:%M}", each.created_by_name, each.label))
    click.echo(in_columns(rows))


@link.command("revoke")
@click.argument("link_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every link of the project.")
@project_option
@data_options
def revoke(link_id: str | None, everything: bool, project: str | None, config: str | None, data: str | None) -> None:
    """End a link at once, for those who opened it as well."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.operations import links

    if (link_id is None) == (not everything):
        raise SetUpError("Say which link: its ID, as tb-share link list shows it, or --all.")
    workspace = open_workspace(config, data)
    where = workspace.project(project)
    if link_id is None:
        click.echo(f"{links.revoke_all(workspace.desk, where, workspace.owner)} links revoked")
        return
    try:
        links.revoke(workspace.desk, where, workspace.owner, link_id)
    except NotFound:
        raise SetUpError(f'There is no link "{link_id}" in {where.id}. tb-share link list shows those there are.') from None


def _scope(project: Project, wanted: tuple[str, ...], follow_links_to: tuple[Path, ...]) -> Scope:
    from pathlib import Path

    from tb_share.logdir.catalogue import Catalogue
    from tb_share.model.project import Managed
    from tb_share.model.share_link import ChosenExperiments, WholeProject

    if not wanted:
        return WholeProject()
    if not isinstance(project.source, Managed):
        return ChosenExperiments(wanted)
    known = Catalogue.scan(Path(project.source.logdir), follow_links_to).experiments
    return ChosenExperiments(tuple(dict.fromkeys(_id_of(each, known, project.source.logdir) for each in wanted)))


def _id_of(wanted: str, known: tuple[Experiment, ...], logdir: str) -> str:
    found = [each.id for each in known if each.id == wanted] or [each.id for each in known if each.name == wanted]
    if not found:
        raise SetUpError(f'There is no experiment "{wanted}" in {logdir}. The Experiments tab shows names and ids.')
    if len(found) > 1:
        raise SetUpError(f'Several experiments are called "{wanted}". Use one of these ids: {", ".join(found)}.')
    return found[0]


def _view(text: str, project_id: str) -> str:
    """From the first ? or # on; people paste whole addresses."""
    address, view = _parted(text)
    if text and not view:
        raise SetUpError("--view has neither ? nor #. Copy TensorBoard's whole address from the browser.")
    if address and not address.endswith(f"/p/{project_id}/"):
        raise SetUpError(f"--view shows another page than the TensorBoard of {project_id}. Copy the address from there.")
    return view


def _parted(text: str) -> tuple[str, str]:
    start = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
    return text[:start], text[start:]
