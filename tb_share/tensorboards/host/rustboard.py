"""Owns one RustBoard, TensorBoard's native data server: starts it, starts it again when it dies, and speaks gRPC with it.

Its calls have deadlines and use no proxy. While it is away, asking it raises ``DataServerAway``: never an empty answer.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

import grpc
import tensorboard_data_server
from tensorboard.data import grpc_provider
from tensorboard.util import grpc_util

from tb_share.settings import TensorBoardSettings
from tb_share.tensorboards.host.prompt_answers import make_prompt
from tb_share.tensorboards.host.scalar_columns import ColumnProvider

_CALL_DEADLINE_S: Final = 30.0
_START_DEADLINE_S: Final = 20.0
_LONGEST_PAUSE_S: Final = 3.0
_SHORT_LIFE_S: Final = 60.0
_MANY_SHORT_LIVES: Final = 3
_MAX_MESSAGE: Final = 256 * 1024 * 1024


class DataServerAway(Exception):
    """RustBoard is starting or has just died; ask again in a second."""


class RustBoard:
    """One child process over one logdir."""

    def __init__(self, logdir: Path, settings: TensorBoardSettings) -> None:
        self._logdir = logdir
        self._settings = settings
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._provider: Any = None
        self._channel: Any = None
        self._closing = threading.Event()
        self.starts = 0
        """Part of every cache key: what an earlier one said is not this one's word."""
        self._started_at = time.monotonic()
        self._short_lives = 0

    def keep(self) -> None:
        """Start it, and go on starting it whenever it ends."""
        _raise_file_limit()
        threading.Thread(target=self._keep, name="rustboard", daemon=True).start()

    def provider(self) -> Any:
        """The data provider of the running one.

        Raises:
            DataServerAway: there is none just now.
        """
        with self._lock:
            if self._provider is None:
                raise DataServerAway
            return self._provider

    def keeps_ending(self) -> bool:
        """Whether the last few ended soon after they had begun, as they do on logs that RustBoard cannot read, and none lived on since."""
        lives_on = self._provider is not None and self.age_s >= _SHORT_LIFE_S
        return self._short_lives >= _MANY_SHORT_LIVES and not lives_on

    @property
    def age_s(self) -> float:
        """How long ago the running one began to load."""
        return time.monotonic() - self._started_at

    @property
    def pid(self) -> int | None:
        """Of the child, while there is one."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End it."""
        self._closing.set()
        if self._process is not None:
            self._process.kill()

    def _keep(self) -> None:
        pause = 0.1
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._run_once()
            except OSError as error:
                print(f"data server: {error}", file=sys.stderr, flush=True)
            self._drop()
            lived_s = time.monotonic() - began
            self._short_lives = self._short_lives + 1 if lived_s < _SHORT_LIFE_S else 0
            pause = 0.1 if lived_s > 2 * _LONGEST_PAUSE_S else min(2 * pause, _LONGEST_PAUSE_S)
            self._closing.wait(pause)

    def _run_once(self) -> None:
        # Only until it is read: whoever ends a host does not wait until it has cleared up.
        with tempfile.TemporaryDirectory(prefix="tb-share-") as directory:
            port_file = Path(directory) / "port"
            process = self._process = subprocess.Popen(self._command(port_file), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603
            port = self._wait_for_port(port_file)
        if port is not None:
            make_prompt(process.pid)
            self._connect(port)
        else:
            process.kill()
        status = process.wait()
        if process.stdin is not None:
            process.stdin.close()
        if not self._closing.is_set():
            print(f"data server: ended (status {status})", file=sys.stderr, flush=True)

    def _command(self, port_file: Path) -> list[str]:
        samples = ",".join(f"{plugin}={'all' if count == 0 else count}" for plugin, count in self._settings.samples_per_plugin.items())
        return [
            str(tensorboard_data_server.server_binary()),
            f"--logdir={self._logdir}",
            f"--reload={self._settings.reload_interval_s}",
            f"--samples-per-plugin={samples}",
            "--host=127.0.0.1",
            "--port=0",
            f"--port-file={port_file}",
            "--die-after-stdin",
        ]

    def _wait_for_port(self, port_file: Path) -> int | None:
        until = time.monotonic() + _START_DEADLINE_S
        while time.monotonic() < until and self._process is not None and self._process.poll() is None:
            try:
                return int(port_file.read_text())
            except (OSError, ValueError):
                self._closing.wait(0.01)
        return None

    def _connect(self, port: int) -> None:
        credentials, options = grpc_util.ChannelCredsType.LOCAL.channel_config()
        options = [*options, ("grpc.max_receive_message_length", _MAX_MESSAGE), ("grpc.enable_http_proxy", 0)]
        address = f"127.0.0.1:{port}"
        channel = grpc.intercept_channel(grpc.secure_channel(address, credentials, options=options), _Deadline(_CALL_DEADLINE_S))
        with self._lock:
            self.starts += 1
            self._started_at = time.monotonic()
            self._channel = channel
            self._provider = ColumnProvider(address, grpc_provider.make_stub(channel))

    def _drop(self) -> None:
        with self._lock:
            channel, self._channel, self._provider = self._channel, None, None
        if channel is not None:
            channel.close()


class _Deadline(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):  # type: ignore[type-arg]  # generic in the stubs alone
    """Stock clients wait for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(client_call_details._replace(timeout=self._seconds), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(client_call_details._replace(timeout=self._seconds), request)


def _raise_file_limit() -> None:
    """RustBoard keeps one descriptor for each event file, for ever."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
