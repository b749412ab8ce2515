"""What lies beside event files: names and sizes of an experiment's own files, and of nobody else's."""

from __future__ import annotations

import json
import os
import threading

import pytest

from tb_share.logdir import belongings as lying
from tb_share.logdir.belongings import File, LogdirFiles
from tb_share.model.experiment import Experiment, ExperimentState, RunRef

EVENTS = "events.out.tfevents.1793704808.trainbox.18387.0"


def experiment(path, *suffixes):
    runs = tuple(RunRef("/".join(part for part in (path if path != "." else "", suffix) if part) or ".", suffix) for suffix in suffixes)
    return Experiment(f"id-{path}", path, path, runs, 1.0, 2.0, ExperimentState.FINISHED)


def put(root, *names, size=3):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
        os.utime(path, (100, 100))


def belongings(logdir, one, others, follow_links_to=()):
    return LogdirFiles(logdir, tuple(follow_links_to)).of(one, others)


def names(found):
    return [each.name for each in found.files]


def test_names_sizes_and_times_of_what_is_no_event_file(tmp_path):
    put(
        tmp_path,
        f"a/train/{EVENTS}",
        "a/config.json",
        "a/checkpoints/best.keras",
        "a/.cache/x",
        "a/.env",
        "a/_tb_share/console/x",
        "a/_tb_share/x",
    )
    found = belongings(tmp_path, experiment("a", "train"), [])
    assert found.files == (File("checkpoints/best.keras", 3, 100.0), File("config.json", 3, 100.0))
    assert not found.more
    assert found.facts == {"host": "trainbox"}


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("events.out.tfevents.1.box.example.org.77.0", "box.example.org"),
        ("events.out.tfevents.1.box.77.0.v2", "box"),
        ("events.out.tfevents.1.box", "box"),
        ("events.out.tfevents.1.box.profile-empty", "box"),
        ("mine.tfevents", None),
    ],
)
def test_the_machine_is_in_the_name_of_an_event_file(tmp_path, name, host):
    put(tmp_path, f"a/{name}")
    assert belongings(tmp_path, experiment("a", ""), []).facts.get("host") == host


def test_what_belongs_to_another_experiment_is_not_listed(tmp_path):
    put(tmp_path, "a/own.txt", "a/retry/theirs.txt", "a/retry/deep/theirs.txt", "a/notes/whose.txt", "a/train/log/x.txt", "b/x.txt")
    above = experiment("a", "", "train/log")
    others = [above, experiment("a/retry", ""), experiment("b", "")]
    assert names(belongings(tmp_path, above, others)) == ["own.txt", "train/log/x.txt"]
    assert names(belongings(tmp_path, others[1], others)) == ["deep/theirs.txt", "theirs.txt"]
    root = experiment(".", "")
    put(tmp_path, "root.txt")
    assert names(belongings(tmp_path, root, [root, *others])) == ["root.txt"]
    assert names(belongings(tmp_path / "b", experiment(".", ""), [])) == ["x.txt"]


