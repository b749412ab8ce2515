"""What ``tb-share serve`` runs: the front door and the TensorBoard hosts, over one data directory, until it is told to stop."""

from __future__ import annotations

import html
import http.client
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tb_share.cli import data_directory, preflight, runtime_directory
from tb_share.cli.listening import listen
from tb_share.cli.supervision import KeptProcess, Stop, wait_until
from tb_share.errors import SetUpError
from tb_share.settings import Settings

if TYPE_CHECKING:
    from tb_share.operations.desk import Desk

_LEFTOVERS_S: Final = 5.0
"""What a killed serve started ends by itself within this time."""
_DOOR_DEADLINE_S: Final = 60.0
_TRIES: Final = 3
_ASK_TIMEOUT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How to serve, beyond the settings."""

    config: Path | None = None
    open_browser: bool = False
    log: IO[str] | None = None
    """Where the children write; None: standard error."""
    say: Callable[[str], None] = print


def serve(settings: Settings, manner: Manner) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        SetUpError: it cannot start.
    """
    stop = Stop()
    with stop.heard(), ExitStack() as stack:
        data_directory.make(settings.data)
        stack.enter_context(data_directory.held(settings.data))
        preflight.check(settings)
        earlier = data_directory.about(settings.data)
        if earlier is not None:
            runtime_directory.remove_stale(earlier.runtime_dir)
        listener = stack.enter_context(listen(settings.host, settings.port, _LEFTOVERS_S if earlier else 0))
        settings = with_address(settings, listener)
        runtime = stack.enter_context(runtime_directory.made())
        # Before the database is looked after: the first host loads its logs meanwhile.
        stack.enter_context(_hosts(settings, runtime))
        sign_in_url = _prepare(settings)
        stack.enter_context(_announced(settings, runtime))
        _serve_door(settings, runtime, listener, stop, manner, sign_in_url)


def with_address(settings: Settings, listener: socket.socket) -> Settings:
    """The settings with the port that we got and the address that people type."""
    port = listener.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(settings.host, settings.host)
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    public = (settings.public_url or f"http://{name}:{port}").rstrip("/")
    content = None if settings.content_url is None else settings.content_url.rstrip("/")
    return settings.model_copy(update={"port": port, "public_url": public, "content_url": content})


def _prepare(settings: Settings) -> str | None:
    """Bring the database up to date; the one-time owner sign-in URL."""
    from tb_share.operations import projects, sign_in
    from tb_share.operations.desk import open_desk

    desk: Desk = open_desk(settings)
    projects.declare(desk, settings)
    return f"{settings.public_url}/login/{sign_in.owner_code(desk)}"


@contextmanager
def _announced(settings: Settings, runtime: Path) -> Iterator[None]:
    """Let the other commands know; a clean end takes it back."""
    import os

    said = data_directory.RunningServe(os.getpid(), settings.public_url or "", settings.host, settings.port, str(runtime))
    data_directory.announce(settings.data, said)
    try:
        yield
    finally:
        data_directory.announce(settings.data, data_directory.RunningServe(0, said.public_url, said.host, said.port, ""))


@contextmanager
def _hosts(settings: Settings, runtime: Path) -> Iterator[None]:
    """The TensorBoard hosts, and the socket on which the front door asks for them."""
    from tb_share.tensorboards.control import ControlServer
    from tb_share.tensorboards.local import LocalFleet

    with LocalFleet(settings, runtime) as fleet, ControlServer(runtime / "control.sock", fleet):
        if settings.logdir:
            # Warm before anybody asks: the first page is then quick.
            fleet.ensure(settings.logdir[0].name)
        yield


def _serve_door(settings: Settings, runtime: Path, listener: socket.socket, stop: Stop, manner: Manner, sign_in_url: str | None) -> None:
    data_directory.write_private(runtime / "settings.json", settings.model_dump_json())
    command = [sys.executable, "-P", "-m", "tb_share.gateway.server", str(runtime), str(listener.fileno())]
    door = KeptProcess("the front door", command, [listener.fileno()], manner.log)
    door.start()
    try:
        until = time.monotonic() + _DOOR_DEADLINE_S
        gave_up = lambda: stop.asked or door.starts > _TRIES or time.monotonic() > until  # noqa: E731
        if wait_until(lambda: _answers(settings, listener), gave_up):
            for line in lines_about(settings, manner.config, sign_in_url):
                manner.say(line)
            if manner.open_browser:
                address = _without_secret(sign_in_url, runtime) if sign_in_url else settings.public_url or ""
                # Some browsers are waited for; whoever stops the server does not.
                threading.Thread(target=webbrowser.open, args=[address], name="browser", daemon=True).start()
            stop.wait()
        elif not stop.asked:
            raise SetUpError("The front door does not start; what it says about that stands above. tb-share doctor looks for the cause.")
    finally:
        door.stop(lambda: stop.at_once)


def _without_secret(url: str, runtime: Path) -> str:
    """The address of a file of ours that leads to ``url``: what a browser is started with can be read by everybody on this machine."""
    file = runtime / "sign-in.html"
    head = '<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>tb-share</title>'
    lead = f'<meta http-equiv="refresh" content="0; url={html.escape(url)}"><a href="{html.escape(url)}">Sign in to tb-share</a>'
    data_directory.write_private(file, f'<!doctype html><html lang="en">{head}{lead}')
    return file.as_uri()


def _answers(settings: Settings, listener: socket.socket) -> bool:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(host, port, timeout=_ASK_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.public_url or "").netloc})
        with connection.getresponse() as answer:
            return answer.status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def lines_about(settings: Settings, config: Path | None, sign_in_url: str | None) -> Iterator[str]:
    """What is served, where, and how to get in."""
    yield f"tb-share serves at {settings.public_url}"
    for logdir in settings.logdir:
        yield f"  {logdir.name}: {logdir.path}"
    for upstream in settings.upstream:
        yield f"  {upstream.name}: the TensorBoard at {upstream.url}"
    yield f"Data: {settings.data}" + (f"    Settings: {config}" if config else "")
    if (settings.public_url or "").startswith("https://") and not settings.proxy.trusted_peers:
        yield "Every visitor seems to come from the TLS proxy, and tries of one make all wait: list its address in proxy.trusted_peers."
    if sign_in_url:
        yield ""
        yield "Sign in as the owner, once, with this address:"
        yield f"  {sign_in_url}"
        yield ""
    yield "Ctrl-C stops it."
