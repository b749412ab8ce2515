"""What cannot be served ends at once: exit code 2 and one sentence that names the thing and the remedy (S-LIM-4)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.processes import missing
from tests.running_serve import serving


def tb_share(*arguments, cwd, environment=None, within=()):
    return subprocess.run(
        [*within, sys.executable, "-m", "tb_share.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(environment or {})},
    )


def refusal(*arguments, cwd, **more):
    done = tb_share("serve", "--data", cwd / "data", "--port", "0", *arguments, cwd=cwd, **more)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("tb-share: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.fixture
def place(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "file").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param([], "--logdir", id="nothing to serve"),
        pytest.param(["--logdir", "gone"], "gone", id="no such directory"),
        pytest.param(["--logdir", "file"], "is a file", id="a file"),
        pytest.param(["--logdir", "Bad Name=logs"], '"Bad Name"', id="bad project name"),
        pytest.param(["--logdir", "a=logs", "--logdir", "a=logs"], 'called "a"', id="one name twice"),
        pytest.param(["--upstream", "http://127.0.0.1:1"], "http://127.0.0.1:1", id="unreachable upstream"),
        pytest.param(["--upstream", "127.0.0.1:6006"], "127.0.0.1:6006", id="bad address"),
        pytest.param(["--logdir", "logs", "--host", "0.0.0.0"], "--insecure-http", id="plain http for others"),
        pytest.param(["--logdir", "logs", "--host", "192.0.2.1", "--insecure-http"], "--host", id="no address of this machine"),
        pytest.param(["--logdir", "logs", "--public-url", "tb.example.org"], "public address", id="bad public address"),
        pytest.param(["--logdir", "logs", "--config", "gone.toml"], "gone.toml", id="no such file of settings"),
        pytest.param(["--logdir", "logs", "--data", "file"], "is a file", id="a file for data"),
    ],
)
def test_S_LIM_4_flags_that_cannot_be_served(place, arguments, named):
    assert named in refusal(*arguments, cwd=place)


def test_S_LIM_4_a_wrong_line_of_settings(place):
    (place / "tb-share.toml").write_text('logdir = ["logs"]\nprot = 1\n')
    sentence = refusal(cwd=place)
    assert "tb-share.toml, line 2" in sentence
    assert '"port"' in sentence


def test_S_LIM_4_everybody_as_a_proxy(place):
    environment = {"TB_SHARE_PROXY__TRUSTED_PEERS": "0.0.0.0/0"}
    assert "everybody" in refusal("--logdir", "logs", cwd=place, environment=environment)


def test_a_taken_port(place):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert f"Port {port}" in refusal("--logdir", "logs", "--port", port, cwd=place)


def test_a_demo_says_that_its_port_is_taken_before_it_trains(place):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = tb_share("demo", "--dir", place / "demo", "--port", port, cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Port {port}" in done.stderr
    assert not (place / "demo").exists()


@pytest.mark.parametrize(
    ("keys", "remedy"), [("{}", "keys.json"), ('{"keys": []}', "keys.json"), ('{"keys": ["00"]}', "keys.json"), ("", "keys.json")]
)
def test_S_LIM_4_empty_and_short_keys(place, keys, remedy):
    (place / "data").mkdir(mode=0o700)
    (place / "data" / "keys.json").write_text(keys)
    (place / "data" / "keys.json").chmod(0o600)
    assert remedy in refusal("--logdir", "logs", cwd=place)


def test_data_that_another_serve_uses(place):
    with serving(place / "data", ["--logdir", str(place / "logs")]) as running:
        sentence = refusal("--logdir", "logs", cwd=place)
        assert str(running.process.pid) in sentence
        assert running.base in sentence


def as_an_ordinary_owner():
    """An administrator reads everything; this start of a command takes that right away, and leaves them the owner of their files."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv") or missing("an administrator needs setpriv to give up the right to read everything")
    rights = "-dac_override,-dac_read_search"
    return [setpriv, f"--bounding-set={rights}", f"--inh-caps={rights}"]


def test_a_directory_that_may_not_be_read(place):
    (place / "logs").chmod(0)
    try:
        assert "cannot be read" in refusal("--logdir", "logs", cwd=place, within=as_an_ordinary_owner())
    finally:
        (place / "logs").chmod(0o700)


@pytest.mark.parametrize("command", [["member", "list"], ["link", "create"], ["project", "list"]])
def test_commands_on_data_that_nothing_was_served_from(place, command):
    done = tb_share(*command, "--data", place / "gone", cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tb-share serve" in done.stderr
    assert not (place / "gone").exists()
