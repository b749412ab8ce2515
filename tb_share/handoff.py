"""The signed note with which the gateway tells a TensorBoard host who is calling and what they may see (S-HOST-1).

The key is the host's own, made anew at each of its starts: a host that a hostile event file took over can forge notes for nobody but
itself. Knows nothing of HTTP beyond the header's name.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final

from tb_share.model.share_link import ChosenExperiments, Scope, WholeProject
from tb_share.signing import Purpose, Signer

HEADER: Final = "X-TB-Share-Handoff"
NOTE_KEY: Final = "tb_share.note"
"""Under which a host keeps the verified note of a request; clients cannot set it, since what they send begins with HTTP_."""
LIFE_S: Final = 60
"""How long a note is good. It travels between two processes of one machine."""
MAX_LENGTH: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Note:
    """What a host learns about a request."""

    project_id: str
    caller_kind: str
    """``member``, ``link``, or ``stranger`` in a project that is open to anybody."""
    caller_id: str
    caller_name: str
    role: str | None
    may: tuple[str, ...]
    """The actions that the panel may offer, for its buttons only: the gateway decides again."""
    scope: Scope
    foreign_plugins: bool
    """Whether plugins that read the disk themselves may answer (S-FILE-9)."""
    expires_at: float
    """Unix seconds."""
    files: bool = False
    """Whether files that lie beside the logs may be seen."""
    portal: str = ""
    """Where the project's page is, if that is on another origin than TensorBoard's pages."""


def write(note: Note, key: str) -> str:
    """The header's value."""
    payload = asdict(note)
    payload["scope"] = list(note.scope.ids) if isinstance(note.scope, ChosenExperiments) else None
    return _signer(key).sign(payload)


def read(value: str, key: str, project_id: str, now: float) -> Note | None:
    """The note, or None if it is forged, expired, from the future or for another project."""
    payload = _signer(key).read(value, MAX_LENGTH)
    if not isinstance(payload, dict) or payload.get("project_id") != project_id:
        return None
    if not now < payload["expires_at"] <= now + LIFE_S + 1:
        return None
    ids = payload["scope"]
    scope: Scope = WholeProject() if ids is None else ChosenExperiments(tuple(ids))
    return Note(**{**payload, "scope": scope, "may": tuple(payload["may"])})


def introduction(note: Note) -> dict[str, object]:
    """What the panel is told of the gateway in front of it: who is asking, and where it can write what they say."""
    return {
        "api": f"/api/v1/projects/{note.project_id}",
        "project": note.project_id,
        "caller": {"kind": note.caller_kind, "id": note.caller_id, "name": note.caller_name, "role": note.role},
        "may": list(note.may),
        "portal": note.portal,
    }


def fingerprint(note: Note) -> str:
    """What the answer may depend on: part of every cache key (S-RESP-2)."""
    scope = list(note.scope.ids) if isinstance(note.scope, ChosenExperiments) else None
    return json.dumps([note.project_id, scope, note.foreign_plugins])


@lru_cache(maxsize=64)
def _signer(key: str) -> Signer:
    """Every request to a host is checked with the same key."""
    return Signer([key], Purpose.HANDOFF)
