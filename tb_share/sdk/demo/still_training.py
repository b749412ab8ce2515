"""``python -m tb_share.sdk.demo.still_training LOGDIR``: one more training, slow enough to be watched.

Ends by itself after some minutes, and at once when its standard input closes, that is, with whoever started it.
"""

from __future__ import annotations

import select
import shutil
import sys
from pathlib import Path
from typing import Final

from tb_share.sdk.demo.classifier import Parameters
from tb_share.sdk.demo.training import Data, Run

NAME: Final = "wide_lr1e-3_still_training"
PARAMETERS: Final = Parameters(hidden_units=96, learning_rate=1e-3, batch_size=16, dropout=0.2)
EPOCHS: Final = 200
_EVERY_S: Final = 3.0


def train_slowly(logdir: Path, epochs: int, every_s: float) -> None:
    """Begin anew, and add an epoch every few seconds."""
    shutil.rmtree(logdir / NAME, ignore_errors=True)
    run = Run(logdir / NAME, PARAMETERS, Data())
    for epoch in range(epochs):
        run.epoch(epoch)
        if _is_left_alone(every_s):
            run.close()
            return
    run.end()


def _is_left_alone(within_s: float) -> bool:
    readable, _, _ = select.select([sys.stdin], [], [], within_s)
    return bool(readable)


if __name__ == "__main__":
    train_slowly(Path(sys.argv[1]), EPOCHS, _EVERY_S)
