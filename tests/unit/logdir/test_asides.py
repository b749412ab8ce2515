"""Files beside the events are read as what they are, where they are: through no link, from no pipe, and no more of them than is said."""

from __future__ import annotations

import json
import os
import threading

import pytest

from tb_share.logdir import asides, layout, parameters, regular_file
from tb_share.logdir.catalogue import Catalogue
from tb_share.logdir.layout import SIDECAR_FILE, survey
from tests.indexes import KeptIndex

EVENTS = "events.out.tfevents.1793704808.trainbox.18387.0"
SAID = json.dumps({"id": "some-id", "params": {"secret": 1}, "secret": 2})


def logdir(tmp_path, **files):
    (tmp_path / "logs" / "a").mkdir(parents=True)
    (tmp_path / "logs" / "a" / EVENTS).touch()
    for name, text in files.items():
        path = tmp_path / "logs" / "a" / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path / "logs"


def parameters_of(logs):
    (experiment,) = Catalogue.scan(logs).experiments
    return experiment.parameters


def test_a_sidecar_behind_a_link_is_not_read(tmp_path):
    logs = logdir(tmp_path)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "experiment.json").write_text(SAID)
    (logs / "a" / "_tb_share").symlink_to(tmp_path / "outside")
    assert parameters_of(logs) == {}
    (logs / "a" / "_tb_share").unlink()
    (tmp_path / "outside").rename(logs / "a" / "_tb_share")
    assert parameters_of(logs) == {"secret": 1}


@pytest.mark.parametrize("name", [SIDECAR_FILE, "config.json", "hparams.yaml"])
@pytest.mark.parametrize("kind", ["link", "pipe", "directory", "nothing"])
def test_what_is_put_in_its_place_after_the_look_is_not_read(tmp_path, name, kind):
    logs = logdir(tmp_path, **{name.replace("/", "__"): SAID})
    (aside,) = survey(logs).asides["a"]
    (tmp_path / "outside").write_text(SAID)
    aside.path.unlink()
    match kind:
        case "link":
            aside.path.symlink_to(tmp_path / "outside")
        case "pipe":
            os.mkfifo(aside.path)
        case "directory":
            aside.path.mkdir()
    found = []
    reader = threading.Thread(target=lambda: found.append(asides.read(aside)), daemon=True)
    reader.start()
    reader.join(10)
    (said,) = found
    assert said.parameters == {}
    assert "cannot be" in said.warning


def test_the_sidecars_directory_is_not_a_link_by_then_either(tmp_path):
    logs = logdir(tmp_path, _tb_share__experiment=SAID)
    (logs / "a" / "_tb_share" / "experiment").rename(logs / "a" / SIDECAR_FILE)
    (aside,) = survey(logs).asides["a"]
    aside.path.parent.rename(tmp_path / "outside")
    aside.path.parent.symlink_to(tmp_path / "outside")
    assert asides.read(aside).parameters == {}


@pytest.mark.parametrize("name", [SIDECAR_FILE, "config.json"])
def test_what_may_not_be_read_is_read_when_it_may(tmp_path, monkeypatch, name):
    logs = logdir(tmp_path, **{name.replace("/", "__"): SAID})
    kept = KeptIndex(logs, tmp_path / "index")

    def refused(*_):
        raise PermissionError

    # Whoever runs tests as root may read everything.
    with monkeypatch.context() as patched:
        patched.setattr(regular_file, "opened", refused)
        patched.setattr(layout.os, "access", lambda path, mode, access=os.access: not str(path).endswith("json") and access(path, mode))
        (experiment,) = kept.now().experiments
        assert "cannot be" in experiment.warnings[0]
    (experiment,) = kept.now().experiments
    assert experiment.parameters["secret"] in (1, 2)
    assert experiment.warnings == (f"{EVENTS} is empty.",)


@pytest.mark.parametrize("name", [SIDECAR_FILE, "config.json", "hparams.yaml"])
def test_what_has_grown_since_the_look_is_too_large_all_the_same(tmp_path, name):
    logs = logdir(tmp_path, **{name.replace("/", "__"): SAID})
    (aside,) = survey(logs).asides["a"]
    aside.path.write_text(json.dumps({"params": {"lr": 1}, "more": "x" * parameters.MAX_BYTES}))
    said = asides.read(aside)
    assert said.parameters == {}
    assert "larger than" in said.warning


@pytest.mark.parametrize("name", [SIDECAR_FILE, "config.json", "hparams.yaml"])
def test_a_byte_order_mark_is_no_part_of_what_is_said(tmp_path, name):
    assert parameters_of(logdir(tmp_path, **{name.replace("/", "__"): "\ufeff" + json.dumps({"params": {"secret": 1}})})) != {}
