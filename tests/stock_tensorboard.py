"""Stock ``tensorboard --load_fast=true`` as its own process, for comparison and as somebody's upstream."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import listen

ADDRESS = re.compile(r"at (http://[^/ ]+:\d+)/?")
_DEADLINE_S = 60


@contextmanager
def stock_tensorboard(logdir: Path, *arguments: str) -> Iterator[str]:
    """Its address, such as http://localhost:43217."""
    command = [
        sys.executable,
        "-m",
        "tensorboard.main",
        "--logdir",
        str(logdir),
        "--port",
        "0",
        "--load_fast",
        "true",
        "--reload_interval",
        "1",
    ]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    listener = listen(process, process.stderr, ADDRESS)
    try:
        found = listener.wait(_DEADLINE_S)
        assert found, "".join(listener.said)
        yield found[1].replace("localhost", "127.0.0.1")
    finally:
        process.terminate()
        process.wait(timeout=20)
        listener.close()
