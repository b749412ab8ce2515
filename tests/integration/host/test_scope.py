"""What a scope hides is in no answer of any route (I02, S-LINK-7), and without a note there is no answer at all."""

from __future__ import annotations

import gzip
import json
import time
import urllib.parse

import pytest

from tb_share import handoff
from tb_share.model.share_link import ChosenExperiments
from tb_share.model.tensorboard_routes import DATA_ROUTES
from tb_share.signing import new_key

CHOSEN = ("resnet_small_lr1e-3_bs32_2026-11-02T10-31", "resnet_medium_lr1e-3_bs32_dense64_aug_final_2026-11-06T08-50")


@pytest.fixture(scope="module")
def chosen(keras_catalogue):
    return ChosenExperiments(tuple(each.id for each in keras_catalogue.experiments if each.path in CHOSEN))


@pytest.fixture(scope="module")
def hidden(keras_catalogue):
    """Names and ids that must not be seen; a hidden name that is the beginning of a shown one says nothing and is left out."""
    names = [each.path for each in keras_catalogue.experiments if each.path not in CHOSEN]
    ids = [each.id for each in keras_catalogue.experiments if each.path not in CHOSEN]
    assert len(names) == 10
    return [text.encode() for text in (*names, *ids) if not any(shown.startswith(text) for shown in CHOSEN)]


def plain(headers, body):
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def requests_of(catalogue):
    """Every data route, with the parameters of hidden and of shown runs."""
    shown = [run.name for each in catalogue.experiments if each.path in CHOSEN for run in each.runs]
    hidden_runs = [run.name for each in catalogue.experiments if each.path not in CHOSEN for run in each.runs]
    tags = ["epoch_loss", "confusion_matrix", "config", "keras", "pr/0/pr_curves", "block1_conv1/bias/histogram", "__run_graph__"]
    for route in sorted(DATA_ROUTES):
        yield "GET", route, None, {}
        for run in [*hidden_runs[:4], shown[1]]:
            for tag in tags:
                query = urllib.parse.urlencode({"run": run, "tag": tag, "format": "json", "sample": 0})
                yield "GET", f"{route}?{query}", None, {}
    ids = [("id", each.id) for each in catalogue.experiments]
    labels = [("label", label) for label in ("train/epoch_loss", "validation/epoch_loss", "validation/epoch_accuracy")]
    yield "GET", f"/data/plugin/tb_share/series?{urllib.parse.urlencode([*ids, *labels])}", None, {}
    yield "GET", f"/data/plugin/tb_share/media?{urllib.parse.urlencode(ids)}", None, {}
    for each in catalogue.experiments:
        yield "GET", f"/data/plugin/tb_share/experiment?id={each.id}", None, {}
        yield "GET", f"/data/plugin/tb_share/files?id={each.id}", None, {}
        for name in ("notebook.ipynb", "train", ".", ""):
            yield "GET", f"/data/plugin/tb_share/file?id={each.id}&name={name}", None, {}
    runs = [("run", run) for run in [*hidden_runs, *shown]]
    for tag in ("confusion_matrix", "roc_curve", "examples"):
        yield "GET", f"/data/plugin/tb_share/images?{urllib.parse.urlencode([*runs, ('tag', tag)])}", None, {}
        for run in hidden_runs:
            asked = {"run": run, "tag": tag, "step": 5}
            yield "GET", f"/data/plugin/tb_share/image?{urllib.parse.urlencode(asked)}", None, {}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    wanted = [{"plugin": plugin, "tag": tag} for plugin in ("scalars", "histograms", "images") for tag in tags]
    body = urllib.parse.urlencode({"requests": json.dumps(wanted)}).encode()
    yield "POST", "/data/plugin/timeseries/timeSeries", body, form
    yield "POST", "/experiment/defaultExperimentId/data/plugin/timeseries/timeSeries", body, form
    asked = [{"plugin": "images", "tag": "confusion_matrix", "sample": 0, "run": run} for run in hidden_runs]
    yield "POST", "/data/plugin/timeseries/timeSeries", urllib.parse.urlencode({"requests": json.dumps(asked)}).encode(), form
    pairs = [("tag", "epoch_loss"), *(("runs", run) for run in hidden_runs)]
    yield "POST", "/data/plugin/scalars/scalars_multirun", urllib.parse.urlencode(pairs).encode(), form
    columns = {
        "experimentName": "",
        "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
        "sliceSize": 100,
    }
    for route in ("experiment", "session_groups"):
        yield "POST", f"/data/plugin/hparams/{route}", json.dumps({**columns, "colParams": [], "startIndex": 0}).encode(), {}


