"""A provider that hangs holds few threads, and not for long."""

from __future__ import annotations

import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tb_share.errors import ProviderUnreachable
from tb_share.identity.oidc import calls, key_set
from tb_share.identity.oidc.calls import Calls, Gate
from tb_share.identity.oidc.key_set import KeySet
from tb_share.identity.oidc.metadata import Discovery, parse
from tests.certified_provider import free_port
from tests.tls import certificates, in_front


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def fail_after(gate, clock, seconds):
    with pytest.raises(ProviderUnreachable), gate.passed():
        clock.now += seconds
        raise ProviderUnreachable


def test_whoever_kept_silent_is_left_alone_for_a_while():
    clock = Clock()
    gate = Gate(clock)
    fail_after(gate, clock, calls.DEADLINE_S)
    with pytest.raises(ProviderUnreachable), gate.passed():
        pytest.fail("it was asked")
    clock.now += calls.SILENT_S
    with gate.passed():
        pass


def test_whoever_says_no_at_once_may_be_asked_at_once():
    clock = Clock()
    gate = Gate(clock)
    fail_after(gate, clock, 0.1)
    with gate.passed():
        pass


@pytest.fixture
def hanging(monkeypatch):
    """Takes connections and says nothing."""
    monkeypatch.setattr(calls, "DEADLINE_S", 0.6)
    monkeypatch.setattr(calls, "PATIENCE_S", 0.2)
    monkeypatch.setattr(key_set, "PATIENCE_S", 0.2)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def all_at_once(what, count):
    """How long each of so many threads was kept, in seconds."""
    took = []

    def one():
        began = time.monotonic()
        with pytest.raises(ProviderUnreachable):
            what()
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def test_few_wait_for_a_provider_that_hangs_and_the_others_fail_soon(hanging):
    discovery = Discovery(hanging, Calls())
    took = all_at_once(discovery.metadata, 24)
    assert len(took) == 24
    assert sum(each > 0.5 for each in took) == calls.MOST_AT_ONCE
    assert all(each < 0.5 for each in took[: -calls.MOST_AT_ONCE])
    began = time.monotonic()
    with pytest.raises(ProviderUnreachable):
        discovery.metadata()
    assert time.monotonic() - began < 0.2


def test_keys_that_hang_hold_nobody_long(hanging):
    keys = KeySet(Calls())
    took = all_at_once(lambda: keys.keys(f"{hanging}/keys"), 12)
    assert sum(each > 0.5 for each in took) == 1


def test_more_than_may_ask_at_once_take_turns_with_one_that_answers():
    gate, most, now = Gate(), [0], [0]
    lock = threading.Lock()

    def one():
        with gate.passed():
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.01)
            with lock:
                now[0] -= 1

    threads = [threading.Thread(target=one) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == calls.MOST_AT_ONCE


def test_while_one_asks_anew_the_others_go_on_with_what_is_known():
    issuer = "https://sso.example.org"
    document = {"issuer": issuer, "authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t", "jwks_uri": f"{issuer}/k"}
    clock, asked, may_answer = Clock(), threading.Event(), threading.Event()
    may_answer.set()

    class Slow:
        def get(self, url):
            asked.set()
            may_answer.wait(5)
            return document

    discovery = Discovery(issuer, Slow(), clock)
    known = discovery.metadata()
    clock.now += 4000
    asked.clear()
    may_answer.clear()
    thread = threading.Thread(target=discovery.metadata)
    thread.start()
    assert asked.wait(5)
    assert discovery.metadata() is known
    may_answer.set()
    thread.join()


class Answers(BaseHTTPRequestHandler):
    """The status and body that its address asks for."""

    def do_GET(self):
        status, _, body = urllib.parse.unquote(self.path[1:].partition("?")[0]).partition("/")
        data = body.encode()
        self.send_response(int(status))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Not here."""


@pytest.fixture
def answering():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ('401/{"error": "invalid_client"}', "answers 401 invalid_client: client_id or client_secret is another one there"),
        ('400/{"error": "<script>"}', "answers 400"),
        ('400/["error"]', "answers 400"),
        ("200/[]", "answers no JSON object"),
        ("200/<html>", "answers no JSON: is that the issuer's address?"),
    ],
)
def test_a_reason_says_what_came_back(answering, answer, reason):
    with pytest.raises(ProviderUnreachable) as told:
        Calls().get(f"{answering}/{urllib.parse.quote(answer)}?secret=1")
    assert told.value.reason.endswith(f" {reason}")
    assert "secret" not in told.value.reason.replace("client_secret", "")
    assert told.value.reason not in told.value.text


def test_a_reason_says_that_nobody_listens_there():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ProviderUnreachable) as told:
        Calls().get(f"http://127.0.0.1:{port}/x")
    assert told.value.reason == f"http://127.0.0.1:{port}/x cannot be reached from this machine"


def test_a_reason_says_that_a_certificate_is_not_trusted(tmp_path):
    port = free_port("127.0.0.1")
    with in_front(1, port, certificates(tmp_path)), pytest.raises(ProviderUnreachable) as told:
        Calls().get(f"https://127.0.0.1:{port}/x")
    assert "name the authority that signed it in ca_file" in told.value.reason


def test_a_reason_says_which_issuer_was_named():
    document = {"issuer": "https://sso.example.org/"}
    with pytest.raises(ProviderUnreachable) as told:
        parse(document, "https://sso.example.org")
    assert "'https://sso.example.org/', and the settings 'https://sso.example.org': every slash counts" in told.value.reason
