"""Durations as people type them: 90s, 30m, 12h, 7d, 2w."""

from __future__ import annotations

import re
from typing import Final

from tb_share.errors import SetUpError

_UNITS_S: Final = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600, "w": 7 * 24 * 3600}
_DURATION: Final = re.compile(r"([0-9]{1,6})([smhdw])")


def seconds(text: str) -> int:
    """How many seconds ``text`` is.

    Raises:
        SetUpError: it is no duration.
    """
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise SetUpError(f'"{text}" is no duration. Write a number and s, m, h, d or w, as 7d.')
    return int(found[1]) * _UNITS_S[found[2]]