def test_I02_no_route_says_a_word_of_what_the_scope_hides(keras, keras_catalogue, chosen, hidden):
    count = found_shown = 0
    for method, target, body, headers in requests_of(keras_catalogue):
        echoes = urllib.parse.unquote(target).encode() + urllib.parse.unquote_plus((body or b"").decode()).encode()
        status, received, content = keras.ask(target, chosen, method, body, headers)
        text = plain(received, content)
        said = [name for name in hidden if name in text and not (status >= 400 and name in echoes)]
        # TensorBoard repeats the run that was asked for, with nothing in it; that is the caller's own word.
        empty_echo = status == 200 and all(name in echoes for name in said) and has_no_points(text)
        assert not said or empty_echo, (method, target, status, said[:2], text[:300])
        count += 1
        found_shown += any(name.encode() in text for name in CHOSEN)
    assert count > 500
    assert found_shown > 10


def has_no_points(text):
    """Whether the JSON holds no step, time or value: nothing but names."""
    try:
        return not any_numbers(json.loads(text))
    except ValueError:
        return False


def any_numbers(value):
    if isinstance(value, dict):
        return any(any_numbers(each) for key, each in value.items() if key != "sample")
    if isinstance(value, list):
        return any(any_numbers(each) for each in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_the_whole_project_shows_all_of_it(keras, keras_catalogue):
    _, _, body = keras.ask("/data/runs")
    assert sorted(json.loads(body)) == sorted(keras_catalogue.runs())


def test_I02_how_many_files_there_are_is_not_said_to_whoever_sees_some(keras, chosen):
    whole = json.loads(keras.ask("/data/plugin/tb_share/context")[2])["index"]
    assert whole["files"] > 30
    assert whole["bytes"] > 0
    seen = json.loads(keras.ask("/data/plugin/tb_share/context", chosen)[2])["index"]
    assert seen == {"state": "complete", "files": 0, "files_done": 0, "bytes": 0, "bytes_done": 0}


def test_I02_no_experiment_shows_nothing(keras):
    nothing = ChosenExperiments(())
    for route in ("/data/runs", "/data/plugin/scalars/tags", "/data/plugin/images/tags", "/data/plugin/timeseries/tags"):
        _, headers, body = keras.ask(route, nothing)
        assert b"resnet" not in plain(headers, body)
    assert json.loads(keras.ask("/data/runs", ChosenExperiments(("unknown", "*", "")))[2]) == []


def test_I02_a_blob_key_of_another_scope_opens_nothing(keras, chosen):
    route = "/data/plugin/images/images?" + urllib.parse.urlencode(
        {"run": "resnet_small_lr1e-3_bs64_2026-11-02T11-40/validation", "tag": "roc_curve", "sample": 0}
    )
    query = json.loads(keras.ask(route)[2])[0]["query"]
    image = f"/data/plugin/images/individualImage?{query}"
    assert keras.ask(image)[0] == 200
    for target in (image, image.replace("individualImage?", "individualImage?x=1&")):
        status, _, body = keras.ask(target, chosen)
        assert status == 404
        assert b"PNG" not in body


def test_I02_an_image_or_text_of_a_hidden_run_is_not_there(keras, keras_catalogue):
    experiment, other = (next(each for each in keras_catalogue.experiments if each.path == path) for path in reversed(CHOSEN))
    chosen = ChosenExperiments((other.id,))
    ours = "/data/plugin/tb_share/"
    listed = json.loads(keras.ask(f"{ours}media?id={experiment.id}")[2])["experiments"]
    image = next(each for each in listed[0]["images"] if each["tag"] == "roc_curve")
    text = listed[0]["texts"][0]
    where = urllib.parse.urlencode({"run": image["run"], "tag": image["tag"]})
    points = json.loads(keras.ask(f"{ours}images?{where}")[2])["images"][0]["points"]
    picture = f"{ours}image?{where}&step={points[0]['step']}"
    status, headers, body = keras.ask(picture)
    assert (status, headers["Content-Type"], body[:4]) == (200, "image/png", b"\x89PNG")
    words = f"{ours}texts?{urllib.parse.urlencode({'run': text['run'], 'tag': text['tag']})}"
    assert json.loads(keras.ask(words)[2])["texts"][0]["text"]
    assert json.loads(keras.ask(f"{ours}media?id={experiment.id}", chosen)[2]) == {"experiments": []}
    assert json.loads(keras.ask(f"{ours}images?{where}", chosen)[2]) == {"images": []}
    assert keras.ask(picture, chosen)[0] == 404
    assert json.loads(keras.ask(words, chosen)[2]) == {"texts": []}


def test_S_RESP_4_the_server_says_nothing_of_itself(keras):
    for route in ("/data/environment", "/data/logdir", "/experiment/defaultExperimentId/data/environment"):
        status, _, body = keras.ask(route)
        assert status == 200
        assert str(keras.logdir).encode() not in body
        assert b"127.0.0.1" not in body


@pytest.mark.parametrize(
    "target",
    [
        "/data/logdir%3Fx",
        "/data/logdir%23x",
        "/data/logdir;x",
        "/data/logdir/",
        "/experiment/abc/data/runs",
        "/experiment/defaultExperimentId/experiment/x/data/runs",
        "/data/plugin/projector/runs",
        "/data/plugin/debugger-v2/runs",
        "/data/plugin/profile/hosts",
        "/audio",
    ],
)
def test_E07_what_is_not_listed_does_not_exist_for_the_host_either(keras, target):
    assert keras.ask(target)[0] in (400, 404)


def test_E13_reading_is_all_that_a_host_does(keras):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "FOO"):
        assert keras.ask("/data/runs", method=method)[0] in (405, 501)
    assert keras.ask("/data/plugin/scalars/tags", method="POST", body=b"")[0] == 405


