"""What files beside the events say: parameters, the id in a sidecar."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tb_share.logdir import parameters
from tb_share.logdir.layout import SIDECAR_FILE, Aside
from tb_share.model.experiment import ParameterValue

_ID: Final = re.compile(r"[A-Za-z0-9_-]{4,64}")
_MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Beside:
    """What one file says."""

    name: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    warning: str | None = None
    id: str | None = None
    """Of the experiment, from a sidecar."""

    @property
    def is_sidecar(self) -> bool:
        """Whether its directory is an experiment for that alone."""
        return self.name == SIDECAR_FILE


def read(aside: Aside) -> Beside:
    """Read it; what cannot be understood is a warning."""
    if aside.name == SIDECAR_FILE:
        return Beside(aside.name, id=_id(aside))
    found, warning = parameters.read_file(aside.path)
    return Beside(aside.name, found, warning)


def _id(aside: Aside) -> str | None:
    if aside.stamp[0] > _MAX_BYTES:
        return None
    try:
        content = json.loads(aside.path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else None