def test_links_are_not_followed_and_nothing_outside_is_looked_at(tmp_path):
    put(tmp_path, "outside/secret.txt", "logs/a/own.txt")
    logs = tmp_path / "logs"
    (logs / "a" / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (logs / "a" / "down").symlink_to(tmp_path / "outside")
    (logs / "gone").symlink_to(tmp_path / "outside")
    os.mkfifo(logs / "a" / "pipe")
    assert names(belongings(logs, experiment("a", ""), [])) == ["own.txt"]
    assert belongings(logs, experiment("gone", ""), []) == lying.NOTHING
    assert belongings(logs, experiment("../outside", ""), []) == lying.NOTHING
    assert belongings(logs, experiment("never", ""), []) == lying.NOTHING
    (logs / "round").symlink_to("round")
    assert belongings(logs, experiment("round", ""), []) == lying.NOTHING
    assert names(belongings(logs, experiment("gone", ""), [], [tmp_path / "outside"])) == ["secret.txt"]


def test_of_very_many_some_are_listed_and_it_is_said(tmp_path, monkeypatch):
    put(tmp_path, *(f"a/{number}.txt" for number in range(5)), "a/1/2/3/deep.txt")
    monkeypatch.setattr(lying, "MOST_FILES", 4)
    found = belongings(tmp_path, experiment("a", ""), [])
    assert (len(found.files), found.more) == (4, True)
    monkeypatch.setattr(lying, "MOST_FILES", 10)
    assert not belongings(tmp_path, experiment("a", ""), []).more
    monkeypatch.setattr(lying, "MAX_DEPTH", 2)
    assert belongings(tmp_path, experiment("a", ""), []).more
    monkeypatch.setattr(lying, "MOST_LOOKED_AT", 3)
    assert belongings(tmp_path, experiment("a", ""), []).more


def test_a_sidecar_says_code_machine_and_command(tmp_path):
    put(tmp_path, f"a/{EVENTS}")
    sidecar = tmp_path / "a" / "_tb_share" / "experiment.json"
    sidecar.parent.mkdir()
    said = {"id": "abcd", "params": {"lr": 1}, "git": {"commit": "c0ffee", "dirty": True}, "host": "other", "command": ["python", "a b.py"]}
    sidecar.write_text(json.dumps(said))
    found = belongings(tmp_path, experiment("a", ""), [])
    assert found.facts == {"host": "other", "git/commit": "c0ffee", "git/dirty": "True", "command": "python 'a b.py'"}
    for text in ("[]", "{", "[" * 100_000):
        sidecar.write_text(text)
        assert belongings(tmp_path, experiment("a", ""), []).facts == {"host": "trainbox"}
    sidecar.unlink()
    (tmp_path / "elsewhere.json").write_text(json.dumps(said))
    sidecar.symlink_to(tmp_path / "elsewhere.json")
    assert belongings(tmp_path, experiment("a", ""), []).facts == {"host": "trainbox"}


def read(logdir, one, others, name, **more):
    file = LogdirFiles(logdir, **more).opened(one, others, name)
    if file is None:
        return None
    with file:
        return file.read()


def test_what_is_listed_is_opened_and_nothing_else(tmp_path):
    logs = tmp_path / "logs"
    put(tmp_path, "outside/secret.txt", "logs/secret.txt", "logs/b/theirs.txt", "logs/a/retry/theirs.txt", "logs/a/notes/whose.txt")
    put(logs, f"a/train/{EVENTS}", f"a/{EVENTS}", "a/own.txt", "a/train/deep/x.txt", "a/.env", "a/.git/config", "a/1/2/3/4/5/6/7/x.txt")
    put(logs, "a/_tb_share/experiment.json", "a/_tb_share/x", "a/_tb_share/console/x", "a/_tb_share/notebooks/n/0001.ipynb")
    (logs / "a" / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (logs / "a" / "train" / "down").symlink_to(tmp_path / "outside")
    (logs / "a" / "hard").mkdir()
    os.mkfifo(logs / "a" / "train" / "pipe")
    above = experiment("a", "", "train")
    others = [above, experiment("a/retry", ""), experiment("b", "")]
    listed = names(belongings(logs, above, others))
    assert listed == ["_tb_share/notebooks/n/0001.ipynb", "own.txt"]
    everything = [str(path.relative_to(logs / "a")) for path in logs.glob("a/**/*")]
    ways_out = [
        "",
        ".",
        "..",
        "/",
        "../secret.txt",
        "../b/theirs.txt",
        "./own.txt",
        "train/../own.txt",
        "own.txt/",
        "/etc/passwd",
        "own.txt\0",
    ]
    for name in [*everything, *ways_out, str(logs / "a" / "own.txt"), "train//deep", "x" * 300, "\ud800", "train\\deep"]:
        assert (read(logs, above, others, name) is not None) == (name in listed), name
    alone = experiment("a/train", "")
    assert names(belongings(logs, alone, [])) == ["deep/x.txt"]
    assert read(logs, alone, [], "deep/x.txt") == b"xxx"
    assert read(logs, alone, [], "down/secret.txt") is None
    assert read(logs, alone, [], "deep/x.txt", contents=False) is None
    assert read(logs, experiment("never", ""), [], "x") is None


def test_nothing_outside_is_listed_while_the_tree_is_moved(tmp_path, monkeypatch):
    put(tmp_path, "outside/secret.txt", "logs/a/down/own.txt")
    down, look = tmp_path / "logs" / "a" / "down", lying._about

    def moved(entry):
        about = look(entry)
        if entry.name == "down":
            down.rename(tmp_path / "away")
            down.symlink_to(tmp_path / "outside")
        return about

    monkeypatch.setattr(lying, "_about", moved)
    assert names(belongings(tmp_path / "logs", experiment("a", ""), [])) == []


def test_a_pipe_is_not_opened_so_whoever_writes_to_it_goes_on_waiting(tmp_path):
    put(tmp_path, "a/own.txt")
    pipe = tmp_path / "a" / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.open("wb").close(), daemon=True)
    writer.start()
    writer.join(0.1)
    assert read(tmp_path, experiment("a", ""), [], "pipe") is None
    writer.join(0.1)
    assert writer.is_alive()
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    writer.join(10)
    assert not writer.is_alive()


def test_links_to_named_places_are_followed_and_to_no_others(tmp_path):
    put(tmp_path, "scratch/run/x.txt", "logs/b/x.txt")
    (tmp_path / "logs" / "a").symlink_to(tmp_path / "scratch" / "run")
    one = experiment("a", "")
    assert read(tmp_path / "logs", one, [], "x.txt") is None
    assert read(tmp_path / "logs", one, [], "x.txt", follow_links_to=(tmp_path / "scratch",)) == b"xxx"
