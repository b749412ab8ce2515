"""Asking a server somewhere else."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tb_share.cli.remote import remote


@pytest.fixture
def echo():
    """A server that says which authorization it was given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = f'{{"given": "{self.headers.get("Authorization", "")}"}}'.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("token", "given"), [("mine", "Bearer mine"), (None, "")])
def test_a_netrc_for_the_host_does_not_come_in_the_tokens_place(echo, token, given, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert remote(echo).ask("GET", "/", token=token).body == {"given": given}
