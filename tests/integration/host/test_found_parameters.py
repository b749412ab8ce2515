"""Parameters that training wrote into files and texts are in TensorBoard's own tabs, and only for whoever may see the experiment."""

from __future__ import annotations

import gzip
import json

import pytest
from tensorboard.data.provider import TensorTimeSeries

from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.model.share_link import ChosenExperiments
from tb_share.tensorboards.host.found_parameters import with_found

JSON = {"Content-Type": "application/json"}
FROM_FILE = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"
STATUSES = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]


def sessions(host, scope=None):
    """Parameters by session, as the HParams tab asks for them."""
    asked = json.dumps({"experimentName": "", "allowedStatuses": STATUSES, "colParams": [], "startIndex": 0, "sliceSize": 100}).encode()
    status, headers, body = host.ask("/data/plugin/hparams/session_groups", scope, "POST", asked, JSON)
    assert status == 200
    text = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
    return {session["name"]: group["hparams"] for group in json.loads(text)["sessionGroups"] for session in group["sessions"]}


def columns(host):
    _, headers, body = host.ask("/data/plugin/hparams/experiment", None, "POST", b'{"experimentName": ""}', JSON)
    text = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
    return {info["name"] for info in json.loads(text)["hparamInfos"]}


def test_an_experiment_whose_parameters_stand_in_a_file_is_a_session(keras, keras_catalogue):
    found = sessions(keras)
    (experiment,) = [each for each in keras_catalogue.experiments if each.path == FROM_FILE]
    assert found[FROM_FILE]["backbone"] == "mobilenet_small"
    assert set(experiment.parameters) <= columns(keras)
    with_parameters = {each.path for each in keras_catalogue.experiments if each.parameters}
    assert len(found) == len(with_parameters) == 11


@pytest.mark.parametrize("seen", [True, False])
def test_I02_a_link_sees_the_session_of_what_it_shows_and_no_other(keras, keras_catalogue, seen):
    ids = [each.id for each in keras_catalogue.experiments if (each.path == FROM_FILE) == seen][:2]
    found = sessions(keras, ChosenExperiments(tuple(ids)))
    assert (FROM_FILE in found) == seen
    assert len(found) == len(ids)


def test_nothing_is_made_up_where_nothing_was_found():
    bare = Experiment("i", "n", "a", (RunRef("a/train", "train"),), None, None, ExperimentState.UNKNOWN)
    assert with_found({}, [bare]) == {}


def test_what_is_no_message_is_left_as_it_stands():
    hostile = Experiment("i", "n", "a", (RunRef("a", ""),), None, None, ExperimentState.UNKNOWN, {"lr": 0.1})
    broken = TensorTimeSeries(max_step=0, max_wall_time=0.0, plugin_content=b"\xff\xff\xff", description="", display_name="")
    assert with_found({"a": {"_hparams_/session_start_info": broken}}, [hostile]) == {"a": {"_hparams_/session_start_info": broken}}
    (session,) = with_found({"a": {"_hparams_/experiment": broken}}, [hostile])["a"]
    assert session == "_hparams_/session_start_info"
