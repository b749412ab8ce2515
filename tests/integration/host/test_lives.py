"""Hosts live and die: RustBoard, host, fleet; and nobody else on the machine gets in."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nanoarrow
import pytest

from tb_share.model.share_link import ChosenExperiments
from tb_share.tensorboards.control import ControlServer, FleetClient
from tb_share.tensorboards.fleet import Failed, Ready, Starting
from tests.benchmarks.records import ENDLESS, head
from tests.integration.host.conftest import LOGDIRS, hosted
from tests.processes import child_of, children_of, is_alive, missing, wait_for


@pytest.fixture
def small():
    host = hosted(LOGDIRS / "tensorboardx")
    with host.fleet:
        host.loaded(7)
        yield host


DATA_SERVER, INDEXER = "tensorboard_data_server", "tb_share.logdir.index"


def test_kill_9_of_the_data_server_is_a_503_and_mends_itself(small):
    rustboard = child_of(small.fleet.pids()["logs"], DATA_SERVER)
    os.kill(rustboard, signal.SIGKILL)

    def answered():
        status, _, body = small.ask("/data/runs")
        # Never an empty list that looks like the truth once the runs were there; RustBoard loads anew.
        assert status in (200, 503)
        return status == 200 and len(json.loads(body)) == 7

    wait_for(lambda: child_of(small.fleet.pids()["logs"], DATA_SERVER) not in (None, rustboard), 10)
    wait_for(answered, 10)


def test_logs_on_which_the_data_server_ends_leave_the_experiments_there(tmp_path):
    shutil.copytree(LOGDIRS / "tensorboardx", logdir := tmp_path / "logs")
    file = next(logdir.rglob("events.out.tfevents.*"))
    whole = file.read_bytes()
    file.write_bytes(whole + head(ENDLESS))
    host = hosted(logdir)
    with host.fleet:
        wait_for(lambda: json.loads(host.ask("/data/plugin/tb_share/context")[2])["dashboards_fail"], 60)
        for _ in range(20):
            assert host.ask("/data/environment")[0] == 200
            listed = json.loads(host.ask("/data/plugins_listing")[2])
            assert [name for name, about in listed.items() if about["enabled"]] == ["tb_share"]
            assert len(json.loads(host.ask("/data/runs")[2])) == 7
            time.sleep(0.05)
        visible = ChosenExperiments((experiments_of(host)[0],))
        assert 0 < len(json.loads(host.ask("/data/runs", visible)[2])) < 7
        assert host.ask("/data/plugin/scalars/tags")[0] in (200, 503)
        warned = [json.loads(host.ask(f"/data/plugin/tb_share/experiment?id={each}")[2])["warnings"] for each in experiments_of(host)]
        assert sum(map(len, warned)) == 1
        assert file.name in str(warned)


def experiments_of(host):
    """Ids of all of them."""
    body = host.ask("/data/plugin/tb_share/experiments")[2]
    return [each["id"] for each in nanoarrow.ArrayStream.from_readable(io.BytesIO(body)).read_all().to_pylist()]


def test_kill_9_of_the_indexer_keeps_the_table_and_mends_itself(small, tmp_path):
    pid = small.fleet.pids()["logs"]
    indexer = child_of(pid, INDEXER)
    before = small.ask("/data/plugin/tb_share/experiments")
    os.kill(indexer, signal.SIGKILL)
    wait_for(lambda: not is_alive(indexer), 10)
    assert small.ask("/data/plugin/tb_share/experiments")[2] == before[2]
    wait_for(lambda: child_of(pid, INDEXER) not in (None, indexer), 20)


def test_kill_9_of_the_host_starts_another_with_another_key(small):
    before = small.ready()
    pid = small.fleet.pids()["logs"]
    family = children_of(pid)
    os.kill(pid, signal.SIGKILL)
    small.fleet.lost("logs", before.generation)
    wait_for(lambda: not any(is_alive(each) for each in family), 10)
    after = wait_for(lambda: (state := small.fleet.ensure("logs")) != before and isinstance(state, Ready) and state, 20)
    assert after.handoff_key != before.handoff_key
    small.loaded(7)


def test_the_end_of_the_fleet_is_the_end_of_all():
    host = hosted(LOGDIRS / "tensorboardx")
    with host.fleet:
        host.ready()
        pid = host.fleet.pids()["logs"]
        wait_for(lambda: len(children_of(pid)) == 2)
        family = [pid, *children_of(pid)]
    wait_for(lambda: not any(is_alive(each) for each in family), 10)
    assert list(host.runtime.glob("*.sock")) == []


def test_an_idle_host_is_stopped_and_comes_back():
    host = hosted(LOGDIRS / "tensorboardx", idle_stop_s=5)
    with host.fleet:
        host.ready()
        pid = host.fleet.pids()["logs"]
        wait_for(lambda: not is_alive(pid), 20)
        assert isinstance(host.fleet.ensure("logs"), Starting)
        host.loaded(7)


def test_an_unknown_project_has_no_host(small):
    assert isinstance(small.fleet.ensure("nothing"), Failed)


def test_a_parent_that_is_killed_takes_its_hosts_along(tmp_path):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.integration.host.conftest import hosted\n"
        "from tests.processes import child_of, children_of, wait_for\n"
        "h = hosted(Path(sys.argv[1]))\nh.fleet.__enter__()\nh.ready()\npid = h.fleet.pids()['logs']\n"
        "wait_for(lambda: len(children_of(pid)) == 2)\nprint(pid, *children_of(pid), flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(LOGDIRS / "tensorboardx")], stdout=subprocess.PIPE, text=True)
    family = [int(each) for each in process.stdout.readline().split()]
    assert len(family) == 3
    process.kill()
    process.communicate()
    wait_for(lambda: not any(is_alive(each) for each in family), 10)


@pytest.fixture(params=["direct", "by the control socket"])
def fleet(request, small):
    """The conformance of every way to a fleet."""
    if request.param == "direct":
        yield small.fleet
        return
    with ControlServer(small.runtime / "control.sock", small.fleet):
        client = FleetClient(small.runtime / "control.sock")
        yield client
        client.close()


def test_every_way_to_the_fleet_says_the_same(fleet, small):
    ready = small.ready()
    assert fleet.ensure("logs") == ready
    assert isinstance(fleet.ensure("nothing"), Failed)
    fleet.lost("logs", "another generation")
    assert fleet.ensure("logs") == ready


def as_nobody(code, *arguments):
    """Run code as another user, who need not be able to read where Python is installed."""
    if os.geteuid() != 0:
        missing("only an administrator can ask as another user; CI runs as one")
    first = "import os, socket, sys\nos.setgroups([])\nos.setgid(65534)\nos.setuid(65534)\n"
    return subprocess.run([sys.executable, "-I", "-c", first + code, *arguments], capture_output=True, text=True, timeout=30, check=False)


def test_N11_another_user_cannot_open_the_hosts_socket(small):
    code = "s = socket.socket(socket.AF_UNIX)\ntry:\n s.connect(sys.argv[1])\nexcept OSError as e:\n print(type(e).__name__)\n"
    done = as_nobody(code, small.ready().socket)
    assert done.stdout.strip() == "PermissionError", done


def ports_of(pid):
    """The TCP ports on which processes of this one's network namespace listen."""
    lines = Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]
    return {int(line.split()[1].rpartition(":")[2], 16) for line in lines if line.split()[3] == "0A"}


def reaches(port):
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_N11_the_data_servers_port_is_seen_by_the_host_alone(small):
    status, _, body = small.ask("/healthz")
    assert status == 200
    if json.loads(body)["network"] != "own":
        missing("this machine allows no network namespaces; the guide says what follows")
    inside = ports_of(small.fleet.pids()["logs"])
    assert len(inside) == 1
    assert not any(reaches(port) for port in inside - ports_of(os.getpid()))


def test_N11_without_a_namespace_the_port_is_open_to_the_machine_and_health_says_so():
    host = hosted(LOGDIRS / "tensorboardx", namespaces="off")
    with host.fleet:
        host.loaded(7)
        assert json.loads(host.ask("/healthz")[2])["network"] == "shared"
