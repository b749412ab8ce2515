"""The list of files: for those with a role, of what they may see, and of nothing else."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest
from werkzeug.test import Client

from tb_share.handoff import NOTE_KEY, Note
from tb_share.logdir.belongings import Belongings, File
from tb_share.logdir.catalogue import Catalogue
from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.model.share_link import WholeProject
from tb_share.plugin.routes import Routes

A, B = (Experiment(f"id-{name}", name, name, (RunRef(name, ""),), 1.0, 2.0, ExperimentState.FINISHED) for name in "ab")
LISTED = {"files": [{"name": "of a", "size": 3, "modified": 4.5}], "more": False, "facts": {"host": "box"}}


def note(kind, role):
    return Note("logs", kind, "u", "U", role, (), WholeProject(), False, time.time() + 50)


@pytest.fixture
def ask():
    index = SimpleNamespace(view=lambda: SimpleNamespace(catalogue=Catalogue.of([A, B], "1")))

    def lying(experiment, others):
        assert tuple(others) == (A, B)
        return Belongings((File(f"of {experiment.path}", 3, 4.5),), facts={"host": "box"})

    routes = Routes(index, lambda _, __: (A,), lying)

    def ask(query, said=None):
        answer = Client(routes.files).get(f"/files?{query}", environ_overrides={NOTE_KEY: said} if said else {})
        return answer.status_code, json.loads(answer.data)

    return ask


@pytest.mark.parametrize("said", [None, note("member", "viewer")], ids=["plain TensorBoard", "a viewer"])
def test_files_of_an_experiment_that_the_caller_sees(ask, said):
    assert ask("id=id-a", said) == (200, LISTED)
    for query in ("id=id-b", "id=gone", ""):
        assert ask(query, said)[0] == 404


@pytest.mark.parametrize("kind", ["link", "stranger", "member"])
def test_whoever_has_no_role_sees_no_file(ask, kind):
    assert ask("id=id-a", note(kind, None)) == (200, {"files": [], "more": False, "facts": {}})
