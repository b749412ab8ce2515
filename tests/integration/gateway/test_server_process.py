"""The server as a process: what it writes down, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.integration.gateway.doors import ROOT, children_of, gone, open_real_door, wait_until

PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[2:], pass_fds=[int(sys.argv[1])])
print(child.pid, flush=True)
child.wait()
"""


def test_S_LOG_1_the_log_holds_no_secret_and_no_query() -> None:
    with open_real_door() as door:
        for target in (
            "/s/SECRET",
            "/login/SECRET",
            "/%73/SECRET",
            "/login?code=SECRET",
            "/p/priv1/data/runs?SECRET",
            "/s/SECRET/more",
            "/login/SECRET%20/x",
        ):
            for method in ("GET", "POST"):
                door.ask(target, "V", method, b"SECRET", Referer="http://x/s/SECRET", User_Agent="SECRET", Authorization="Basic SECRET")
        door.raw(b"GET /s/SECRET HTTP/9.9\r\n\r\n")
        door.raw(b"SECRET\r\n\r\n")
        door.raw(f"GET /s/SECRET HTTP/1.1\r\nHost: {door.base}\r\nSECRET_X: SECRET\r\n\r\n".encode())
        assert wait_until(lambda: door.log().count("InvalidHeaderName") == 1)
        assert "SECRET" not in door.log()
        lines = [json.loads(line) for line in door.log().splitlines()]
        assert {"at", "status", "method", "ms", "sent", "id", "from", "path", "caller"} <= set(lines[0])
        assert "/s/{token}" in {line.get("path") for line in lines}
        assert "member:u-v" in {line.get("caller") for line in lines}


def test_M02_one_line_for_each_request_whatever_is_in_it() -> None:
    with open_real_door() as door:

        def ours() -> list[str]:
            # The start's own question for /healthz may be written at any moment.
            return [line for line in door.log().splitlines() if '"path":"/healthz"' not in line]

        for target in ("/p/%0a%0d%1b", "/p/%e2%80%ae", "/" + "a" * 4000, "/p/%22%5c"):
            door.ask(target, "N", User_Agent="\x7f", X_Y="a\tb")
        assert wait_until(lambda: len(ours()) == 4)
        for line in ours():
            json.loads(line)
            assert line.isascii()
            assert len(line) < 1000


def test_nobody_is_left_when_the_parent_is_killed() -> None:
    with open_real_door() as door:
        command = [sys.executable, "-m", "tests.integration.gateway.door_process", str(door.runtime_dir), str(door.listener.fileno())]
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(door.listener.fileno()), *command],
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[door.listener.fileno()],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        assert parent.stdout is not None
        master = int(parent.stdout.readline())
        assert wait_until(lambda: len(children_of(master)) == 2)
        workers = children_of(master)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        assert wait_until(lambda: all(gone(pid) for pid in (master, *workers)), 15)
        assert door.ask("/healthz").status == 200


def test_the_port_stays_open_while_the_server_is_killed_and_started_again() -> None:
    with open_real_door() as door:
        door.process.kill()
        door.process.wait()
        with door.connect() as waiting:
            waiting.sendall(f"GET /healthz HTTP/1.1\r\nHost: {door.base}\r\nConnection: close\r\n\r\n".encode())
            again = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.gateway.door_process", str(door.runtime_dir), str(door.listener.fileno())],
                pass_fds=[door.listener.fileno()],
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
            )
            try:
                waiting.settimeout(20)
                assert waiting.recv(12) == b"HTTP/1.1 200"
            finally:
                again.terminate()
                again.wait(timeout=20)


def test_files_of_the_server_are_its_owners() -> None:
    with open_real_door() as door:
        door.ask("/p/host1/index.js", "V")
        made = [path for path in (door.runtime_dir / "data").rglob("*") if path.is_file()]
        assert made
        for path in [*made, door.runtime_dir / "tries"]:
            assert path.stat().st_mode & 0o077 == 0, path


def test_nothing_of_the_environment_moves_the_prefix_or_the_port() -> None:
    hostile = {
        "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:9 --forwarded-allow-ips=*",
        "FORWARDED_ALLOW_IPS": "*",
        "WEB_CONCURRENCY": "9",
        "SCRIPT_NAME": "/p",
        "http_proxy": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    with open_real_door(environment=hostile) as door:
        assert door.ask("/p/priv1/data/runs", "V", X_Forwarded_Proto="https").status == 200
        assert wait_until(lambda: len(door.workers()) == 2)


def test_sigterm_ends_it_cleanly() -> None:
    with open_real_door() as door:
        assert wait_until(lambda: len(door.workers()) == 2)
        workers = door.workers()
        os.kill(door.process.pid, signal.SIGTERM)
        assert door.process.wait(timeout=20) == 0
        assert all(gone(pid) for pid in workers)
        assert isinstance(door.runtime_dir, Path)
