"""``tb-share doctor`` at a serve that runs: over real TLS, beside a real upstream, with a provider that is there or not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tb_share.cli import from_outside
from tb_share.settings import UpstreamSource
from tests.certified_provider import free_port
from tests.running_serve import start_serve
from tests.tls import certificates, in_front

LOGDIR = Path(__file__).parents[2] / "logdirs" / "tensorboardx"
PROVIDER = """
[[provider]]
name = "away"
issuer = "https://127.0.0.1:{port}"
client_id = "tb-share"
client_secret = "s"
allowed_domains = ["good.test"]
"""


def doctor(data, authority=None, config=None):
    command = [sys.executable, "-m", "tb_share.cli.main", "doctor", "--data", str(data), *(["--config", str(config)] if config else [])]
    environment = {**os.environ, **({"SSL_CERT_FILE": str(authority)} if authority else {})}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_serve_behind_tls_is_good_and_one_whose_certificate_nobody_trusts_is_not(tmp_path):
    files = certificates(tmp_path)
    base = f"https://127.0.0.1:{free_port('127.0.0.1')}"
    running = start_serve(tmp_path / "data", [f"--logdir=a={LOGDIR}", "--public-url", base], sign_in_at=base)
    with in_front(running.port, int(base.rpartition(":")[2]), files):
        status, said = doctor(tmp_path / "data", files.authority)
        assert f"{base} answers with every header that protects it" in said
        assert "The certificate ends in 0 days" in said
        assert "No cookie was seen: without a provider none is set" in said
        assert "look among the browser's cookies for __Host-tb_share: Secure, HttpOnly, SameSite=Lax, Path=/, no Domain." in said
        assert status == 0, said
        status, said = doctor(tmp_path / "data")
        assert (status, "Browsers will not trust the certificate" in said) == (1, True)
    status, said = doctor(tmp_path / "data", files.authority)
    assert (status, f"Nobody answers at {base}" in said) == (1, True)
    running.stop()


def test_a_provider_that_is_away_is_named(tmp_path):
    config = tmp_path / "tb-share.toml"
    config.write_text(PROVIDER.format(port=free_port("127.0.0.1")))
    status, said = doctor(tmp_path / "data", config=config)
    assert (status, 'Provider "away" does not answer as it should' in said) == (1, True)


def test_an_upstream_that_listens_everywhere_is_open_to_the_network():
    addresses = from_outside.own_addresses()
    with socket.create_server(("127.0.0.1", 0)) as alone:
        found = from_outside.upstream_finding(UpstreamSource(name="a", url=f"http://127.0.0.1:{alone.getsockname()[1]}"))
        assert found.verdict == "good"
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        found = from_outside.upstream_finding(UpstreamSource(name="a", url=f"http://127.0.0.1:{everywhere.getsockname()[1]}"))
        assert found.verdict == ("wrong" if addresses else "good")
    assert from_outside.upstream_finding(UpstreamSource(name="a", url="http://tb.example.org:6006")).verdict == "note"


class Elsewhere(BaseHTTPRequestHandler):
    """Somebody's web server."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def web_server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_somebody_elses_server_at_our_address_is_noticed(web_server):
    (found,) = from_outside.door_findings(web_server)
    assert (found.verdict, "is not tb-share" in found.text) == ("wrong", True)
    (found,) = from_outside.door_of_content(web_server)
    assert (found.verdict, "does not lead to tb-share" in found.text) == ("wrong", True)
    assert from_outside.cookie_finding(web_server, "work").verdict == "wrong"


SET = "__Host-tb_share_sign_in_a=secure; Max-Age=600; Secure; HttpOnly; Path=/; SameSite=Lax"


@pytest.mark.parametrize(
    ("arrived", "lost"),
    [
        ([SET], []),
        (["other=1; Path=/", SET], []),
        ([SET.replace(" Secure;", "")], ["Secure is missing"]),
        ([SET.replace(" HttpOnly;", "")], ["HttpOnly is missing"]),
        ([SET.replace("Lax", "None")], ["SameSite=Lax is missing"]),
        ([SET.replace("Path=/", "Path=/tb")], ["Path=/ is missing"]),
        ([f"{SET}; Domain=example.org"], ["Domain was added"]),
        ([SET.replace("__Host-", "")], ["0 of them begin with __Host-tb_share_sign_in_"]),
        ([SET, SET], ["2 of them begin with __Host-tb_share_sign_in_"]),
    ],
)
def test_what_a_proxy_does_to_a_cookie_is_named(arrived, lost):
    assert from_outside.lost_of_cookie(arrived, "__Host-tb_share_sign_in_", secure=True) == lost


def test_headers_that_a_proxy_takes_away_are_named():
    whole = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "x",
        "Referrer-Policy": "x",
        "X-Request-Id": "x",
        "Cache-Control": "private, no-store",
        "Strict-Transport-Security": "x",
    }
    url = "https://tb.example.org"
    assert [each.verdict for each in from_outside.answer_findings(url, 200, whole, 0)] == ["good"]
    for name in ("Content-Security-Policy", "Strict-Transport-Security"):
        (found,) = from_outside.answer_findings(url, 200, {key: value for key, value in whole.items() if key != name}, 0)
        assert (found.verdict, name in found.text) == ("wrong", True)
    (found,) = from_outside.answer_findings(url, 200, {**whole, "Cache-Control": "public"}, 0)
    assert found.verdict == "wrong"
    _, clock = from_outside.answer_findings(url, 200, {**whole, "Date": "Fri, 27 Nov 2026 12:00:00 GMT"}, 0)
    assert "clock" in clock.text
