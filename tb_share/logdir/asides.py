"""What files beside the events say: parameters, and in a sidecar (docs/guide/sidecar.md) also the id, and how training stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tb_share.logdir import parameters
from tb_share.logdir.layout import SIDECAR_FILE, Aside
from tb_share.logdir.regular_file import TooLarge, text_of
from tb_share.model.experiment import ParameterValue

_ID: Final = re.compile(r"[A-Za-z0-9_-]{4,64}")
_STATES: Final = frozenset({"running", "finished", "failed"})
_END_OF_TIME: Final = 1e11
_MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Beside:
    """What one file says."""

    name: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    warning: str | None = None
    id: str | None = None
    """Of the experiment, from a sidecar."""
    state: str | None = None
    """``running``, ``finished`` or ``failed``, from a sidecar."""
    heartbeat: float | None = None
    """When training last said that it lives, Unix seconds; never later than the sidecar was written, by whatever clock training goes."""

    @property
    def is_sidecar(self) -> bool:
        """Whether its directory is an experiment for that alone."""
        return self.name == SIDECAR_FILE


def read(aside: Aside) -> Beside:
    """Read it; what cannot be understood is a warning."""
    if aside.name == SIDECAR_FILE:
        return _sidecar(aside)
    found, warning = parameters.read_file(aside.path)
    return Beside(aside.name, found, warning)


def _sidecar(aside: Aside) -> Beside:
    _, modified_ns = aside.stamp
    try:
        content = json.loads(text_of(aside.path.parent.parent, aside.path.parts[-2:], _MAX_BYTES))
    except TooLarge:
        return Beside(aside.name, warning=f"{aside.name} is larger than {_MAX_BYTES // 1024} kB, so nothing is read from it.")
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return Beside(aside.name, warning=f"{aside.name} cannot be understood, so nothing is read from it.")
    id_, state, said = content.get("id"), content.get("state"), content.get("params")
    return Beside(
        aside.name,
        parameters.flatten(said) if isinstance(said, dict) else {},
        id=id_ if isinstance(id_, str) and _ID.fullmatch(id_) else None,
        state=state if isinstance(state, str) and state in _STATES else None,
        heartbeat=_moment(content.get("heartbeat"), modified_ns / 1e9),
    )


def _moment(value: Any, latest: float) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _END_OF_TIME
    return min(float(value), latest) if is_number else None
