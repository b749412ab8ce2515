"""A share link: what it opens, for how long, and in which state it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class WholeProject:
    """Everything of the project that its TensorBoard shows."""


@dataclass(frozen=True, slots=True)
class ChosenExperiments:
    """These experiments, by id, and nothing else; an empty tuple is nothing at all."""

    ids: tuple[str, ...]


Scope = WholeProject | ChosenExperiments


class LinkState(StrEnum):
    """Only ACTIVE opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    USED_UP = "used_up"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A row of the links table, without its secret. All times are UTC and aware."""

    id: str
    project_uid: str
    scope: Scope
    view: str
    """TensorBoard's query and fragment, such as ``?smoothing=0.6#timeseries``; may be empty."""
    label: str
    created_by: str
    """User id of the creator: the link never grants more than this person has now."""
    created_by_name: str
    created_at: datetime
    expires_at: datetime
    max_uses: int | None
    uses: int
    last_used_at: datetime | None
    revoked_at: datetime | None
    has_passcode: bool = False
    emails: tuple[str, ...] = ()
    """Only people who signed in with one of these addresses; empty: whoever has the link."""
    download: bool = False
    """Whether TensorBoard's files of data may be fetched."""
    first_used_at: datetime | None = None

    def state(self, now: datetime) -> LinkState:
        """Whether somebody new may open it at ``now``. A visitor who is in stays in when it is merely used up."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if now >= self.expires_at:
            return LinkState.EXPIRED
        if self.max_uses is not None and self.uses >= self.max_uses:
            return LinkState.USED_UP
        return LinkState.ACTIVE

    def admits_visitor(self, now: datetime) -> bool:
        """Whether somebody who already opened it may go on reading."""
        return self.revoked_at is None and now < self.expires_at
