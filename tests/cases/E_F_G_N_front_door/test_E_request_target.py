"""Group E: request target and path, through a real front door, each as A, N and V."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest

from tb_share.model.project import is_project_id
from tb_share.settings import TensorBoardSettings
from tests.integration.gateway.doors import CANARY, Answer, RealDoor, open_real_door

Denied = Callable[[Answer], None]


def test_E_the_canonical_path_works_for_the_viewer_alone(door: RealDoor) -> None:
    assert door.ask("/p/priv1/data/runs", "V").status == 200
    assert CANARY.encode() in door.ask("/p/priv1/data/runs", "V").body
    assert door.ask("/p/priv1/data/runs", "N").status == 404
    assert door.ask("/p/priv1/data/runs", "A").status == 401
    assert door.navigate("/p/priv1/data/runs", "A").status == 302


@pytest.mark.parametrize("target", ["/p/pub/../priv1/data/runs", "/p/pub/./../priv1/data/runs", "/p/pub/..", "/p/.."])
def test_E01_dot_segments(door: RealDoor, actor: str, denied: Denied, target: str) -> None:
    denied(door.ask(target, actor))
    denied(door.ask(target, "PUB"))


@pytest.mark.parametrize(
    "dots",
    ["%2e%2e/", ".%2e/", "%2e./", "%2E%2E/", "..%2f", "..%2F", "..;/", "..%3b/", "..%5c", "..\\", "%252e%252e/", "%c0%ae%c0%ae/", "..%00/"],
)
def test_E02_encoded_dot_segments(door: RealDoor, actor: str, denied: Denied, dots: str) -> None:
    denied(door.ask(f"/p/pub/{dots}priv1/data/runs", actor))
    denied(door.ask(f"/p/pub/{dots}priv1/data/runs", "PUB"))


@pytest.mark.parametrize("target", ["//evil.test/x", "///evil.test/x", "/\\evil.test", "/@evil.test/", "/.evil.test/", "/%09//evil.test"])
def test_E04_targets_that_look_like_other_hosts(door: RealDoor, actor: str, denied: Denied, target: str) -> None:
    denied(door.ask(target, actor))
    denied(door.navigate(target, actor))


def test_E05_absolute_form_goes_nowhere_else(door: RealDoor, denied: Denied) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary_port:
        canary_port.setblocking(False)
        port = canary_port.getsockname()[1]
        for authority in (f"127.0.0.1:{port}", f"a@127.0.0.1:{port}", "evil.test", f"{door.private.url[7:]}"):
            for actor in ("A", "N"):
                denied(door.ask(f"http://{authority}/p/priv1/data/runs", actor))
        for target in (
            f"ftp://127.0.0.1:{port}/x",
            f"http:/127.0.0.1:{port}/x",
            f"http:\\\\127.0.0.1:{port}",
            "http://",
            "*",
            "evil.test:80",
        ):
            denied(door.ask(target, "V"))
        with pytest.raises(BlockingIOError):
            canary_port.accept()


def test_E05_absolute_form_is_decided_by_its_path(door: RealDoor) -> None:
    answer = door.ask("http://evil.test/p/priv1/data/runs", "V")
    assert answer.status == 200
    assert door.private.received[-1].line == "GET /data/runs HTTP/1.1"
    assert door.private.received[-1].headers["host"] == door.private.url.removeprefix("http://")


ALIASES = [
    "data/logdir%3Fx", "data/logdir%23x", "data/logdir;x", "data/logdir%3Bx", "data/logdir/", "data/%6Cogdir/", "/data/logdir", "data//logdir",
    "experiment/abc/data/logdir", "experiment//data/logdir", "experiment/../data/logdir", "experiment/defaultExperimentId//data/logdir",
    "experiment/defaultExperimentId/experiment/defaultExperimentId/data/logdir", "DATA/logdir", "data/LOGDIR", "data/logdir%00",
    "data/environment%3Fx", "data/environment;x", "data/environment/", "experiment/x/data/environment", "data/logdir%20", "data/logdir.",
]  # fmt: skip


@pytest.mark.parametrize("alias", ALIASES)
def test_E07_aliases_of_server_routes_do_not_exist(door: RealDoor, actor: str, denied: Denied, alias: str) -> None:
    denied(door.ask(f"/p/priv1/{alias}", actor))


@pytest.mark.parametrize("route", ["data/environment", "data/logdir", "data/%6Cogdir", "experiment/defaultExperimentId/data/environment"])
def test_E07_server_routes_are_blanked_below_owner(door: RealDoor, route: str) -> None:
    for actor in ("V", "L"):
        answer = door.ask(f"/p/priv1/{route}", actor)
        assert answer.status == 200
        assert b"secret" not in answer.body
        assert "debug" not in json.loads(answer.body)
    assert b"/srv/secret/logs" in door.ask(f"/p/priv1/{route}", "O").body


@pytest.mark.parametrize("prefix", ["", "experiment/defaultExperimentId/"])
def test_E07_files_beside_an_upstreams_logs_are_for_those_with_a_role(door: RealDoor, denied: Denied, prefix: str) -> None:
    place = f"/p/priv1/{prefix}data/plugin/tb_share"
    denied(door.ask(f"{place}/file?id=x&name=y", "L"))
    denied(door.ask(f"{place}/%66ile?id=x&name=y", "L"))
    assert json.loads(door.ask(f"{place}/files?id=x", "L").body)["files"] == []


def test_E07_and_whoever_has_one_is_let_through(door: RealDoor) -> None:
    for route in ("file", "files"):
        door.ask(f"/p/priv1/data/plugin/tb_share/{route}?id=x", "V")
        assert door.private.received[-1].line == f"GET /data/plugin/tb_share/{route}?id=x HTTP/1.1"


def test_E07_an_administrator_can_leave_an_upstreams_files_at_the_list() -> None:
    with open_real_door(tensorboard=TensorBoardSettings(hand_out_files=False)) as door:
        for prefix in ("", "experiment/defaultExperimentId/"):
            place = f"/p/priv1/{prefix}data/plugin/tb_share"
            for actor in ("V", "O"):
                assert door.ask(f"{place}/file?id=x&name=y", actor).status == 404
                listed = json.loads(door.ask(f"{place}/files?id=x", actor).body)
                assert (listed["canary"], listed["contents"]) == (CANARY, False)
        assert all("/file?" not in each.line for each in door.private.received)


@pytest.mark.parametrize(
    "target",
    ["/p/priv1/data/runs?/healthz", "/p/priv1/data/runs?HEALTH", "/p/priv1/data/runs%23/healthz", "/healthz/../p/priv1/data/runs",
     "/healthz%2f..%2fp/priv1/data/runs", "/healthz;/p/priv1/data/runs", "/healthz/p/priv1/data/runs", "/static/../p/priv1/data/runs",
     "/p/priv1/data/runs#/healthz", "/p/priv1/data/runs?x#/static/", "/tb-assets/../p/priv1/data/runs", "/login/%2e%2e/p/priv1/data/runs"],
)  # fmt: skip
def test_E08_public_routes_lend_their_right_to_nobody(door: RealDoor, denied: Denied, target: str) -> None:
    denied(door.ask(target, "A"))
    denied(door.ask(target, "N"))
    if "runs?" not in target:
        denied(door.ask(target, "V"))


def test_E08_a_fragment_in_the_target_is_refused(door: RealDoor, actor: str, denied: Denied) -> None:
    answer = door.ask("/p/priv1/data/runs#x", actor)
    denied(answer)
    assert answer.status == 400


@pytest.mark.parametrize(
    "name",
    ["PRIV1", "Priv1", "priv1.", "priv1%20", "priv1%E3%80%80", "%EF%BD%90riv1", "priv1%2f", "priv1;a=b", "priv1.json", "./priv1", "uid-priv1",
     "1", "priv1%0a", "priv1%00", "-priv1", "priv1-", "p", "data", "x" * 64],
)  # fmt: skip
def test_E10_variants_of_a_project_id(door: RealDoor, actor: str, denied: Denied, name: str) -> None:
    denied(door.ask(f"/p/{name}/data/runs", actor))


@pytest.mark.parametrize(
    "name", ["..", ".", "data", "static", "api", "login", "", "a" * 10_000, "A", "a_b", "a.b", "s", "p", "-", "a\n", "ａ"]
)
def test_E11_names_that_no_project_may_have(name: str) -> None:
    assert not is_project_id(name)


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "FOO", "get"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/p/priv1/data/runs", "/p/priv1/", "/p/priv1", "/projects/priv1", "/api/v1/projects/priv1/links"])
def test_E13_no_method_lets_a_stranger_in(door: RealDoor, denied: Denied, method: str, path: str) -> None:
    for who in ("A", "N"):
        answer = door.ask(path, who, method)
        if method not in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}:
            assert answer.status in {400, 405, 501}
        denied(answer)


@pytest.mark.parametrize("method", ["TRACE", "FOO", "OPTIONS", "PROPFIND", "PUT", "PATCH", "DELETE", "POST"])
def test_E13_other_methods_do_not_reach_tensorboard(door: RealDoor, denied: Denied, method: str) -> None:
    answer = door.ask("/p/priv1/data/runs", "V", method)
    denied(answer)
    assert answer.status == 405


def test_E13_head_says_no_more_than_get(door: RealDoor) -> None:
    got, head = door.ask("/p/priv1/data/runs", "V"), door.ask("/p/priv1/data/runs", "V", "HEAD")
    assert head.body == b""
    assert {name for name, _ in head.headers.items()} <= {name for name, _ in got.headers.items()}
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.parametrize("rounds", [2, 3])
def test_E14_only_one_round_of_escaping_is_undone(door: RealDoor, actor: str, denied: Denied, rounds: int) -> None:
    path = "data/runs"
    for _ in range(rounds):
        path = "".join(f"%{ord(letter):02x}" if letter in "dr%" else letter for letter in path)
    denied(door.ask(f"/p/priv1/{path}", actor))
    denied(door.ask(f"/p/priv1/{path}", "PUB"))


def test_E14_one_round_is_the_canonical_path(door: RealDoor, denied: Denied) -> None:
    denied(door.ask("/p/%70riv1/%64ata/runs", "PUB"))
    denied(door.ask("/p/priv1/data%2fruns", "PUB"))


@pytest.mark.parametrize("protocol", ["websocket", "h2c", "WebSocket"])
def test_E16_nothing_is_tunnelled(door: RealDoor, actor: str, denied: Denied, protocol: str) -> None:
    more = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": protocol,
        "Sec_WebSocket_Key": "eA==",
        "Sec_WebSocket_Version": "13",
        "HTTP2_Settings": "AA",
    }
    answer = door.ask("/p/priv1/data/runs", actor, **more)
    denied(answer)
    assert "Upgrade" not in answer.headers


@pytest.mark.parametrize("path", ["index.js", "font-roboto/oMMgfZMQthOryQo9n22dcuvvDin1pK8aKteLpeZ5c0A.woff2", "chart_worker.js"])
def test_E17_assets_of_a_project_tell_nothing_of_it(door: RealDoor, denied: Denied, path: str) -> None:
    denied(door.ask(f"/p/priv1/{path}", "A"))
    assert door.ask(f"/p/priv1/{path}", "A").shape == door.ask(f"/p/nosuch/{path}", "A").shape
