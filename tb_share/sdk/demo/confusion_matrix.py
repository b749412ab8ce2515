"""Draws a confusion matrix: the darker, the more often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CELL: Final = 72
_MARGIN: Final = 96
_PALE: Final = (239, 243, 250)
_DARK: Final = (23, 62, 120)
_INK: Final = (32, 33, 36)
_WHITE: Final = (255, 255, 255)


def drawn(counts: NDArray[np.intp], names: Sequence[str]) -> Image.Image:
    """A picture with truth downwards and guesses across."""
    side = _MARGIN + _CELL * len(names) + 8
    picture = Image.new("RGB", (side, side), _WHITE)
    draw = ImageDraw.Draw(picture)
    draw.text((8, 8), "truth v  guess >", _INK)
    for row, name in enumerate(names):
        draw.text((8, _MARGIN + _CELL * row + _CELL // 2), name, _INK, anchor="lm")
        draw.text((_MARGIN + _CELL * row + _CELL // 2, _MARGIN - 12), name, _INK, anchor="ms")
        total = max(int(counts[row].sum()), 1)
        for column in range(len(names)):
            _draw_cell(draw, row, column, int(counts[row, column]), int(counts[row, column]) / total)
    return picture


def _draw_cell(draw: ImageDraw.ImageDraw, row: int, column: int, count: int, share: float) -> None:
    left, top = _MARGIN + _CELL * column, _MARGIN + _CELL * row
    colour = tuple(round(pale + (dark - pale) * share) for pale, dark in zip(_PALE, _DARK, strict=True))
    draw.rectangle((left, top, left + _CELL - 3, top + _CELL - 3), fill=colour)
    draw.text((left + _CELL // 2, top + _CELL // 2), str(count), _WHITE if share > 0.5 else _INK, anchor="mm")  # noqa: PLR2004 - half
