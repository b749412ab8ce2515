"""``tb-share member``: invite, list, change and remove members of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tb_share.cli.options import data_options, project_option
from tb_share.errors import SetUpError

if TYPE_CHECKING:
    from tb_share.cli.workspace import Workspace
    from tb_share.model.project import Project

_ROLES = click.Choice(["viewer", "contributor", "owner"])


@click.group()
def member() -> None:
    """Invite, list, change and remove members."""


@member.command("add")
@click.argument("email")
@click.option("--role", type=_ROLES, default="viewer", show_default=True, help="What the member may do.")
@project_option
@data_options
def add(email: str, role: str, project: str | None, config: str | None, data: str | None) -> None:
    """Print a one-time address that makes whoever opens it a member. Send it to EMAIL."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.model.project import Role
    from tb_share.operations import mail, members

    workspace = open_workspace(config, data)
    where = workspace.project(project)
    url = f"{workspace.public_url}/login/{members.invite(workspace.desk, where, workspace.owner, email, Role(role))}"
    click.echo(url)
    match mail.invitation(workspace.desk.settings.mail, email.strip(), where, Role(role), url):
        case True:
            click.echo(f"It was mailed to {email.strip()}.", err=True)
        case False:
            click.echo("The mail server did not take it: send the address yourself, and look at [mail] in the settings.", err=True)


@member.command("list")
@project_option
@data_options
def list_members(project: str | None, config: str | None, data: str | None) -> None:
    """List members and open invitations."""
    from tb_share.cli.workspace import in_columns, open_workspace
    from tb_share.operations import members

    workspace = open_workspace(config, data)
    where = workspace.project(project)
    rows = [("NAME", "ROLE", "SINCE")]
    rows += [(each.name, each.role.value, f"{each.added_at:%Y-%m-%d}") for each in members.list_members(workspace.desk, where)]
    rows += [(each.name, each.role.value, f"by {each.way}") for each in members.list_others(workspace.desk, where)]
    rows += [
        (each.email, each.role.value, f"invited until {each.expires_at:%Y-%m-%d %H:%M} UTC")
        for each in members.list_invitations(workspace.desk, where)
    ]
    click.echo(in_columns(rows))


@member.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@project_option
@data_options
def role(name: str, role: str, project: str | None, config: str | None, data: str | None) -> None:
    """Give a member another role, at once."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.model.project import Role
    from tb_share.operations import members

    workspace = open_workspace(config, data)
    where = workspace.project(project)
    members.change_role(workspace.desk, where, workspace.owner, _user_id(workspace, where, name), Role(role))


@member.command("remove")
@click.argument("name")
@project_option
@data_options
def remove(name: str, project: str | None, config: str | None, data: str | None) -> None:
    """Take a member out, at once."""
    from tb_share.cli.workspace import open_workspace
    from tb_share.operations import members

    workspace = open_workspace(config, data)
    where = workspace.project(project)
    members.remove(workspace.desk, where, workspace.owner, _user_id(workspace, where, name))


def _user_id(workspace: Workspace, project: Project, name: str) -> str:
    from tb_share.operations import members

    found = [each for each in members.list_members(workspace.desk, project) if name in (each.user_id, each.name, each.email)]
    if len(found) == 1:
        return found[0].user_id
    if not found:
        raise SetUpError(f'There is no member "{name}" in {project.id}. tb-share member list shows who is.')
    raise SetUpError(f'Several members are called "{name}". Use one of these ids: {", ".join(each.user_id for each in found)}.')
