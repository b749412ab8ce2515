"""Stock ``tensorboard --load_fast=true`` as its own process, for comparison and as somebody's upstream."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ADDRESS = re.compile(r"at (http://[^/ ]+:\d+)/?")
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
    said: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if _ADDRESS.search(line):
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        ready.wait(_DEADLINE_S)
        found = _ADDRESS.search("".join(said))
        assert found, "".join(said)
        yield found[1].replace("localhost", "127.0.0.1")
    finally:
        process.terminate()
        process.wait(timeout=20)
        reader.join(timeout=5)
        assert process.stderr is not None
        process.stderr.close()
