"""Points of one series, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Points:
    """In the order in which they were written: step, Unix seconds, and the value, exact."""

    steps: NDArray[np.int64]
    walls: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Bytes held."""
        return int(self.steps.nbytes + self.walls.nbytes + self.values.nbytes)

    def stock_view(self) -> Points:
        """What TensorBoard shows: a step that is not greater than an earlier one puts that one, and all up to here, aside."""
        if len(self.steps) < 2:  # noqa: PLR2004 - two points can contradict each other
            return self
        following = np.minimum.accumulate(self.steps[::-1])[::-1]
        keep = np.append(self.steps[:-1] < following[1:], True)
        return self if keep.all() else Points(self.steps[keep], self.walls[keep], self.values[keep])


NO_POINTS: Final = Points(np.empty(0, np.int64), np.empty(0), np.empty(0))


def joined(parts: Sequence[Points]) -> Points:
    """One after the other."""
    if not parts:
        return NO_POINTS
    if len(parts) == 1:
        return parts[0]
    return Points(*(np.concatenate([getattr(each, name) for each in parts]) for name in ("steps", "walls", "values")))
