"""Group K: files that lie beside the logs, through the door; who gets them, under which name, and what is no file of the experiment."""

from __future__ import annotations

import json
import urllib.parse

import pytest

from tb_share.logdir.catalogue import Catalogue
from tests.cases.C_D_H_I_L_M_people.conftest import PRIVATE, denied, loaded

FILE = f"/p/{PRIVATE}/data/plugin/tb_share/file"
CONTENT = b"resnet weights " * 40_000
NAMES = ("model best.pt", "a\"b';filename*=x.html", "日本\u202egnp.txt", "line\r\nSet-Cookie: x=1", "~", "-rf", "CON")
ODD = (
    "../secret.txt",
    "..\\secret.txt",
    "/etc/passwd",
    "C:\\x",
    "a/../../secret.txt",
    "%2e%2e%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "model best.pt\0",
    ".",
    "..",
    "",
    "x" * 300,
    "~/secret.txt",
    "\uff0e\uff0e/secret.txt",
    ".hidden",
    "out/secret.txt",
    "train/",
)


@pytest.fixture(scope="module")
def owner(team):
    """The experiment that the files lie in; one of them is large enough to flow."""
    loaded(team["V"])
    table = json.loads(team["V"].get(f"/p/{PRIVATE}/data/runs").body)
    home = team.logs / table[0].partition("/")[0]
    for name in NAMES:
        (home / name).write_bytes(CONTENT)
    (home / ".hidden").write_text("secret")
    (team.logs / "secret.txt").write_text("secret")
    (home / "out").symlink_to(team.logs)
    return experiment_of(team, home.name)


def experiment_of(team, path):
    return next(each for each in Catalogue.scan(team.logs).experiments if each.path == path)


def asked(owner, name):
    return f"{FILE}?{urllib.parse.urlencode({'id': owner.id, 'name': name})}"


@pytest.mark.parametrize("actor", ["V", "C", "O", "ADM"])
def test_K11_a_members_file_comes_whole_under_one_clean_name(team, owner, actor):
    for name in NAMES:
        answer = team[actor].get(asked(owner, name))
        assert answer.status == 200
        assert answer.body == CONTENT
        (said,) = answer.headers.get_all("Content-Disposition")
        true = name.replace("\r", "_").replace("\n", "_")
        assert said.startswith('attachment; filename="')
        assert said.endswith(f"\"; filename*=UTF-8''{urllib.parse.quote(true, safe='')}")
        assert said.count('"') == 2
        assert answer.headers.get_all("Set-Cookie") is None
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_part_of_a_file_is_had_by_its_range(team, owner):
    answer = team["V"].get(asked(owner, NAMES[0]), Range="bytes=15-29")
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (206, CONTENT[15:30], f"bytes 15-29/{len(CONTENT)}")


@pytest.mark.parametrize("name", ODD)
def test_K02_K04_K13_what_is_no_file_of_the_experiment_is_not_there(team, owner, name):
    answer = team["O"].get(asked(owner, name))
    assert answer.status in (400, 404)
    assert b"secret" not in answer.body.replace(name.encode(), b"")
    assert b"root:" not in answer.body


@pytest.mark.parametrize("actor", ["A", "N", "L", "LD"])
def test_H01_whoever_has_no_role_gets_no_file_and_is_told_of_none(team, owner, actor):
    browser = team.visitor(team.link(download=actor == "LD")["url"]) if actor.startswith("L") else team[actor]
    for prefix in ("", "/experiment/defaultExperimentId"):
        target = asked(owner, NAMES[0]).replace("/data/", f"{prefix}/data/")
        assert denied(browser.get(target))
        listed = browser.get(target.replace("/file?", "/files?"))
        assert denied(listed) or json.loads(listed.body) == {"files": [], "more": False, "facts": {}, "contents": False}
