"""Run a command, as ``tb-share serve``, and build the bundles anew whenever a source of the frontend changes, until the command ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack

from frontend_backend import BUNDLES, FRONTEND, VITE, packages, with_node


def run_watching(command: list[str]) -> int:
    """The command's status."""
    packages()
    with ExitStack() as stack:
        for bundle in BUNDLES:
            stack.callback(_end, _watcher(bundle))
        # Ctrl-C reaches the command from the terminal: we only wait until it has put its things away.
        signal.signal(signal.SIGINT, lambda *_: None)
        running = subprocess.Popen(command)
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        return running.wait()


def _watcher(bundle: str) -> subprocess.Popen[bytes]:
    # The directory is not emptied, so that a page loaded during a build finds its files.
    options = ["--watch", "--mode", bundle, "--emptyOutDir", "false", "--logLevel", "warn"]
    return subprocess.Popen(["node", VITE, "build", *options], cwd=FRONTEND, env=with_node(), stdin=subprocess.DEVNULL)


def _end(watcher: subprocess.Popen[bytes]) -> None:
    watcher.terminate()
    watcher.wait()


if __name__ == "__main__":
    sys.exit(run_watching(sys.argv[1:]))
