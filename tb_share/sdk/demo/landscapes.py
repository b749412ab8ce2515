"""Small landscapes made by code, some of them turned. Everything is decided by the seed."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 20
TURNS: Final = ("upright", "left", "upside down", "right")
"""The classes: by how many quarter turns."""
_NIGHTS: Final = 0.35
_NOISE: Final = 0.22

Array = NDArray[np.float64]


class Examples(NamedTuple):
    """One picture a row, its pixels from 0 to about 1, and how often it was turned."""

    pictures: Array
    turns: NDArray[np.intp]


def examples(count: int, seed: int) -> Examples:
    """``count`` pictures, turned evenly often."""
    chance = np.random.default_rng(seed)
    turns = np.arange(count) % len(TURNS)
    pictures = np.stack([np.rot90(_landscape(chance), int(turn)).ravel() for turn in turns])
    order = chance.permutation(count)
    return Examples(pictures[order], turns[order])


def _landscape(chance: np.random.Generator) -> Array:
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    horizon = chance.uniform(0.35, 0.65) + 0.12 * np.sin(columns * chance.uniform(3, 9) + chance.uniform(0, 6))
    night = chance.random() < _NIGHTS
    # By day the sky is bright above, by night it is darker than the ground: brightness alone does not tell what is up.
    sky = 0.15 + 0.15 * rows if night else 0.95 - 0.35 * rows
    ground = 0.40 + 0.15 * np.sin(columns * 14 + rows * 22) * chance.uniform(0.3, 1)
    picture = np.where(rows < horizon, sky, ground)
    across, down = chance.uniform(0.15, 0.85), chance.uniform(0.08, 0.3)
    picture = np.where((columns - across) ** 2 + (rows - down) ** 2 < chance.uniform(0.004, 0.012), 1.0, picture)
    return np.asarray(picture + chance.normal(0, _NOISE, (SIZE, SIZE)))
