import http.server
import os
import threading

import pytest

from tb_share.cli import preflight
from tb_share.errors import SetUpError
from tb_share.settings import LogdirSource, MailSettings, ProxySettings, Settings, UpstreamSource


def settings(place, **how):
    return Settings(**{"data": place, "logdir": (LogdirSource(name="a", path=place),), **how})


def refusal(made):
    with pytest.raises(SetUpError) as caught:
        preflight.check(made)
    return caught.value.text


@pytest.fixture
def web_server():
    """Answers 200 and JSON to everything, as a TensorBoard would at the place that is asked; 404 below /no."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404 if self.path.startswith("/no") else 200)
            self.send_header("Content-Type", "text/html" if self.path.startswith("/page") else "application/json")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_empty_directory_of_logs_is_fine(tmp_path):
    preflight.check(settings(tmp_path))


def test_nothing_to_serve(tmp_path):
    assert "--logdir" in refusal(settings(tmp_path, logdir=()))


def test_a_directory_that_is_not_there(tmp_path):
    sentence = refusal(settings(tmp_path, logdir=(LogdirSource(name="a", path=tmp_path / "gone"),)))
    assert str(tmp_path / "gone") in sentence
    assert '"a"' in sentence


def test_a_file_for_a_directory(tmp_path):
    (tmp_path / "file").write_text("")
    assert "is a file" in refusal(settings(tmp_path, logdir=(LogdirSource(name="a", path=tmp_path / "file"),)))


def test_a_directory_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    assert "cannot be read by" in refusal(settings(tmp_path))


def test_two_projects_of_one_name(tmp_path):
    twice = (LogdirSource(name="a", path=tmp_path), LogdirSource(name="a", path=tmp_path))
    assert 'Two projects are called "a"' in refusal(settings(tmp_path, logdir=twice))
    upstream = (UpstreamSource(name="a", url="http://127.0.0.1:1"),)
    assert 'Two projects are called "a"' in refusal(settings(tmp_path, upstream=upstream))


def test_an_upstream_that_answers(tmp_path, web_server):
    preflight.check(settings(tmp_path, upstream=(UpstreamSource(name="b", url=web_server),)))


@pytest.mark.parametrize("below", ["/no", "/page"])
def test_an_upstream_that_is_no_tensorboard(tmp_path, web_server, below):
    assert "is not a TensorBoard" in refusal(settings(tmp_path, upstream=(UpstreamSource(name="b", url=web_server + below),)))


def test_an_upstream_that_does_not_answer(tmp_path):
    sentence = refusal(settings(tmp_path, upstream=(UpstreamSource(name="b", url="http://127.0.0.1:1"),)))
    assert "http://127.0.0.1:1" in sentence
    assert "refused" in sentence


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="loopback"),
        pytest.param({"host": "::1"}, id="loopback of IPv6"),
        pytest.param({"host": "localhost", "public_url": "http://localhost:6080"}, id="loopback by name"),
        pytest.param({"public_url": "https://tb.example.org"}, id="TLS proxy on this machine"),
        pytest.param({"host": "0.0.0.0", "insecure_http": True}, id="plain, and said so"),
        pytest.param(
            {"host": "0.0.0.0", "public_url": "https://tb.example.org", "proxy": ProxySettings(trusted_peers=("10.0.0.1",))},
            id="TLS proxy elsewhere",
        ),
    ],
)
def test_addresses_that_may_be_served(tmp_path, how):
    preflight.check(settings(tmp_path, **how))


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"host": "0.0.0.0"}, id="all addresses"),
        pytest.param({"host": "::"}, id="all addresses of IPv6"),
        pytest.param({"host": ""}, id="all addresses, empty"),
        pytest.param({"host": "192.0.2.1"}, id="an address of others"),
        pytest.param({"host": "tb.example.org"}, id="a name of others"),
        pytest.param({"host": "0.0.0.0", "public_url": "https://tb.example.org"}, id="no proxy listed"),
        pytest.param({"host": "0.0.0.0", "proxy": ProxySettings(trusted_peers=("10.0.0.1",))}, id="proxy listed, no https"),
        pytest.param({"public_url": "http://tb.example.org"}, id="plain public address"),
    ],
)
def test_S_LIM_4_plain_http_for_others_is_refused(tmp_path, how):
    assert "--insecure-http" in refusal(settings(tmp_path, **how))


@pytest.mark.parametrize("peers", [("*",), ("0.0.0.0/0",), ("::/0",), ("10.0.0.1", "0.0.0.0/0"), ("proxy",)])
def test_S_LIM_4_wildcard_proxies_are_refused(tmp_path, peers):
    assert "proxy.trusted_peers" in refusal(settings(tmp_path, proxy=ProxySettings(trusted_peers=peers)))


@pytest.mark.parametrize(
    "address",
    ["tb.example.org", "ftp://x", "https://", "https://x/tb", "https://x?a", "https://x#a", "https://u@x", "https://x:99999", "https://[x"],
)
def test_what_cannot_be_a_public_address(tmp_path, address):
    assert "cannot be the public address" in refusal(settings(tmp_path, public_url=address))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"content_url": "https://logs.example.org"}, "--public-url"),
        ({"public_url": "https://tb.example.org", "content_url": "https://tb.example.org:8443"}, "a name of its own"),
        ({"public_url": "https://tb.example.org", "content_url": "http://logs.example.org"}, "must be https"),
        ({"public_url": "https://tb.example.org", "content_url": "https://logs.example.org/tb"}, "cannot be the content address"),
    ],
)
def test_a_content_address_that_would_protect_nothing_is_refused(tmp_path, how, said):
    assert said in refusal(settings(tmp_path, **how))


def test_a_content_address_on_a_host_name_of_its_own_is_fine(tmp_path):
    preflight.check(settings(tmp_path, public_url="https://tb.example.org", content_url="https://tb-logs.example.org"))


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ({"sender": ""}, "mail.sender"),
        ({"sender": "a@b.test, c@d.test"}, "mail.sender"),
        ({"sender": "a@b.test", "security": "none"}, "on the way"),
        ({"sender": "a@b.test", "password_file": "/nothing/here"}, "mail.password_file"),
    ],
)
def test_mail_settings_that_cannot_be_kept_are_refused(tmp_path, mail, said):
    assert said in refusal(settings(tmp_path, mail=MailSettings(host="mail.example.org", **mail)))
