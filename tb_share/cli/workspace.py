"""What the commands that change people's data start from: the database of a serve, and whose hand acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tb_share.cli import data_directory
from tb_share.cli.options import load_settings
from tb_share.errors import SetUpError

if TYPE_CHECKING:
    from tb_share.model.caller import Member
    from tb_share.model.project import Project
    from tb_share.operations.desk import Desk


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open desk; ``owner`` is the administrator, for whom whoever may read the data directory acts."""

    desk: Desk
    owner: Member
    public_url: str

    def project(self, name: str | None) -> Project:
        """The named project, or the only one.

        Raises:
            SetUpError: there is no such project, or several to choose from.
        """
        from tb_share.operations import projects

        known = {project.id: project for project in projects.everything(self.desk)}
        listed = ", ".join(known) or "none"
        if name is not None and name not in known:
            raise SetUpError(f'There is no project "{name}". There is: {listed}.')
        if name is None and len(known) != 1:
            raise SetUpError(f"Say which project with --project. There is: {listed}.")
        return known[name] if name is not None else next(iter(known.values()))


def open_workspace(config: str | None, data: str | None) -> Workspace:
    """Open the data of a serve, whether it runs just now or not.

    Raises:
        SetUpError: nothing was served from there yet.
    """
    from tb_share.operations import sign_in
    from tb_share.operations.desk import open_desk

    settings = load_settings(config, data=data).settings
    data_directory.existing(settings.data)
    said = data_directory.about(settings.data)
    # What the running serve was told counts; its flags are not ours.
    running = said is not None and data_directory.is_held(settings.data)
    public_url = (None if running else settings.public_url) or (said.public_url if said else f"http://{settings.host}:{settings.port}")
    desk = open_desk(settings)
    return Workspace(desk, sign_in.local_owner(desk), public_url.rstrip("/"))


def in_columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Lines with aligned columns; the first row is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows)
