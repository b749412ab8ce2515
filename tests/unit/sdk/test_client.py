"""The client by itself: whose token it takes, how it splits what it asks for, what its columns are called."""

from __future__ import annotations

import json

import numpy as np
import pytest

import tb_share
from tb_share.errors import SetUpError
from tb_share.sdk import client, server
from tb_share.sdk.client import Client, RequestRefused

HERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(server.CONFIG_DIRECTORY, str(tmp_path))
    monkeypatch.delenv(client.FROM_ENVIRONMENT, raising=False)


def token_of(one):
    class Request:
        headers = {}  # noqa: RUF012

    return one._session.auth(Request()).headers["Authorization"].removeprefix("Bearer ")


def test_the_token_is_the_one_given_else_of_the_environment_else_kept_by_login(monkeypatch, tmp_path):
    with pytest.raises(SetUpError, match=f"tb-share login {HERE}"):
        Client(HERE)
    (tmp_path / "tokens.json").write_text(json.dumps({HERE: "kept"}))
    assert token_of(Client(HERE)) == "kept"
    monkeypatch.setenv(client.FROM_ENVIRONMENT, "from the environment")
    assert token_of(Client(HERE + "/")) == "from the environment"
    assert token_of(Client(HERE, "given")) == "given"
    assert "given" not in repr(vars(Client(HERE, "given")))


@pytest.mark.parametrize("url", ["http://tb.example.org", "tb.example.org", "https://tb.example.org/p/x", "https://me@tb.example.org"])
def test_a_token_goes_nowhere_where_it_could_be_read(url):
    with pytest.raises(SetUpError):
        Client(url, "t")


def test_nobody_there_is_said_so():
    with pytest.raises(SetUpError, match="No tb-share answers"):
        Client(HERE, "t").projects()


def test_the_packages_front_page_has_it_and_nothing_else():
    assert tb_share.Client is Client
    with pytest.raises(AttributeError):
        _ = tb_share.Nothing


@pytest.mark.parametrize(
    ("key", "title"),
    [("name", "name"), ("p:a:b", "params.a:b"), ("m:val/loss", "metrics.val/loss"), ("min_step:loss", "metrics.loss:min_step")],
)
def test_columns_have_the_fields_usual_names(key, title):
    assert client._title(key) == title


def test_what_is_asked_for_is_split_so_that_each_address_can_be_read():
    ids, labels = [f"{at:016x}" for at in range(1000)], ["ä" * 400, "loss", *(f"metric {at}" for at in range(600))]
    asked = list(client._asked(ids, labels))
    assert sum(len(some) * len(few) for some, few in asked) == len(ids) * len(labels)
    assert len({(one, label) for some, few in asked for one in some for label in few}) == len(ids) * len(labels)
    assert all(len(some) * len(few) <= 500 for some, few in asked)
    longest = max(len(client._route("p", "series", [*(("id", i) for i in some), *(("label", f) for f in few)])) for some, few in asked)
    assert longest < 4000
    assert list(client._asked([], labels)) == []


def test_too_many_points_are_asked_for_in_halves(monkeypatch):
    asked = []

    def table(self, project, route, of):
        ids, labels = ([value for name, value in of if name == key] for key in ("id", "label"))
        asked.append((len(ids), len(labels)))
        if len(ids) * len(labels) > 1:
            raise RequestRefused(400, "too_many_points", "")
        return [], [np.zeros(1), np.zeros(1), np.array([3.0]), np.array([1.7e9]), np.array([0.5])]

    monkeypatch.setattr(Client, "_table", table)
    found = Client(HERE, "t").series("p", ["a", "b", "c"], ["x", "y"])
    assert sorted(zip(found["experiment"], found["metric"], strict=True)) == [(one, label) for one in "abc" for label in "xy"]
    assert asked[0] == (3, 2)


def test_a_question_for_nothing_has_no_rows():
    found = Client(HERE, "t").series("p", [], "loss")
    assert (len(found), list(found)) == (0, ["experiment", "metric", "step", "wall_time", "value"])
