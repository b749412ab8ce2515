"""A serve from start to end: what it says, what it leaves, what it never writes down."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.processes import wait_for
from tests.running_serve import PRINTED_URL, Browser, serving, start_serve

PAUSE = threading.Event()


def about(data):
    return json.loads((data / "serve.json").read_text())


def test_an_empty_logdir_is_served(tmp_path):
    (tmp_path / "logs").mkdir()
    with serving(tmp_path / "data", ["--logdir", str(tmp_path / "logs")]) as running:
        browser = running.owner()
        for _ in range(600):
            answer = browser.get("/p/logs/data/plugin/tb_share/context")
            if answer.status != 503:
                break
            PAUSE.wait(0.1)
        assert answer.status == 200
        assert json.loads(answer.body)["logdir_empty"] is True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(tmp_path, number):
    (tmp_path / "logs").mkdir()
    running = start_serve(tmp_path / "data", ["--logdir", str(tmp_path / "logs")])
    runtime = Path(about(tmp_path / "data")["runtime_dir"])
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) & 0o077 for each in runtime.iterdir()} == {0}
    running.process.send_signal(number)
    assert running.process.wait(timeout=30) == 0
    assert not runtime.exists()
    assert about(tmp_path / "data")["pid"] == 0
    assert "Traceback" not in "".join(running.printed)
    running.process.stdout.close()


def test_what_a_killed_serve_left_is_cleaned_and_its_port_taken_over_at_once(tmp_path):
    (tmp_path / "logs").mkdir()
    arguments = ["--logdir", str(tmp_path / "logs")]
    first = start_serve(tmp_path / "data", arguments)
    left = Path(about(tmp_path / "data")["runtime_dir"])
    first.process.kill()
    first.stop()
    first.process.stdout.close()
    assert left.exists()
    with serving(tmp_path / "data", [*arguments, "--port", str(first.port)]) as second:
        assert second.port == first.port
        assert not left.exists()
        assert Browser(second.port).get("/healthz").status == 200


def test_whatever_was_served_nothing_is_left_in_the_place_for_temporary_files(tmp_path):
    place = tmp_path / "tmp"
    place.mkdir()
    logs = Path(__file__).parents[2] / "logdirs" / "tensorboardx"
    with serving(tmp_path / "data", ["--logdir", f"a={logs}"], {"TMPDIR": str(place)}) as running:
        browser = running.owner()
        wait_for(lambda: browser.get("/p/a/data/runs").status == 200)
    assert list(place.iterdir()) == []


def test_S_LOG_2_the_sign_in_address_is_printed_once_and_written_nowhere(tmp_path):
    (tmp_path / "logs").mkdir()
    with serving(tmp_path / "data", ["--logdir", str(tmp_path / "logs")]) as running:
        secret = running.sign_in_url.rsplit("/", 1)[1]
        runtime = Path(about(tmp_path / "data")["runtime_dir"])
        files = [each for place in (tmp_path / "data", runtime) for each in place.rglob("*") if each.is_file()]
        assert [each for each in files if secret.encode() in each.read_bytes()] == []
        running.owner()
        assert running.browser().use(running.sign_in_url).status == 404
    said = "".join(running.printed)
    assert len(PRINTED_URL.findall(said)) == 1
    assert said.count(secret) == 1


def test_each_start_prints_an_address_of_its_own(tmp_path):
    (tmp_path / "logs").mkdir()
    addresses = []
    for _ in range(2):
        with serving(tmp_path / "data", ["--logdir", str(tmp_path / "logs")]) as running:
            addresses.append(running.sign_in_url.rsplit("/", 1)[1])
    assert addresses[0] != addresses[1]


def test_files_of_the_data_directory_are_its_owners(tmp_path):
    (tmp_path / "logs").mkdir()
    with serving(tmp_path / "data", ["--logdir", str(tmp_path / "logs")]):
        inside = [tmp_path / "data", *(tmp_path / "data").iterdir()]
        assert [each for each in inside if stat.S_IMODE(each.stat().st_mode) & 0o077] == []


def test_no_secret_stands_on_a_command_line(tmp_path):
    (tmp_path / "logs").mkdir()
    with serving(tmp_path / "data", ["--logdir", str(tmp_path / "logs")]) as running:
        keys = re.findall(r"[0-9a-f]{64}", (tmp_path / "data" / "keys.json").read_text())
        assert keys
        lines = b"".join(each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if each.exists())
        assert not any(key.encode() in lines for key in keys)
        assert running.process.poll() is None


def test_a_browser_is_started_without_the_secret_and_not_waited_for(tmp_path):
    (tmp_path / "logs").mkdir()
    started, script = tmp_path / "started", tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$@" > {started}.new\nmv {started}.new {started}\nexec sleep 30 >/dev/null 2>&1\n')
    script.chmod(0o700)
    with serving(tmp_path / "data", ["--open", "--logdir", str(tmp_path / "logs")], {"BROWSER": f"{script} %s"}) as running:
        wait_for(started.exists)
        token = running.sign_in_url.rpartition("/")[2]
        asked = started.read_text().strip()
        assert token not in asked
        file = Path(asked.removeprefix("file://"))
        assert f"url={running.sign_in_url}" in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == 0
        assert not file.exists()


def test_the_demo_trains_serves_and_grows(tmp_path):
    command = [sys.executable, "-m", "tb_share.cli.main", "demo", "--dir", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        url = PRINTED_URL.search("".join(said))[0]
        port = int(re.search(r":(\d+)/", url)[1])
        browser = Browser(port)
        assert browser.use(url).status == 303
        live = "wide_lr1e-3_still_training/train"
        for _ in range(600):
            answer = browser.get("/p/orientation/data/runs")
            if answer.status == 200 and live in answer.body.decode():
                break
            PAUSE.wait(0.1)
        assert len({run.split("/")[0] for run in json.loads(answer.body)}) == 7
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in "".join(said)
