"""Measures two sides in pairs, in turning order, and says only how they compare: the machine's mood hits both."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from tb_share.tensorboards.host.response_cache import FRESH_S

Measure = Callable[[], dict[str, float]]
"""Takes one measurement; names to figures, units in the names."""
_PAUSE_S = FRESH_S + 0.5
"""Before each measurement, on both sides: no answer of the last one is remembered any more."""


@dataclass(frozen=True)
class Compared:
    """Figures of both sides, pair by pair."""

    name: str
    stock: tuple[float, ...]
    ours: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """Ours to stock's, pair by pair; below one we need less."""
        return [mine / theirs for theirs, mine in zip(self.stock, self.ours, strict=True) if theirs]

    @property
    def differences(self) -> list[float]:
        """Ours less stock's, pair by pair."""
        return [mine - theirs for theirs, mine in zip(self.stock, self.ours, strict=True)]

    def line(self) -> str:
        """For people: the median of the ratios, their spread, and the first pair's, which was the coldest."""
        ratios = self.ratios
        if not ratios:
            return f"{self.name:<46} no ratio: stock needed nothing that could be measured"
        return f"{self.name:<46} {median(ratios):8.2f}   {min(ratios):6.2f} to {max(ratios):6.2f}   first {ratios[0]:6.2f}"


def compared(title: str, pairs: int, stock: Measure, ours: Measure) -> list[Compared]:
    """Measure in pairs: A B, B A, A B, and so on."""
    theirs, mine = [], []
    for turn in range(pairs):
        order = [(stock, theirs), (ours, mine)]
        for measure, kept in order if turn % 2 == 0 else reversed(order):
            time.sleep(_PAUSE_S)
            kept.append(measure())
    return [Compared(f"{title}, {name}", tuple(each[name] for each in theirs), tuple(each[name] for each in mine)) for name in theirs[0]]
