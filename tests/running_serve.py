"""A real ``tb-share serve`` for tests: its own process, its own data directory, a free port."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import Listener, listen

PRINTED_URL = re.compile(r"http://[0-9.:a-z]+/login/[A-Za-z0-9_.\-]+")
START_DEADLINE_S = 60


@dataclass
class Answer:
    """One HTTP answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def whole(self) -> bytes:
        """Status line's number, headers and body: everything a leak could hide in."""
        return str(self.status).encode() + bytes(str(self.headers), "utf-8") + self.body


@dataclass
class Browser:
    """Keeps cookies as a browser would, by path; sends the fetch metadata of a page of ours."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
    """Where it comes from: failures are counted by address."""
    name: str = "127.0.0.1"
    """The host name that was typed; cookies of another one are another browser's here."""

    def ask(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str | None] | None = None, timeout_s: float = 60
    ) -> Answer:
        """Send exactly this request target and read the whole answer. A header of None is not sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s, source_address=(self.address, 0))
        sent = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.putrequest(method, target, skip_accept_encoding=True, skip_host=True)
            connection.putheader("Host", f"{self.name}:{self.port}")
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            raw = connection.getresponse()
            answer = Answer(raw.status, raw.msg, raw.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, target: str, **more: str) -> Answer:
        """GET with further headers given as keywords."""
        return self.ask("GET", target, headers={name.replace("_", "-"): value for name, value in more.items()})

    def post(self, target: str, body: bytes = b"", content_type: str = "application/x-www-form-urlencoded") -> Answer:
        """POST a body."""
        return self.ask("POST", target, body, {"Content-Type": content_type})

    def use(self, url: str) -> Answer:
        """Press the one button behind a sign-in, invitation or share address."""
        return self.post(urllib.parse.urlsplit(url).path)


@dataclass
class RunningServe:
    """The process, what it printed and where it listens."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    sign_in_url: str
    listener: Listener

    @property
    def printed(self) -> list[str]:
        """Everything it has said."""
        return self.listener.said

    @property
    def base(self) -> str:
        """The address people type."""
        return f"http://127.0.0.1:{self.port}"

    def browser(self, address: str = "127.0.0.1") -> Browser:
        """A fresh browser profile."""
        return Browser(self.port, address=address)

    def owner(self) -> Browser:
        """A browser signed in with the printed address; works once."""
        browser = self.browser()
        answer = browser.use(self.sign_in_url)
        assert answer.status == 303, answer
        return browser

    def command(self, *arguments: str) -> str:
        """Standard output of a ``tb-share`` command on the same data."""
        done = subprocess.run(
            [sys.executable, "-m", "tb_share.cli.main", *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """SIGTERM, and wait for the clean end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
        self.listener.close()


def start_serve(
    data: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None, sign_in_at: str | None = None
) -> RunningServe:
    """Start and wait until the sign-in address is printed; ``sign_in_at`` is the public address, if another server stands in front.

    Raises:
        AssertionError: it ended before, or printed nothing in time.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tb_share.cli.main", "serve", "--data", str(data), "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    listener = listen(process, process.stdout, PRINTED_URL if sign_in_at is None else re.compile(re.escape(sign_in_at) + r"/login/\S+"))
    match = listener.wait(START_DEADLINE_S)
    if match is None:
        process.kill()
        process.wait()
        listener.close()
        raise AssertionError("serve printed no sign-in address:\n" + "".join(listener.said))
    url = match.group(0)
    port = json.loads((data / "serve.json").read_text())["port"]
    return RunningServe(process, data, port, url, listener)


@contextmanager
def serving(data: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[RunningServe]:
    """A serve that is stopped at the end, whatever happens."""
    running = start_serve(data, arguments, environment)
    try:
        yield running
    finally:
        running.stop()
