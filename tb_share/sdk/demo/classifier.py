"""A network with one hidden layer, trained by gradient descent with momentum. NumPy only; knows nothing of logs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tb_share.sdk.demo.landscapes import TURNS, Array, Examples


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is tried out."""

    hidden_units: int
    learning_rate: float
    batch_size: int
    dropout: float = 0.0
    weight_decay: float = 0.0
    momentum: float = 0.9
    seed: int = 7


class Score(NamedTuple):
    """Mean cross entropy, and the share that was right."""

    loss: float
    accuracy: float


class Classifier:
    """Guesses how a picture is turned."""

    def __init__(self, inputs: int, parameters: Parameters) -> None:
        self.parameters = parameters
        self._chance = np.random.default_rng(parameters.seed)
        widths = ((inputs, parameters.hidden_units), (parameters.hidden_units, len(TURNS)))
        self._weights: list[Array] = [self._chance.normal(0, np.sqrt(2 / each[0]), each) for each in widths]
        self._biases: list[Array] = [np.zeros(each[1]) for each in widths]
        self._speeds: list[Array] = [np.zeros_like(each) for each in (*self._weights, *self._biases)]

    def train_epoch(self, data: Examples) -> None:
        """Look once at every example, in an order of its own."""
        for batch in self._batches(len(data.turns)):
            self._step(data.pictures[batch], data.turns[batch])

    def guesses(self, pictures: Array) -> Array:
        """How likely each turn is, a row a picture."""
        return _softmax(self._hidden(pictures) @ self._weights[1] + self._biases[1])

    def score(self, data: Examples) -> Score:
        """How well it does on ``data``."""
        likely = self.guesses(data.pictures)
        of_truth = likely[np.arange(len(data.turns)), data.turns]
        return Score(float(-np.log(of_truth + 1e-12).mean()), float((likely.argmax(1) == data.turns).mean()))

    def confusion(self, data: Examples) -> NDArray[np.intp]:
        """How often turn ``row`` was taken for turn ``column``."""
        counts = np.zeros((len(TURNS), len(TURNS)), np.intp)
        np.add.at(counts, (data.turns, self.guesses(data.pictures).argmax(1)), 1)
        return counts

    def _batches(self, count: int) -> Iterator[NDArray[np.intp]]:
        order = self._chance.permutation(count)
        for start in range(0, count, self.parameters.batch_size):
            yield order[start : start + self.parameters.batch_size]

    def _hidden(self, pictures: Array) -> Array:
        return np.maximum(pictures @ self._weights[0] + self._biases[0], 0)

    def _step(self, pictures: Array, turns: NDArray[np.intp]) -> None:
        hidden = self._hidden(pictures)
        if self.parameters.dropout:
            kept = self._chance.random(hidden.shape) >= self.parameters.dropout
            hidden = hidden * kept / (1 - self.parameters.dropout)
        error = _softmax(hidden @ self._weights[1] + self._biases[1])
        error[np.arange(len(turns)), turns] -= 1
        error /= len(turns)
        below = (error @ self._weights[1].T) * (hidden > 0)
        slopes = (pictures.T @ below, hidden.T @ error, below.sum(0), error.sum(0))
        for place, (values, slope) in enumerate(zip((*self._weights, *self._biases), slopes, strict=True)):
            speed = self._speeds[place]
            speed *= self.parameters.momentum
            speed -= self.parameters.learning_rate * (slope + self.parameters.weight_decay * values)
            np.add(values, speed, out=values)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))
