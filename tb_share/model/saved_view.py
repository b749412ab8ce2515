"""A saved view: how somebody looked at the experiments, under a name. Private, or shared with the project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unicodedata import category

MAX_KEYS: Final = 40
MAX_STATE: Final = 16_000
"""Characters, keys and values together."""
_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class SavedView:
    """``state`` is the panel's part of an address, key by key; only the panel knows what it means."""

    id: str
    name: str
    state: Mapping[str, str]
    shared: bool
    is_default: bool
    """The project opens with it. Only a shared one can be."""
    author_id: str
    author: str
    updated_at: datetime
    deleted_at: datetime | None = None
    """It can be brought back for a while."""
    version: int = 1


def is_state(state: Mapping[str, str]) -> bool:
    """Whether this can be a view's: few short words as keys, printable values, not much in all."""
    size = sum(len(key) + len(value) for key, value in state.items())
    return len(state) <= MAX_KEYS and size <= MAX_STATE and all(_KEY.fullmatch(key) and _is_line(value) for key, value in state.items())


def _is_line(text: str) -> bool:
    """Python counts spaces that are not ASCII's, as Japanese keyboards write them, among what cannot be printed."""
    return all(char.isprintable() or category(char) == "Zs" for char in text)
