"""What a host is told when it starts: one line of JSON on its standard input, so that no secret stands in a command line."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tb_share.settings import TensorBoardSettings


class Specification(BaseModel):
    """One host: its project, what it reads, where it answers and whose notes it believes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_id: str
    logdir: Path
    index: Path
    """The directory of the project's index."""
    socket: Path
    handoff_key: str
    generation: str
    settings: TensorBoardSettings
    network: str = "shared"
