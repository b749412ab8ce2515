"""The API description says what the code says: every route, what it is sent, what it is asked."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tb_share.cli import openapi
from tb_share.gateway import api
from tb_share.model.tensorboard_routes import DATA_ROUTES
from tb_share.plugin import described, media, routes

ROOT = Path(__file__).parents[2]
OURS = "/data/plugin/tb_share/"


def test_the_description_is_the_one_of_the_code():
    done = subprocess.run([sys.executable, "-m", "tb_share.cli.openapi"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == (ROOT / "docs" / "openapi.json").read_text("utf-8"), "make docs"


def test_every_reference_leads_somewhere():
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found = document
        for part in reference.split("/"):
            found = found[part]
    names = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


def handlers():
    return {route.name: inspect.getsource(handler) for route, handler in openapi._api_routes()}


def test_each_body_is_the_model_that_its_route_reads():
    for name, source in handlers().items():
        read = re.findall(r"body_of\(\w+, (\w+)\)", re.sub(r"\s+", " ", source).replace("self.desk, scope", "scope"))
        assert read == ([api.BODIES[name].__name__] if name in api.BODIES else []), name


def test_each_query_parameter_is_read():
    for name, source in handlers().items():
        assert "args" not in source or name in openapi.QUERIES, name


def test_every_route_of_the_plugin_is_described():
    assert {f"{OURS}{each.name}" for each in described.ROUTES} == {each for each in DATA_ROUTES if each.startswith(OURS)} - {
        f"{OURS}index.js"
    }


@pytest.mark.parametrize("each", described.ROUTES, ids=lambda each: each.name)
def test_a_route_of_the_plugin_reads_what_is_described(each):
    source = "".join(inspect.getsource(module) for module in (routes, media))
    assert [asked.name for asked in each.asked if f'"{asked.name}"' not in source] == []


def test_what_a_route_of_the_plugin_reads_is_described():
    source = "".join(inspect.getsource(module) for module in (routes, media))
    read = set(re.findall(r'args\.get(?:list)?\("(\w+)"', source))
    assert read - {asked.name for each in described.ROUTES for asked in each.asked} == set()
