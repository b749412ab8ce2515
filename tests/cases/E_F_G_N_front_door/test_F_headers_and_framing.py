"""Group F: headers and framing, through a real front door, byte by byte."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tb_share import handoff
from tb_share.settings import ProxySettings
from tests.integration.gateway.doors import CANARY, COOKIES, Answer, RealDoor, open_real_door, read_answer, read_answers

Denied = Callable[[Answer], None]

IDENTITY = [
    "X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Groups", "Remote-User", "X-Remote-User", "X-Auth-Request-User", "X-Auth-Request-Email",
    "X-WEBAUTH-USER", "X-Original-User", "X-Original-URL", "X-Rewrite-URL", "X-Real-IP", "X-TB-Share-Handoff", "X-TB-Share-Caller",
    "TensorBoard-Experiment-Id", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-HTTP-Method-Override",
]  # fmt: skip


def raw(
    door: RealDoor, *lines: str, actor: str = "V", line: str = "GET /p/priv1/data/runs HTTP/1.1", body: bytes = b"", host: bool = True
) -> Answer:
    """A request with exactly these header lines."""
    always = [line, *([f"Host: {door.base}"] if host else []), *([f"Cookie: {COOKIES[actor]}"] if COOKIES[actor] else [])]
    return door.raw("\r\n".join([*always, *lines, "", ""]).encode("latin-1") + body, line.split(" ", maxsplit=1)[0])


@pytest.mark.parametrize("name", IDENTITY)
def test_F01_identity_headers_are_not_believed(door: RealDoor, denied: Denied, name: str) -> None:
    for who in ("A", "N"):
        denied(raw(door, f"{name}: V", "Connection: close", actor=who))


@pytest.mark.parametrize("name", IDENTITY)
def test_F01_identity_headers_never_arrive(door: RealDoor, name: str) -> None:
    for path, upstream in (("/p/priv1/data/runs", door.private), ("/p/host1/data/runs", door.host)):
        answer = raw(door, f"{name}: FORGED", "Connection: close", line=f"GET {path} HTTP/1.1")
        assert answer.status == 200
        assert b"FORGED" not in upstream.received[-1].head


@pytest.mark.parametrize(
    "name", ["X_Forwarded_User", "Remote_User", "X-Forwarded_User", "X_Auth_Request_User", "x_tb_share_handoff", "SCRIPT_NAME", "PATH_INFO"]
)
def test_F02_underscores_are_refused(door: RealDoor, denied: Denied, actor: str, name: str) -> None:
    answer = raw(door, f"{name}: V", "Connection: close", actor=actor)
    assert answer.status == 400
    denied(answer)


@pytest.mark.parametrize(
    "line", ["remote-user: FORGED", "REMOTE-USER:FORGED", "Remote-User: FORGED\r\nRemote-User: FORGED", "Remote-User:  FORGED  "]
)
def test_F02_other_spellings_never_arrive(door: RealDoor, line: str) -> None:
    assert raw(door, line, "Connection: close").status == 200
    assert b"FORGED" not in door.private.received[-1].head


@pytest.mark.parametrize("line", ["Remote-User : x", "Remote User: x", ": x", "Remote-User"])
def test_F02_malformed_names_are_refused(door: RealDoor, denied: Denied, line: str) -> None:
    denied(raw(door, line, "Connection: close"))


@pytest.mark.parametrize(
    "line",
    [
        "X-Forwarded-For: 10.9.9.9",
        "X-Forwarded-For: 1.1.1.1, 10.9.9.9",
        "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4, 10.9.9.9",
        "Forwarded: for=10.9.9.9",
        "X-Real-IP: 10.9.9.9",
    ],
)
def test_F04_the_true_peer_counts(door: RealDoor, line: str) -> None:
    answer = raw(door, line, "Connection: close", actor="A", line="GET /login HTTP/1.1")
    assert json.loads(answer.body)["peer"] == "127.0.0.1"
    assert "10.9.9.9" not in door.log()


def test_F04_a_listed_proxy_is_believed_for_its_hops() -> None:
    with open_real_door(proxy=ProxySettings(trusted_peers=("127.0.0.1/32",), hops=2)) as door:
        said = {
            "203.0.113.9, 10.0.0.1": "203.0.113.9",
            "6.6.6.6, 203.0.113.9, 10.0.0.1": "203.0.113.9",
            "203.0.113.9": "127.0.0.1",
            "evil, 10.0.0.1": "127.0.0.1",
        }
        for line, peer in said.items():
            answer = raw(door, f"X-Forwarded-For: {line}", "Connection: close", actor="A", line="GET /login HTTP/1.1")
            assert json.loads(answer.body)["peer"] == peer


@pytest.mark.parametrize(
    "lines",
    [
        ["X-Forwarded-Proto: https"],
        ["X-Forwarded-Proto: https", "X-Forwarded-Ssl: off"],
        ["X-Forwarded-Protocol: ssl"],
        ["X-Forwarded-Ssl: on"],
        ["Front-End-Https: on"],
    ],
)
def test_F05_the_scheme_is_ours(door: RealDoor, lines: list[str]) -> None:
    answer = raw(door, *lines, "X-Forwarded-Host: evil.test", "Connection: close", actor="A", line="GET /login HTTP/1.1")
    assert json.loads(answer.body) == {"reached": "sign_in_page", "peer": "127.0.0.1", "url": f"http://{door.base}/", "secure": False}
    assert "Strict-Transport-Security" not in answer.headers


def test_F05_https_is_what_we_are_told_at_start() -> None:
    with open_real_door(public_url="https://tb.example.org") as door:
        lines = ("Host: tb.example.org", "Connection: close")
        for more in ([], ["X-Forwarded-Proto: http"]):
            answer = raw(door, *lines, *more, actor="A", line="GET /login HTTP/1.1", host=False)
            assert json.loads(answer.body)["url"] == "https://tb.example.org/"
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        own = raw(door, *lines, "Cookie: __Host-tb_share=V", line="GET /p/priv1/data/runs HTTP/1.1", actor="A", host=False)
        plain = raw(door, *lines, "Cookie: tb_share=V", line="GET /p/priv1/data/runs HTTP/1.1", actor="A", host=False)
        assert (own.status, plain.status) == (200, 401)


@pytest.mark.parametrize(
    "named", ["Cookie", "Authorization", "X-Forwarded-User", "Content-Length", "X-TB-Share-Handoff", "Host", "Content-Security-Policy"]
)
def test_F07_connection_cannot_remove_what_we_add(door: RealDoor, named: str) -> None:
    answer = raw(door, f"Connection: close, {named}", line="GET /p/host1/data/runs HTTP/1.1")
    assert answer.status == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    sent = door.host.received[-1].headers
    assert handoff.read(sent[handoff.HEADER.lower()], "ab" * 32, "host1", handoff_time(sent)) is not None
    assert sent["host"] == "localhost"


def handoff_time(headers: dict[str, str]) -> float:
    """A moment at which the note is good."""
    import time

    assert headers
    return time.time()


def test_F07_what_connection_names_stays_here(door: RealDoor) -> None:
    raw(door, "Connection: close, Accept-Language", "Accept-Language: NAMED")
    assert b"NAMED" not in door.private.received[-1].head


def test_F08_what_tensorboard_receives(door: RealDoor) -> None:
    raw(
        door, "Authorization: Basic SECRET", "Proxy-Authorization: Basic SECRET", "Proxy-Connection: keep-alive", "TE: trailers", "Keep-Alive: 5",
        "Referer: http://x/SECRET", "Origin: http://SECRET", "Sec-Fetch-Site: same-origin", "Accept: application/json", "Accept-Encoding: gzip",
        "User-Agent: Firefox", "X-TensorBoard-Feature-Flags: {}", "Connection: close",
    )  # fmt: skip
    got = door.private.received[-1]
    assert b"SECRET" not in got.head
    assert set(got.headers) == {"host", "accept", "accept-encoding", "user-agent", "x-tensorboard-feature-flags"}
    assert got.headers["host"] == door.private.url.removeprefix("http://")


def test_F08_a_host_receives_the_note_and_no_cookie(door: RealDoor) -> None:
    for actor, kind in (("V", "member"), ("LH", "link")):
        raw(door, "Connection: close", actor=actor, line="GET /p/host1/data/runs HTTP/1.1")
        got = door.host.received[-1].headers
        assert "cookie" not in got
        note = handoff.read(got[handoff.HEADER.lower()], "ab" * 32, "host1", handoff_time(got))
        assert note is not None
        assert note.caller_kind == kind
        assert not note.foreign_plugins


POST = "POST /p/priv1/data/plugin/timeseries/timeSeries HTTP/1.1"


@pytest.mark.parametrize(
    "lines",
    [["Content-Length: 4", "Transfer-Encoding: chunked"], ["Content-Length: 4", "Content-Length: 4"], ["Content-Length: 4", "Content-Length: 5"],
     ["Content-Length: 4, 4"], ["Content-Length: +4"], ["Content-Length: 0x4"], ["Content-Length: -1"], ["Content-Length: \xb2"],
     ["Content-Length: 1e30"], ["Content-Length: "], ["Content-Length: 4 "] * 2, ["Content-Length: 4;5"]],
)  # fmt: skip
def test_F10_lengths_with_two_readings(door: RealDoor, denied: Denied, lines: list[str]) -> None:
    answer = raw(door, "Sec-Fetch-Site: same-origin", *lines, line=POST, body=b"0\r\n\r\nGET /p/priv1/data/runs HTTP/1.1\r\n\r\n")
    denied(answer)
    assert answer.status == 400


@pytest.mark.parametrize(
    ("line", "lines"),
    [(POST, ["Transfer-Encoding: chunked, identity"]), (POST, ["Transfer-Encoding: xchunked"]), (POST, ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]),
     (POST, ["Transfer-Encoding : chunked"]), (POST, ["Transfer-Encoding: \x0bchunked"]), (POST, ["Transfer-Encoding:", " chunked"]),
     (POST, ["Transfer-Encoding: gzip"]), (POST, ["X: y", " Transfer-Encoding: chunked"]), (POST.replace("1.1", "1.0"), ["Transfer-Encoding: chunked"])],
)  # fmt: skip
def test_F11_transfer_encodings(door: RealDoor, denied: Denied, line: str, lines: list[str]) -> None:
    answer = raw(door, "Sec-Fetch-Site: same-origin", *lines, line=line, body=b"4\r\nabcd\r\n0\r\n\r\n")
    denied(answer)
    assert answer.status in {400, 501}


@pytest.mark.parametrize("body", [b"4\r\nabcdX", b"zz\r\n", b"4;\r\r\nabcd\r\n0\r\n\r\n", b"4\nabcd\n0\n\n", b"-4\r\nabcd\r\n0\r\n\r\n"])
def test_F11_a_bad_chunk_is_400_and_closes(door: RealDoor, denied: Denied, body: bytes) -> None:
    answer = raw(door, "Sec-Fetch-Site: same-origin", "Transfer-Encoding: chunked", line=POST, body=body + b"GET / HTTP/1.1\r\n\r\n")
    denied(answer)
    assert answer.status == 400


def test_F11_good_chunks_arrive_with_our_own_framing(door: RealDoor) -> None:
    answer = raw(
        door,
        "Sec-Fetch-Site: same-origin",
        "Transfer-Encoding: chunked",
        "Connection: close",
        line=POST,
        body=b"4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n",
    )
    assert answer.status == 200
    assert door.private.received[-1].body == b"abcdefg"
    assert "transfer-encoding" not in door.private.received[-1].headers


@pytest.mark.parametrize("first", ["/p/priv1/data/plugin/timeseries/timeSeries", "/nowhere", "/p/priv1/data/runs"])
@pytest.mark.parametrize("actor", ["A", "N", "V"])
def test_F13_a_request_inside_a_body_is_a_body(door: RealDoor, first: str, actor: str) -> None:
    inner = f"GET /p/priv1/data/runs?inner HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\n\r\n".encode()
    cookie = f"Cookie: {COOKIES[actor]}\r\n" if COOKIES[actor] else ""
    before = len(door.private.received)
    with door.connect() as connection:
        connection.sendall(
            f"POST {first} HTTP/1.1\r\nHost: {door.base}\r\n{cookie}Sec-Fetch-Site: same-origin\r\nContent-Length: {len(inner)}\r\n\r\n".encode()
            + inner
            + f"GET /healthz HTTP/1.1\r\nHost: {door.base}\r\nConnection: close\r\n\r\n".encode()
        )
        one, two = read_answers(connection, 2)
        assert two.body == b"ok\n"
        assert one.status != 0
        assert connection.recv(1) == b""
    assert not [each for each in door.private.received[before:] if "inner" in each.line]


def test_F14_a_refused_upload_does_not_become_the_next_request(door: RealDoor) -> None:
    smuggled = f"GET /p/priv1/data/runs HTTP/1.1\r\nHost: {door.base}\r\nCookie: tb_share=V\r\n\r\n".encode()
    before = door.upstream_count()
    for actor, length in (("A", 3_000_000), ("V", 30_000_000)):
        with door.connect() as connection:
            head = f"POST /p/priv1/data/plugin/timeseries/timeSeries HTTP/1.1\r\nHost: {door.base}\r\nSec-Fetch-Site: same-origin\r\n"
            cookie = f"Cookie: {COOKIES[actor]}\r\n" if COOKIES[actor] else ""
            connection.sendall((head + cookie + f"Content-Length: {length}\r\n\r\n").encode())
            try:
                for _ in range(3_000_000 // len(smuggled)):
                    connection.sendall(smuggled)
            except OSError:
                pass  # it closed, which is one of the two right answers
            answer = read_answer(connection)
            assert answer.status in {401, 413} or answer.broken_off
            assert read_answer(connection).status == 0
    assert door.upstream_count() == before


def test_F14_too_long_a_body_is_refused_however_it_comes(door: RealDoor, denied: Denied) -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with door.connect() as connection:
        connection.sendall(
            f"{POST}\r\nHost: {door.base}\r\nCookie: tb_share=V\r\nSec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        try:
            for _ in range(6):
                connection.sendall(chunk)
        except OSError:
            pass
        assert read_answer(connection).status in {413, 0}
    assert raw(door, "Sec-Fetch-Site: same-origin", "Content-Length: 5000000", line=POST).status == 413


def test_F16_long_lines_and_many_headers(door: RealDoor, denied: Denied) -> None:
    assert raw(door, line=f"GET /{'a' * 4200} HTTP/1.1").status == 414
    assert raw(door, f"X-Long: {'a' * 9000}").status == 431
    assert raw(door, *[f"X-{n}: 1" for n in range(101)]).status == 431


def test_F16_a_drip_of_headers_ends(door: RealDoor) -> None:
    with door.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        try:
            for n in range(200):
                connection.sendall(f"X-{n}: {'a' * 8000}\r\n".encode())
        except OSError:
            return
        assert read_answer(connection).status in {0, 400, 431}


@pytest.mark.parametrize("actor", ["A", "N"])
def test_F17_expect_is_answered_without_asking_for_the_body(door: RealDoor, denied: Denied, actor: str) -> None:
    with door.connect() as connection:
        cookie = f"Cookie: {COOKIES[actor]}\r\n" if COOKIES[actor] else ""
        connection.sendall(
            f"{POST}\r\nHost: {door.base}\r\n{cookie}Sec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n".encode()
        )
        first = connection.recv(64)
        assert first.startswith((b"HTTP/1.1 401", b"HTTP/1.1 404"))


def test_F17_expect_is_granted_to_whom_it_may_concern(door: RealDoor) -> None:
    with door.connect() as connection:
        connection.sendall(
            f"{POST}\r\nHost: {door.base}\r\nCookie: tb_share=V\r\nSec-Fetch-Site: same-origin\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n".encode()
        )
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert read_answer(connection).status == 200
    assert door.private.received[-1].body == b"body"
    assert raw(door, "Expect: foo").status == 417


@pytest.mark.parametrize("agent", ["kube-probe/1.29", "GoogleHC/1.0", "ELB-HealthChecker/2.0"])
def test_F20_health_is_an_address_and_not_a_name(door: RealDoor, denied: Denied, agent: str) -> None:
    for who in ("A", "N"):
        denied(raw(door, f"User-Agent: {agent}", "Connection: close", actor=who))


@pytest.mark.parametrize(
    "host", ["evil.test", "", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.evil.test", "a@127.0.0.1:{port}", "127.0.0.1:{port}."]
)
def test_F_host_allow_list(door: RealDoor, denied: Denied, host: str) -> None:
    answer = raw(door, f"Host: {host.format(port=door.port)}", "Connection: close", host=False)
    assert answer.status == 400
    denied(answer)


def test_F_host_missing_or_twice_is_refused(door: RealDoor, denied: Denied) -> None:
    assert raw(door, "Connection: close", host=False).status == 400
    assert raw(door, f"Host: {door.base}", "Connection: close").status == 400
    for name in (f"localhost:{door.port}", f"[::1]:{door.port}", f"LOCALHOST:{door.port}"):
        assert raw(door, f"Host: {name}", "Connection: close", host=False, actor="A", line="GET /healthz HTTP/1.1").status == 200


READ_POSTS = ["timeseries/timeSeries", "scalars/scalars_multirun", "hparams/experiment", "hparams/session_groups", "hparams/metric_evals"]
CROSS = [["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"], ["Sec-Fetch-Site: none"], ["Origin: https://evil.test"], ["Origin: null"],
         ["Origin: http://127.0.0.1:1"], ["Origin: https://{base}"], ["Origin: http://{base}.evil.test"], ["Referer: http://evil.test/"], [],
         ["Sec-Fetch-Site: cross-site", "Origin: http://{base}"], ["Origin: http://{base}/x"], ["Origin: http://a@{base}"]]  # fmt: skip


@pytest.mark.parametrize("lines", CROSS)
def test_C25_C26_C28_C29_C31_other_sites_cannot_post(door: RealDoor, denied: Denied, lines: list[str]) -> None:
    said = [line.format(base=door.base) for line in lines]
    for path in [f"/p/priv1/data/plugin/{name}" for name in READ_POSTS] + ["/logout", "/api/v1/projects/priv1/links"]:
        answer = raw(door, *said, "Content-Length: 0", "Connection: close", line=f"POST {path} HTTP/1.1")
        assert answer.status == 403, path
        denied(answer)


@pytest.mark.parametrize("line", ["Sec-Fetch-Site: same-origin", "Origin: http://{base}"])
def test_C31_our_own_pages_may_post(door: RealDoor, line: str) -> None:
    for name in READ_POSTS:
        answer = raw(
            door,
            line.format(base=door.base),
            "Content-Length: 2",
            "Connection: close",
            line=f"POST /p/priv1/data/plugin/{name} HTTP/1.1",
            body=b"{}",
        )
        assert answer.status == 200
        assert CANARY.encode() in answer.body


def test_C37_no_method_override(door: RealDoor) -> None:
    answer = raw(
        door,
        "X-HTTP-Method-Override: DELETE",
        "Connection: close",
        line="GET /api/v1/projects/priv1/members?_method=DELETE HTTP/1.1",
        actor="O",
    )
    assert json.loads(answer.body)["reached"] == "members"
