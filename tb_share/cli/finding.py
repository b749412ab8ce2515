"""What ``tb-share doctor`` found: an answer, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer; ``wrong`` needs something done, ``note`` is good to know."""

    verdict: Literal["good", "note", "wrong"]
    text: str
    remedy: str = ""
