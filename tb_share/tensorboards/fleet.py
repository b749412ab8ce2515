"""The interface to wherever a project's TensorBoard runs: this machine's child processes now, pods when a team outgrows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ready:
    """The host answers HTTP on this Unix socket; notes for it are signed with this key."""

    socket: str
    handoff_key: str
    generation: str
    """Changes with every start of the host."""


@dataclass(frozen=True, slots=True)
class Starting:
    """Not yet; ask again in a second."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be started; ``reason`` is for the log and for owners, never for visitors."""

    reason: str


HostState = Ready | Starting | Failed


class Fleet(Protocol):
    """Starts hosts on demand and keeps them while they are used."""

    def ensure(self, project_id: str) -> HostState:
        """The state of this project's host, starting it if need be. Counts as use. Never waits for a start."""
        ...

    def lost(self, project_id: str, generation: str) -> None:
        """The caller could not reach the host of this generation: look at it at once."""
        ...