def test_S_HOST_1_only_a_good_note_is_answered(keras):
    host = keras.ready()
    for headers in ({}, {handoff.HEADER: ""}, {handoff.HEADER: "x"}, {handoff.HEADER.replace("-", "_"): "x"}):
        for target in ("/data/runs", "/", "/healthz", "/data/plugin/tb_share/context", "/index.js"):
            status, _, body = keras.ask_raw(host, target, headers)
            assert status == 401
            assert b"resnet" not in body
    assert keras.ask("/data/runs", key=new_key())[0] == 401
    assert keras.ask("/data/runs", project="other")[0] == 401
    assert keras.ask("/data/runs", life_s=-1)[0] == 401
    assert keras.ask("/data/runs", life_s=3600)[0] == 401


def test_a_forged_experiment_id_changes_nothing(keras, chosen):
    for headers in ({"TensorBoard-Experiment-Id": "x"}, {"TensorBoard-Experiment-Id": "../x"}):
        status, _, body = keras.ask("/experiment/defaultExperimentId/data/runs", chosen, headers=headers)
        assert status == 200
        assert len(json.loads(body)) == 6


def test_notes_are_checked_at_the_moment_of_asking():
    key = new_key()
    note = handoff.Note("p", "member", "u", "U", None, (), ChosenExperiments(()), False, time.time() + 5)
    assert handoff.read(handoff.write(note, key), key, "p", time.time() + 6) is None
