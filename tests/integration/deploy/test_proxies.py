"""The files of ``deploy/`` in real proxies: TLS outside, and inside the same bytes as without them."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.processes import missing, wait_for
from tests.running_serve import Answer, RunningServe, start_serve
from tests.tls import Certificates, certificates

ROOT = Path(__file__).parents[3]
LOGDIR = ROOT / "tests" / "logdirs" / "keras-orientation"
NAME = "127.0.0.1"
HALF = 512 * 1024
"""Answers this long are never held whole."""
SLOW = "/p/slow/data/plugin/scalars/scalars?run=a&tag=b"


class SlowTensorBoard:
    """An upstream whose answer stops in the middle until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.was_told = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                if not self.path.startswith("/data/plugin/scalars"):
                    self.send_header("Content-Length", "2")
                    self.end_headers()
                    self.wfile.write(b"{}")
                    return
                self.send_header("Content-Length", str(2 * HALF))
                self.end_headers()
                self.wfile.write(b"1" * HALF)
                outer.was_told = outer.go_on.wait(30)
                self.wfile.write(b"2" * HALF)

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer((NAME, 0), Handler)
        self.url = f"http://{NAME}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Stack:
    """A proxy with TLS in front of a serve."""

    running: RunningServe
    slow: SlowTensorBoard
    files: Certificates
    http: int
    https: int
    cookies: str = ""

    @contextmanager
    def asked(self, method: str, target: str, headers: dict[str, str]):
        """Over TLS, with exactly this target; the answer, not yet read."""
        context = ssl.create_default_context(cafile=self.files.authority)
        with closing(HTTPSConnection(NAME, self.https, timeout=30, context=context)) as connection:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", "Cookie": self.cookies, **headers}.items():
                if value:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", "0")
            connection.endheaders()
            with connection.getresponse() as answer:
                yield answer

    def ask(self, method: str, target: str, headers: dict[str, str] | None = None) -> Answer:
        """The whole answer."""
        with self.asked(method, target, headers or {}) as answer:
            return Answer(answer.status, answer.msg, answer.read())


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server((NAME, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in probes]
    for each in probes:
        each.close()
    return ports


def nginx_conf(place: Path, serve_port: int, files: Certificates, http: int, https: int) -> list[str]:
    """The file as it is, with names and places of this machine; around it what /etc/nginx/nginx.conf has."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = text.replace("listen 80;", f"listen {NAME}:{http};").replace("listen 443 ssl;", f"listen {NAME}:{https} ssl;")
    text = text.replace("https://tb.example.org/", f"https://{NAME}:{https}/").replace("127.0.0.1:6080", f"127.0.0.1:{serve_port}")
    text = re.sub(r"(ssl_certificate )\S+;", rf"\1{files.certificate};", text)
    text = re.sub(r"(ssl_certificate_key )\S+;", rf"\1{files.key};", text)
    text = text.replace("/var/log/nginx/tb-share.log", str(place / "error.log")).replace("tb.example.org", NAME)
    temporary = "".join(f"{each}_temp_path {place}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    around = f"daemon off;\npid {place}/nginx.pid;\nerror_log {place}/start.log;\nuser root;\nevents {{}}\nhttp {{\n{temporary}{text}}}\n"
    if shutil.which("id") and subprocess.run(["id", "-u"], capture_output=True, text=True, check=True).stdout.strip() != "0":
        around = around.replace("user root;\n", "")
    (place / "nginx.conf").write_text(around)
    return ["nginx", "-c", str(place / "nginx.conf"), "-e", str(place / "start.log")]


def caddyfile(place: Path, serve_port: int, files: Certificates, http: int, https: int) -> list[str]:
    """The file as it is, with names and places of this machine, and a certificate of the tests instead of Let's Encrypt's."""
    text = (ROOT / "deploy" / "Caddyfile").read_text()
    text = text.replace("redir https://tb.example.org/", f"redir https://{NAME}:{https}/").replace(
        "127.0.0.1:6080", f"127.0.0.1:{serve_port}"
    )
    text = text.replace("http://tb.example.org {", f"http://{NAME}:{http} {{")
    text = text.replace("https://tb.example.org {", f"https://{NAME}:{https} {{\n\ttls {files.certificate} {files.key}")
    (place / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\thttp_port {http}\n\thttps_port {https}\n\tstorage file_system {place}/caddy\n}}\n{text}"
    )
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(place / "Caddyfile")]


CONFIGURATIONS = {"nginx": nginx_conf, "caddy": caddyfile}


@contextmanager
def proxy(name: str, place: Path, serve_port: int, files: Certificates, http: int, https: int):
    if shutil.which(name) is None:
        missing(f"{name} is not installed (apt-get install nginx-light caddy)")
    command = CONFIGURATIONS[name](place, serve_port, files, http, https)
    with (place / "proxy.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            wait_for(lambda: process.poll() is not None or _listens(https))
            assert process.poll() is None, (place / "proxy.log").read_text()
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((NAME, port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def stack(request, tmp_path_factory):
    place = tmp_path_factory.mktemp(request.param)
    files = certificates(place)
    http, https = free_ports(2)
    slow = SlowTensorBoard()
    settings = (ROOT / "deploy" / "tb-share.toml").read_text().replace("https://tb.example.org", f"https://{NAME}:{https}")
    settings = settings.replace("/var/lib/tb-share", str(place / "data")).replace("/data/vision", str(LOGDIR))
    (place / "tb-share.toml").write_text(f'{settings}\n[[upstream]]\nname = "slow"\nurl = "{slow.url}"\n')
    running = start_serve(place / "data", ["--config", str(place / "tb-share.toml")], sign_in_at=f"https://{NAME}:{https}")
    try:
        with proxy(request.param, place, running.port, files, http, https):
            stack = Stack(running, slow, files, http, https)
            answer = stack.ask("POST", urlsplit(running.sign_in_url).path, {"X-Forwarded-For": "203.0.113.9"})
            assert answer.status == 303, answer.body
            stack.cookies = str(answer.headers["Set-Cookie"])
            yield stack
    finally:
        slow.close()
        running.stop()


def test_the_session_is_bound_to_this_name_and_to_https(stack):
    cookie, *attributes = stack.cookies.split("; ")
    assert cookie.startswith("__Host-tb_share=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert stack.ask("GET", "/").headers["Strict-Transport-Security"].startswith("max-age=")


def test_what_a_visitor_says_of_where_they_are_counts_nothing(stack):
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.test", "Forwarded": "for=203.0.113.9;host=evil.test"}
    answer = stack.ask("GET", "/api/v1/sessions", headers)
    assert answer.status == 200
    assert [each["address"] for each in json.loads(answer.body)["sessions"]] == [NAME]


@pytest.mark.parametrize(
    "target", ["/p/vision/%2e%2e/", "/p//vision/", "/p/vision/./data/runs", "/p/vision/data%2Fruns", "//p/vision/data/runs"]
)
def test_an_address_arrives_as_it_was_sent(stack, target):
    answer = stack.ask("GET", target)
    assert answer.status == 400
    assert json.loads(answer.body)["error"]["code"] == "path_not_canonical"


def test_tensorboard_is_there(stack):
    wait_for(lambda: stack.ask("GET", "/p/vision/data/runs").status == 200)
    assert "resnet_small" in stack.ask("GET", "/p/vision/data/runs").body.decode()


def test_an_answer_is_passed_on_while_it_comes(stack):
    with stack.asked("GET", SLOW, {}) as answer:
        assert answer.status == 200
        assert answer.read(HALF // 2) == b"1" * (HALF // 2)
        stack.slow.go_on.set()
        assert answer.read() == b"1" * (HALF // 2) + b"2" * HALF
    assert stack.slow.was_told


def test_N14_plain_http_is_sent_away_without_its_secret(stack):
    connection = HTTPConnection(NAME, stack.http, timeout=10)
    connection.request("GET", "/s/a-secret?and=more")
    answer = connection.getresponse()
    assert answer.status in (301, 302, 308)
    assert answer.headers["Location"] == f"https://{NAME}:{stack.https}/"
    connection.close()


def test_no_secret_stands_in_the_proxys_files(stack):
    stack.ask("GET", "/s/a-secret-of-a-link")
    stack.ask("GET", "/login/a-secret-of-a-link")
    place = stack.running.data.parent
    logs = [each for each in place.glob("*.log") if each.is_file()]
    assert logs
    assert not [each for each in logs if "a-secret-of-a-link" in each.read_text()]
