"""F01-F08 as pure cases: what crosses the door, in both directions."""

from __future__ import annotations

import pytest

from tb_share.gateway.proxy.headers import TENSORBOARD_POLICY, extended_policy, from_tensorboard, location_in_mount, to_tensorboard

OURS = [("Host", "localhost"), ("X-TB-Share-Handoff", "signed")]


@pytest.mark.parametrize(
    "key",
    ["HTTP_X_FORWARDED_USER", "HTTP_REMOTE_USER", "REMOTE_USER", "HTTP_X_AUTH_REQUEST_EMAIL", "HTTP_X_ORIGINAL_URL", "HTTP_X_TB_SHARE_HANDOFF",
     "HTTP_TENSORBOARD_EXPERIMENT_ID", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_HOST", "HTTP_TE", "HTTP_UPGRADE", "HTTP_PROXY_AUTHORIZATION",
     "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_TRANSFER_ENCODING", "CONTENT_LENGTH", "HTTP_EXPECT", "HTTP_ANYTHING"],
)  # fmt: skip
def test_F01_F02_what_a_client_says_of_itself_stays_outside(key: str) -> None:
    assert to_tensorboard({key: "x"}, OURS) == OURS


def test_F08_what_tensorboard_needs_arrives() -> None:
    sent = to_tensorboard({"HTTP_ACCEPT": "*/*", "CONTENT_TYPE": "text/plain", "HTTP_IF_NONE_MATCH": '"a"'}, OURS)
    assert sent == [("Accept", "*/*"), ("Content-Type", "text/plain"), ("If-None-Match", '"a"'), *OURS]


@pytest.mark.parametrize("connection", ["close, host, x-tb-share-handoff", "X-TB-Share-Handoff", "Accept,Host"])
def test_F07_connection_names_only_what_is_the_clients(connection: str) -> None:
    assert to_tensorboard({"HTTP_CONNECTION": connection}, OURS) == OURS


def test_F07_connection_removes_what_it_names() -> None:
    assert to_tensorboard({"HTTP_CONNECTION": "keep-alive, Accept", "HTTP_ACCEPT": "x"}, OURS) == OURS


def test_line_breaks_never_pass() -> None:
    assert to_tensorboard({"HTTP_ACCEPT": "a\r\nX-Evil: 1"}, []) == []
    assert from_tensorboard([("Content-Type", "a\nSet-Cookie: b")], "") == []


@pytest.mark.parametrize(
    "name",
    ["Set-Cookie", "Location", "Refresh", "Link", "Clear-Site-Data", "Service-Worker-Allowed", "Access-Control-Allow-Origin", "Cache-Control", "Expires",
     "Vary", "Server", "Date", "Connection", "Transfer-Encoding", "X-Frame-Options", "Strict-Transport-Security", "Content-Security-Policy", "WWW-Authenticate"],
)  # fmt: skip
def test_S_HEAD_4_what_tensorboard_may_not_tell_browsers(name: str) -> None:
    assert from_tensorboard([(name, "x"), ("content-type", "text/html")], "") == [("content-type", "text/html")]


def test_the_answers_connection_header_counts_too() -> None:
    assert from_tensorboard([("ETag", '"a"'), ("Content-Type", "b")], "close, etag") == [("Content-Type", "b")]


@pytest.mark.parametrize(
    ("policy", "becomes"),
    [
        (None, TENSORBOARD_POLICY),
        ("", TENSORBOARD_POLICY),
        ("default-src 'self';", "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'"),
        ("frame-ancestors 'none'; base-uri 'none'", "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"),
        ("x\r\nSet-Cookie: a", TENSORBOARD_POLICY),
    ],
)
def test_S_RESP_1_the_policy_only_grows_stricter(policy: str | None, becomes: str) -> None:
    assert extended_policy(policy) == becomes


@pytest.mark.parametrize(
    ("location", "prefix", "leads"),
    [
        ("/data/x", "", "/p/a/data/x"),
        ("/tb/data/x?y=1", "/tb", "/p/a/data/x?y=1"),
        ("/tb", "/tb", "/p/a/"),
        ("/tbx/data", "/tb", None),
        ("/data/x", "/tb", None),
        ("http://up:1/x", "", "/p/a/x"),
        ("https://up:1/x", "", None),
        ("http://up:2/x", "", None),
        ("//evil.test/x", "", None),
        ("../x", "", None),
        ("other", "", "/p/a/data/other"),
        ("/x;y", "", None),
        ("/x\r\nSet-Cookie: a", "", None),
        ("javascript:alert(1)", "", None),
    ],
)
def test_redirects_lead_below_the_mount_or_nowhere(location: str, prefix: str, leads: str | None) -> None:
    assert location_in_mount(location, asked=f"{prefix}/data/runs", origin="http://up:1", prefix=prefix, mount="/p/a") == leads
