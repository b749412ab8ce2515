"""While a command runs, a change of the frontend's sources is built; when it ends, nothing is left running."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.processes import children_of, is_alive, listen, wait_for

COMMAND = "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(7)); print('runs', flush=True); signal.pause()"


@contextmanager
def watching(checkout):
    command = [sys.executable, "build_backend/watch.py", sys.executable, "-c", COMMAND]
    process = subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE, text=True)
    listener = listen(process, process.stdout, re.compile("runs"))
    try:
        assert listener.wait(240) is not None
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
        listener.close()


@pytest.mark.parametrize(
    ("source", "bundle"),
    [("panel/index.tsx", "tb_share/plugin/static/index.js"), ("portal/index.tsx", "tb_share/gateway/portal/static/portal.js")],
)
def test_a_change_is_built_while_the_command_runs(checkout, source, bundle):
    target, built = checkout / "frontend" / "src" / source, checkout / bundle
    before = target.read_text("utf-8")
    built.unlink(missing_ok=True)
    with watching(checkout):
        wait_for(built.exists)
        try:
            target.write_text(before + "\ndocument.title = 'a change to be seen'\n", "utf-8")
            wait_for(lambda: "a change to be seen" in built.read_text("utf-8"))
        finally:
            target.write_text(before, "utf-8")


def test_the_end_of_the_command_is_the_end_of_all_and_its_status_is_ours(checkout):
    with watching(checkout) as process:
        pids = children_of(process.pid)
        assert len(pids) == 3
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 7
        wait_for(lambda: not any(is_alive(pid) for pid in pids))
