"""TensorBoard's own files, served by the front door for every project alike."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.gateway.doors import RealDoor, open_real_door, wait_until


@pytest.fixture(scope="module")
def door() -> Iterator[RealDoor]:
    with open_real_door() as real:
        yield real


@pytest.fixture(scope="module")
def webfiles() -> Iterator[zipfile.ZipFile]:
    spec = importlib.util.find_spec("tensorboard")
    assert spec is not None
    with zipfile.ZipFile(Path(str((spec.submodule_search_locations or [""])[0])) / "webfiles.zip") as archive:
        yield archive


def test_the_shell_is_tensorboards_own_with_our_address_of_its_script(door: RealDoor, webfiles: zipfile.ZipFile) -> None:
    shell = door.ask("/p/host1/", "V").body
    assert shell.startswith(b'<!doctype html><meta name="tb-relative-root" content="./">')
    (address,) = re.findall(rb'<script src="(/tb-assets/[0-9a-f]{16}/index\.js)"', shell)
    original = webfiles.read("index.html")
    theirs = re.search(rb'src="(index\.js[^"]*)"', original)
    assert theirs is not None
    assert shell.partition(b'content="./">')[2] == original.replace(theirs[1], address)
    script = door.ask(address.decode(), Accept_Encoding="gzip")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert script.headers["Content-Encoding"] == "gzip"
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert gzip.decompress(script.body) == webfiles.read("index.js")
    assert len(script.body) < 1_800_000
    assert door.ask(address.decode(), Accept_Encoding="gzip", If_None_Match=script.headers["ETag"]).status == 304


def test_every_file_of_tensorboards_is_there_unchanged(door: RealDoor, webfiles: zipfile.ZipFile) -> None:
    for name in webfiles.namelist():
        if name.endswith("/") or name == "index.html":
            continue
        answer = door.ask(f"/p/host1/{name}", "V")
        assert answer.status == 200, name
        assert answer.body == webfiles.read(name)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_fonts_and_editor_are_at_the_root_and_for_everybody(door: RealDoor, webfiles: zipfile.ZipFile) -> None:
    for name in webfiles.namelist():
        if name.startswith(("font-roboto/", "tf-imports/")) and not name.endswith("/"):
            answer = door.ask(f"/{name}", "A")
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/tb-assets/0000000000000000/index.js",
        "/tb-assets/",
        "/tb-assets/x",
        "/tb-assets/{hash}/index.html",
        "/font-roboto/none.woff2",
        "/tf-imports/",
    ],
)
def test_nothing_else_is_there(door: RealDoor, path: str) -> None:
    assert door.ask(path.format(hash="x")).status == 404


def test_the_mount_without_its_slash_and_the_old_addresses(door: RealDoor) -> None:
    for project in ("host1", "priv1"):
        bare = door.ask(f"/p/{project}?smoothing=0.6&x=%2F", "V")
        assert (bare.status, bare.headers["Location"]) == (301, f"/p/{project}/?smoothing=0.6&x=%2F")
        for legacy in ("audio", "events", "graphs", "histograms", "images"):
            answer = door.ask(f"/p/{project}/{legacy}", "V")
            assert (answer.status, answer.headers["Location"]) == (302, f"/p/{project}/")
        assert door.ask(f"/p/{project}/data/notifications", "V").body == b'{"notifications":[]}'


def test_a_starting_host_is_waited_for(door: RealDoor) -> None:
    page = door.navigate("/p/starting/", "V")
    assert page.status == 503
    assert b'http-equiv="refresh"' in page.body
    assert page.headers["Retry-After"] == "1"
    data = door.ask("/p/starting/data/runs", "V")
    assert (data.status, data.headers["Retry-After"]) == (503, "1")


def test_a_host_that_vanished_is_reported_and_starting() -> None:
    with open_real_door() as door:
        assert door.ask("/p/host1/data/runs", "V").status == 200
        door.host.close()
        (door.runtime_dir / "host1.sock").unlink()
        assert door.ask("/p/host1/data/runs", "V").status == 503
        assert '"lost": ["host1", "g1"]' in door.log()


def test_a_host_that_does_not_know_our_note_is_a_new_one() -> None:
    with open_real_door() as door:
        assert door.ask("/p/host1/data/plugin/tb_share/static/unknown-note", "V").status == 503
        assert wait_until(lambda: '"lost": ["host1", "g1"]' in door.log())
        assert door.ask("/p/host1/data/runs", "V").status == 200


def test_a_data_server_that_starts_anew_is_a_503_and_somebody_elses_failure_a_502() -> None:
    with open_real_door() as door:
        ours = door.ask("/p/host1/data/plugin/tb_share/static/away", "V")
        assert (ours.status, ours.headers["Retry-After"], json.loads(ours.body)["error"]["code"]) == (503, "1", "tensorboard_starting")
        assert door.ask("/p/priv1/data/plugin/foreign/away", "V").status == 502
