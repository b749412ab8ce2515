"""Where a request came from, for the audit log and the list of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """All that is kept of a request beside what it did. Empty words: somebody at the server's own command line."""

    address: str
    request_id: str
    client: str
    """What the browser or program calls itself."""


LOCAL: Final = Origin("", "", "")
