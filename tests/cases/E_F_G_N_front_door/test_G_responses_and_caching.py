"""Group G: responses and caching, through a real front door."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.integration.gateway.doors import CANARY, Answer, RealDoor

Denied = Callable[[Answer], None]

PROTECTED = [
    "/p/priv1/data/runs",
    "/p/host1/data/runs",
    "/p/host1/",
    "/p/priv1/data/environment",
    "/p/priv1/data/notifications",
    "/api/v1/projects/priv1",
]


@pytest.mark.parametrize("path", PROTECTED)
def test_G01_private_answers_say_so(door: RealDoor, path: str) -> None:
    answer = door.ask(path, "V")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] in {"private, no-store", "private, no-cache"}
    assert (answer.headers["Cache-Control"] == "private, no-cache") == ("ETag" in answer.headers)
    assert {"Cookie", "Authorization"} <= set(answer.headers["Vary"].split(", "))
    assert "public" not in answer.headers["Cache-Control"]


def test_G01_an_etag_of_the_host_allows_asking_again(door: RealDoor) -> None:
    answer = door.ask("/p/host1/data/plugin/tb_share/static/tagged", "V", If_None_Match='"g1"')
    assert answer.headers["ETag"] == '"g1"'
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert door.host.received[-1].headers["if-none-match"] == '"g1"'


@pytest.mark.parametrize("prefix", ["", "experiment/defaultExperimentId/"])
def test_the_panel_of_an_upstream_is_told_of_us_by_us_alone(door: RealDoor, prefix: str) -> None:
    answer = door.ask(f"/p/priv1/{prefix}data/plugin/tb_share/context", "V", If_None_Match='"c1"', Accept_Encoding="gzip")
    assert answer.status == 200
    said = json.loads(answer.body)
    assert (said["version"], said["logdir_empty"], said["gateway"]["api"]) == ("2", False, "/api/v1/projects/priv1")
    assert (said["gateway"]["caller"]["kind"], said["gateway"]["caller"]["role"]) == ("member", "viewer")
    assert "create_link" not in said["gateway"]["may"]
    assert "ETag" not in answer.headers
    assert not {"if-none-match", "accept-encoding"} & set(door.private.received[-1].headers)
    assert door.ask(f"/p/priv1/{prefix}data/plugin/tb_share/context", "A").status == 401


@pytest.mark.parametrize("path", PROTECTED)
def test_G02_a_shared_cache_keeps_nothing(door: RealDoor, path: str) -> None:
    kept: dict[str, Answer] = {}
    warm = door.ask(path, "V")
    if "private" not in warm.headers["Cache-Control"]:
        kept[path] = warm
    seen_by_stranger = kept.get(path) or door.ask(path, "A")
    assert seen_by_stranger.status == 401
    assert CANARY.encode() not in seen_by_stranger.whole


@pytest.mark.parametrize("tail", ["/x.css", ";x.js", "%0ax.css", "/..%2fx.js", ".css", "%3fx.css", "/"])
def test_G04_cache_deception(door: RealDoor, actor: str, denied: Denied, tail: str) -> None:
    answer = door.ask(f"/p/priv1/data/runs{tail}", actor)
    denied(answer)
    assert answer.headers["Cache-Control"].startswith("private, no-store")


def test_G05_a_public_answer_depends_on_nothing_a_client_sends(door: RealDoor) -> None:
    clean = door.ask("/font-roboto/oMMgfZMQthOryQo9n22dcuvvDin1pK8aKteLpeZ5c0A.woff2")
    odd = door.ask(
        "/font-roboto/oMMgfZMQthOryQo9n22dcuvvDin1pK8aKteLpeZ5c0A.woff2?x=%3Cscript%3E",
        X_Forwarded_Host="evil.test",
        X_Forwarded_Proto="https",
        Range="bytes=0-3",
        Origin="http://evil.test",
    )
    assert clean.status == 200
    assert odd.shape == clean.shape
    assert "Access-Control-Allow-Origin" not in odd.headers


ERRORS = [
    ("/p/priv1/%ff", "V", 400), ("/p/priv1/data/plugin/foreign/fails", "V", 502), ("/p/priv1/data/plugin/foreign/garbage", "V", 502),
    ("/p/failed/data/runs", "V", 502), ("/p/starting/data/runs", "V", 503), ("/p/priv1/nothing", "V", 404), ("/", "A", 401),
]  # fmt: skip


@pytest.mark.parametrize(("path", "actor", "status"), ERRORS)
def test_G07_one_shape_and_no_inside(door: RealDoor, path: str, actor: str, status: int) -> None:
    answer = door.ask(path, actor)
    assert answer.status == status
    error = json.loads(answer.body)["error"]
    assert set(error) == {"code", "message", "request_id"}
    assert error["request_id"] == answer.headers["X-Request-Id"]
    page = door.navigate(path, actor)
    for text in (answer.whole, page.whole):
        for inside in (b"secret", b"Traceback", b"/work", b".py", b"sqlite", CANARY.encode()):
            assert inside not in text
    if page.status == status and status != 503:
        assert b"Request <code>" in page.body


@pytest.mark.parametrize(("cookie", "status"), [("DATABASE-GONE", 503), ("BUG", 500)])
def test_G07_a_failing_store_or_a_bug_closes(door: RealDoor, denied: Denied, cookie: str, status: int) -> None:
    answer = door.ask("/p/priv1/data/runs", Cookie=f"tb_share={cookie}")
    assert answer.status == status
    assert json.loads(answer.body)["error"]["request_id"]
    assert b"secret-in-a-message" not in answer.whole
    assert "secret-in-a-message" not in door.log()


def test_G08_an_upstream_that_is_down_is_502(door: RealDoor) -> None:
    assert door.ask("/p/gone/data/runs", "V").status == 502
    assert door.ask("/p/gone/data/plugin/timeseries/timeSeries", "V", "POST", b"{}").status == 502
    assert door.ask("/p/priv1/data/plugin/foreign/hangs-up", "V").status == 502


def test_G08_a_silent_upstream_is_504(door: RealDoor) -> None:
    assert door.ask("/p/priv1/data/plugin/foreign/silent", "V").status == 504


@pytest.mark.parametrize("name", ["truncated", "truncated-chunked"])
def test_G08_a_broken_answer_does_not_look_complete(door: RealDoor, name: str) -> None:
    assert door.ask(f"/p/priv1/data/plugin/foreign/{name}", "V").broken_off


def test_G08_a_short_answer_is_whole_or_502(door: RealDoor) -> None:
    assert door.ask("/p/priv1/data/plugin/foreign/truncated-small", "V").status == 502


@pytest.mark.parametrize("name", ["hangs-up", "garbage", "silent"])
def test_G08_a_post_is_never_sent_twice(door: RealDoor, name: str) -> None:
    before = len(door.private.received)
    answer = door.ask(f"/p/priv1/data/plugin/foreign/{name}", "V", "POST", b"{}")
    assert answer.status in {502, 504}
    assert len(door.private.received) == before + 1


def test_G08_a_connection_that_ended_meanwhile_costs_a_get_nothing(door: RealDoor) -> None:
    for _ in range(5):
        assert door.ask("/p/priv1/data/plugin/foreign/last-word", "V").status == 200
        assert door.ask("/p/priv1/data/runs", "V").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console",
        "/?__debugger__=yes&cmd=resource",
        "/metrics",
        "/debug",
        "/.env",
        "/openapi",
        "/openapi.json",
        "/.git/config",
        "/server-status",
        "/api",
        "/api/v1",
    ],
)
def test_G10_no_debug_pages(door: RealDoor, denied: Denied, path: str) -> None:
    for actor in ("A", "N"):
        denied_or_own = door.ask(path, actor)
        if not path.startswith("/?"):
            denied(denied_or_own)


def test_G_headers_of_tensorboard_that_are_not_its_business(door: RealDoor) -> None:
    for path, upstream in (("/p/priv1/data/plugin/foreign/cookies", "private"), ("/p/host1/data/plugin/tb_share/static/cookies", "host")):
        assert upstream
        headers = door.ask(path, "V").headers
        for name in (
            "Set-Cookie", "Refresh", "Link", "Clear-Site-Data", "Service-Worker-Allowed", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
            "X-Frame-Options", "X-Hop",
        ):  # fmt: skip
            assert name not in headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Server"] == "gunicorn"
        assert len(headers.get_all("Date") or []) == 1


@pytest.mark.parametrize(
    ("location", "leads"),
    [("/data/x", "/p/priv1/data/x"), ("x?a=b", "/p/priv1/data/plugin/foreign/x?a=b"), ("http://evil.test/x", None), ("//evil.test/x", None),
     ("javascript:alert(1)", None), ("/\\evil.test", None), ("../../../../logout", None), ("", None), ("/%2e%2e/logout", None)],
)  # fmt: skip
def test_G_redirects_stay_below_the_mount(door: RealDoor, location: str, leads: str | None) -> None:
    answer = door.ask(f"/p/priv1/data/plugin/foreign/redirects?{location.encode().hex()}", "V")
    if leads is None:
        assert answer.status == 502 or answer.headers["Location"].startswith("/p/priv1/")
        assert "evil" not in str(answer.headers)
    else:
        assert (answer.status, answer.headers["Location"]) == (302, leads)


def test_G_every_class_of_answer_carries_its_headers(door: RealDoor) -> None:
    for path, actor, policy in [
        ("/login", "A", "frame-ancestors 'none'"), ("/s/x", "A", "frame-ancestors 'none'"), ("/nowhere", "A", "frame-ancestors 'none'"),
        ("/p/priv1/data/runs", "A", "frame-ancestors 'self'"), ("/p/priv1/data/plugin/foreign/page", "V", "frame-ancestors 'self'"),
        ("/p/host1/", "V", "frame-ancestors 'self'"), ("/healthz", "A", "frame-ancestors 'none'"),
    ]:  # fmt: skip
        headers = door.ask(path, actor).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert policy in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == ("no-referrer" if path == "/s/x" else "same-origin")
        assert "X-Frame-Options" not in headers
    policy = door.ask("/p/priv1/data/plugin/foreign/page", "V").headers["Content-Security-Policy"]
    assert policy == "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
    assert "unsafe" not in door.ask("/login").headers["Content-Security-Policy"]
    assert door.ask("/s/x").headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("actor", ["A", "N", "PUB", "L", "LH"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/data/runs"),
        ("HEAD", "/data/runs"),
        ("POST", "/data/plugin/timeseries/timeSeries"),
        ("GET", ""),
        ("OPTIONS", "/"),
    ],
)
@pytest.mark.parametrize("prefix", ["/p", "/api/v1/projects", "/projects"])
def test_H02_a_private_project_answers_like_one_that_never_was(door: RealDoor, actor: str, method: str, path: str, prefix: str) -> None:
    private = "priv1" if actor in {"A", "N", "PUB", "LH"} else "host1"
    for headers in ({}, {"Accept": "text/html", "Sec_Fetch_Mode": "navigate"}):
        body = b"{}" if method == "POST" else None
        shown = door.ask(f"{prefix}/{private}{path}", actor, method, body, **headers)
        never = door.ask(f"{prefix}/never{path}", actor, method, body, **headers)
        if "Location" in shown.headers:
            shown.headers.replace_header("Location", shown.headers["Location"].replace(private, "never"))
        assert shown.shape == never.shape


def test_I_an_ended_link_says_so_on_any_project(door: RealDoor) -> None:
    answer = door.ask("/p/priv1/data/runs", "ENDED")
    assert answer.status == 403
    assert json.loads(answer.body)["error"]["code"] == "link_ended"
    assert answer.shape == door.ask("/p/never/data/runs", "ENDED").shape


def test_I_a_link_to_experiments_opens_no_upstream(door: RealDoor, denied: Denied) -> None:
    denied(door.ask("/p/priv1/data/runs", "LC"))


def test_S_FILE_9_plugins_that_read_the_disk(door: RealDoor) -> None:
    for name in ("projector/runs", "debugger-v2/runs", "profile/hosts"):
        assert door.ask(f"/p/priv1/data/plugin/{name}", "V").status == 200
        assert door.ask(f"/p/priv1/data/plugin/{name}", "L").status == 404
        assert door.ask(f"/p/host1/data/plugin/{name}", "V").status == 404
        assert door.ask(f"/p/host1/data/plugin/{name}", "LH").status == 404


def test_xhr_gets_json_and_a_navigation_the_sign_in_page(door: RealDoor) -> None:
    xhr = door.ask("/p/priv1/data/runs")
    assert (xhr.status, xhr.headers["Content-Type"]) == (401, "application/json")
    assert "Location" not in xhr.headers
    assert "Set-Cookie" not in xhr.headers
    fetched = door.ask("/p/priv1/data/runs", Accept="text/html", Sec_Fetch_Mode="cors")
    assert fetched.status == 401
    page = door.navigate("/p/priv1/?tagFilter=a%20b&x=%2F%2F")
    assert (page.status, page.headers["Location"]) == (302, "/login?next=%2Fp%2Fpriv1%2F%3FtagFilter%3Da%2520b%26x%3D%252F%252F")
