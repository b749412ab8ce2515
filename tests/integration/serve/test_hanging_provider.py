"""A provider that takes connections and never answers holds up neither other people nor the server."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running_serve import serving

LOGDIR = Path(__file__).parents[2] / "logdirs" / "tensorboardx"
SETTINGS = """
[[provider]]
name = "hangs"
issuer = "http://127.0.0.1:{port}"
client_id = "tb-share"
client_secret = "s"
allowed_domains = ["good.test"]
"""
START = "/login/with/hangs"


@pytest.fixture
def running(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    config = tmp_path / "tb-share.toml"
    config.write_text(SETTINGS.format(port=listener.getsockname()[1]))
    with serving(tmp_path / "data", [f"--logdir=a={LOGDIR}", "--config", str(config)]) as started:
        yield started
    listener.close()


def timed(browser, target):
    began = time.monotonic()
    return browser.get(target).status, time.monotonic() - began


def test_others_are_answered_while_a_hundred_wait_for_a_provider_that_hangs(running):
    owner = running.owner()
    with ThreadPoolExecutor(100) as pool:
        starts = [pool.submit(timed, running.browser(), START) for _ in range(100)]
        time.sleep(3)  # longer than whoever may not ask waits
        seen = [timed(owner, "/api/v1/me") for _ in range(20)]
        answers = [each.result() for each in starts]
    assert {status for status, _ in seen} == {200}
    assert max(took for _, took in seen) < 2
    assert {status for status, _ in answers} == {502}
    # Each worker found out for itself; nobody asks again for a while.
    again = [timed(running.browser(), START) for _ in range(8)]
    assert {status for status, _ in again} == {502}
    assert sorted(took for _, took in again)[3] < 1
