"""The demo's training, in small: real learning, real files."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import ExperimentState
from tb_share.sdk.demo import still_training, training
from tb_share.sdk.demo.classifier import Classifier, Parameters
from tb_share.sdk.demo.confusion_matrix import drawn
from tb_share.sdk.demo.landscapes import SIZE, TURNS, examples

PARAMETERS = Parameters(hidden_units=32, learning_rate=1e-2, batch_size=32)


def test_pictures_are_decided_by_the_seed_and_evenly_turned():
    first, again, other = examples(40, seed=1), examples(40, seed=1), examples(40, seed=2)
    assert np.array_equal(first.pictures, again.pictures)
    assert not np.array_equal(first.pictures, other.pictures)
    assert np.bincount(first.turns).tolist() == [10, 10, 10, 10]


def test_it_learns_what_it_has_not_seen():
    learning, judging = examples(800, seed=1), examples(200, seed=2)
    classifier = Classifier(SIZE * SIZE, PARAMETERS)
    before = classifier.score(judging)
    for _ in range(8):
        classifier.train_epoch(learning)
    after = classifier.score(judging)
    assert before.accuracy < 0.5
    assert after.accuracy > 0.8
    assert after.loss < before.loss
    assert classifier.confusion(judging).sum() == 200
    assert classifier.confusion(judging).trace() == round(after.accuracy * 200)


@pytest.mark.parametrize("more", [{"dropout": 0.5}, {"weight_decay": 0.1}, {"batch_size": 33}])
def test_every_parameter_changes_what_is_learned(more):
    data = examples(100, seed=1)
    scores = []
    for parameters in (PARAMETERS, Parameters(**{"hidden_units": 32, "learning_rate": 1e-2, "batch_size": 32, **more})):
        classifier = Classifier(SIZE * SIZE, parameters)
        classifier.train_epoch(data)
        scores.append(classifier.score(data))
    assert scores[0] != scores[1]


def test_a_confusion_matrix_is_a_picture():
    png = io.BytesIO()
    drawn(np.eye(4, dtype=np.intp) * 25, TURNS).save(png, "png")
    assert Image.open(png).size == (392, 392)


@pytest.fixture
def short(monkeypatch):
    """Two configurations, two epochs."""
    monkeypatch.setattr(training, "CONFIGURATIONS", {"one": PARAMETERS, "two": PARAMETERS})
    monkeypatch.setattr(training, "EPOCHS", 2)
    monkeypatch.setattr(training, "_DRAW_EVERY", 2)


def test_six_configurations_all_differ():
    assert len(set(training.CONFIGURATIONS.values())) == len(training.CONFIGURATIONS) == 6


def test_what_is_trained_is_an_experiment_with_parameters_and_an_end(tmp_path, short):
    said = []
    assert training.train_missing(tmp_path / "logs", tmp_path / "work", said.append) == 2
    found = {each.name: each for each in Catalogue.scan(tmp_path / "logs").experiments}
    assert set(found) == {"one", "two"}
    assert sorted(run.suffix for run in found["one"].runs) == ["", "train", "validation"]
    assert found["one"].parameters["learning_rate"] == 0.01
    assert found["one"].parameters["hidden_units"] == 32
    assert found["one"].state is ExperimentState.FINISHED
    assert len(said) == 2


def test_a_second_start_trains_only_what_is_missing(tmp_path, short):
    training.train_missing(tmp_path / "logs", tmp_path / "work", lambda _: None)
    (tmp_path / "logs" / "two").rename(tmp_path / "elsewhere")
    before = {each: each.stat().st_mtime_ns for each in (tmp_path / "logs" / "one").rglob("*")}
    assert training.train_missing(tmp_path / "logs", tmp_path / "work", lambda _: None) == 1
    assert before == {each: each.stat().st_mtime_ns for each in (tmp_path / "logs" / "one").rglob("*")}
    assert training.train_missing(tmp_path / "logs", tmp_path / "work", lambda _: None) == 0


def test_what_was_broken_off_is_begun_anew(tmp_path, short):
    (tmp_path / "work" / "one").mkdir(parents=True)
    (tmp_path / "work" / "one" / "events.out.tfevents.1.old").write_bytes(b"broken")
    training.train_missing(tmp_path / "logs", tmp_path / "work", lambda _: None)
    assert not (tmp_path / "logs" / "one" / "events.out.tfevents.1.old").exists()


def test_the_slow_training_ends_with_whoever_started_it(tmp_path):
    command = [sys.executable, "-m", "tb_share.sdk.demo.still_training", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    (found,) = Catalogue.scan(tmp_path).experiments
    assert found.name == still_training.NAME
    assert found.state is not ExperimentState.FINISHED
