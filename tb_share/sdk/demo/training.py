"""Trains the demo's classifiers, each into its own directory with train and validation curves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tb_share.sdk.demo.classifier import Classifier, Parameters, Score
from tb_share.sdk.demo.confusion_matrix import drawn
from tb_share.sdk.demo.event_log import EventLog
from tb_share.sdk.demo.landscapes import SIZE, TURNS, Examples, examples

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONFIGURATIONS: Final[Mapping[str, Parameters]] = MappingProxyType(
    {
        "small_lr3e-3": Parameters(hidden_units=16, learning_rate=3e-3, batch_size=32),
        "small_lr1e-2": Parameters(hidden_units=16, learning_rate=1e-2, batch_size=32),
        "wide_lr1e-2": Parameters(hidden_units=64, learning_rate=1e-2, batch_size=32),
        "wide_lr1e-2_dropout": Parameters(hidden_units=64, learning_rate=1e-2, batch_size=32, dropout=0.4),
        "wide_lr1e-2_bs128_decay": Parameters(hidden_units=64, learning_rate=1e-2, batch_size=128, weight_decay=3e-3),
        "wide_lr1_too_fast": Parameters(hidden_units=64, learning_rate=1.0, batch_size=128),
    }
)
EPOCHS: Final = 24
_TRAINING: Final = 1600
_VALIDATION: Final = 400
_DRAW_EVERY: Final = 8


class Data:
    """The pictures to learn from and those to be judged by; the same for every run."""

    def __init__(self) -> None:
        self.training: Examples = examples(_TRAINING, seed=1)
        self.validation: Examples = examples(_VALIDATION, seed=2)


class Run:
    """One training and its three directories of events: the run's own, ``train`` and ``validation``."""

    def __init__(self, directory: Path, parameters: Parameters, data: Data) -> None:
        self._data = data
        self._parameters = parameters
        self._classifier = Classifier(SIZE * SIZE, parameters)
        self._own, self._train, self._validation = (EventLog(directory / part) for part in (".", "train", "validation"))
        self._own.parameters(asdict(parameters), group=directory.name)
        self._own.text("description", f"Which of {len(TURNS)} ways round is this landscape? {_TRAINING} pictures, made by code.")
        self._own.flush()

    def epoch(self, number: int) -> None:
        """Train once on everything and write how it went."""
        self._classifier.train_epoch(self._data.training)
        _write(self._train, self._classifier.score(self._data.training), number)
        self._train.scalars({"epoch_learning_rate": self._parameters.learning_rate}, number)
        _write(self._validation, self._classifier.score(self._data.validation), number)
        if number % _DRAW_EVERY == _DRAW_EVERY - 1:
            self._validation.image("confusion_matrix", drawn(self.confusion(), TURNS), number)
        self._train.flush()
        self._validation.flush()

    def confusion(self) -> NDArray[np.intp]:
        """Of the validation pictures."""
        return self._classifier.confusion(self._data.validation)

    def end(self) -> None:
        """It is done."""
        self._own.end()
        self.close()

    def close(self) -> None:
        """Close the files; without ``end`` before, it looks as if it had been killed."""
        for log in (self._own, self._train, self._validation):
            log.close()


def train_missing(logdir: Path, workplace: Path, say: Callable[[str], None]) -> int:
    """Train every configuration that ``logdir`` lacks, in ``workplace``, and move it there when done. How many there were."""
    missing = [name for name in CONFIGURATIONS if not (logdir / name).is_dir()]
    data = Data() if missing else None
    for number, name in enumerate(missing, 1):
        say(f"Training {name} ({number} of {len(missing)})")
        shutil.rmtree(workplace / name, ignore_errors=True)
        run = Run(workplace / name, CONFIGURATIONS[name], data or Data())
        for epoch in range(EPOCHS):
            run.epoch(epoch)
        run.end()
        logdir.mkdir(parents=True, exist_ok=True)
        (workplace / name).rename(logdir / name)
    return len(missing)


def _write(log: EventLog, score: Score, step: int) -> None:
    log.scalars({"epoch_loss": score.loss, "epoch_accuracy": score.accuracy}, step)
