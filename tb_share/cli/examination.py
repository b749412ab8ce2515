"""What ``tb-share doctor`` looks at on this machine: one function a question, each giving what it found and the remedy. Changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tb_share.cli import data_directory, from_outside, preflight
from tb_share.cli.data_directory import OTHERS
from tb_share.cli.finding import Finding
from tb_share.cli.options import load_settings
from tb_share.errors import SetUpError
from tb_share.settings import Settings

_BUNDLES: Final = {
    "The bundle of the Experiments tab": "plugin/static/index.js",
    "The bundle of the pages": "gateway/portal/static/portal.js",
}
_CLOCK_SLACK_S: Final = 60
_CHILD_DEADLINE_S: Final = 10


def examine(config: str | None, data: str | None) -> Iterator[Finding]:
    """Every answer, in the order in which they help."""
    try:
        loaded = load_settings(config, data=data)
    except SetUpError as error:
        yield Finding("wrong", error.text)
        return
    settings = loaded.settings
    yield Finding("good", f"Settings come from {loaded.config}" if loaded.config else "Settings: no file, so flags, variables and defaults")
    yield from data_findings(settings.data)
    yield address_finding(settings)
    yield serve_finding(settings.data)
    yield from bundle_findings(Path(__file__).parents[1])
    yield data_server_finding()
    yield namespace_finding(settings)
    yield clock_finding(settings.data, time.time())
    about = data_directory.about(settings.data)
    running = about is not None and data_directory.is_held(settings.data)
    yield from from_outside.outside_findings(settings, about.public_url if about is not None and running else None)


def data_findings(data: Path) -> Iterator[Finding]:
    """Whether the secrets are only ours."""
    if not data.exists():
        yield Finding("note", f"There is no data directory {data} yet", "tb-share serve makes it.")
        return
    if not data.is_dir() or not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("wrong", f"{data} is no directory that you can read and write", "Correct that, or name another with --data.")
        return
    secret = [data, *(each for each in sorted(data.iterdir()) if each.name == "keys.json" or ".sqlite3" in each.name)]
    open_to_others = [each for each in secret if each.stat().st_mode & OTHERS]
    for each in open_to_others:
        yield Finding("wrong", f"Others can read {each}", f"Run: chmod {'700' if each == data else '600'} {each}")
    if not open_to_others:
        yield Finding("good", f"Only you can read {data}")


def address_finding(settings: Settings) -> Finding:
    """Whether the public address, the listening address and TLS fit together."""
    from tb_share.gateway.client_address import address_reader

    try:
        preflight.check_address(settings)
        address_reader(settings.proxy)
    except SetUpError as error:
        return Finding("wrong", error.text)
    public = settings.public_url or ""
    if public.startswith("https://") and not settings.proxy.trusted_peers:
        remedy = "Set proxy.trusted_peers to the proxy's own address."
        return Finding(
            "note", f"{public} is served by a TLS proxy that is not listed: every visitor will seem to come from its address", remedy
        )
    if settings.insecure_http:
        return Finding("note", "Plain http is allowed where others can reach it", "Put a TLS proxy in front and drop --insecure-http.")
    return Finding("good", f"People come by {public or 'this machine only'}")


def serve_finding(data: Path) -> Finding:
    """Whether a serve is running here."""
    about = data_directory.about(data)
    if about is not None and data_directory.is_held(data):
        return Finding("good", f"Served at {about.public_url} by process {about.pid}")
    return Finding("note", "Nothing is served from this data directory just now")


def bundle_findings(package: Path) -> Iterator[Finding]:
    """Whether what browsers load was built."""
    for name, place in _BUNDLES.items():
        if (package / place).is_file():
            yield Finding("good", f"{name} was built")
        else:
            yield Finding(
                "wrong",
                f"{name} was not built: {package / place} is missing",
                "Install tb-share again: pip install --force-reinstall tb-share",
            )


def data_server_finding() -> Finding:
    """Whether TensorBoard's fast loader runs on this machine."""
    import tensorboard_data_server

    binary = tensorboard_data_server.server_binary()
    if binary is None:
        return Finding("wrong", "tensorboard-data-server has no program for this platform", "Use Linux on x86_64, or macOS.")
    try:
        done = subprocess.run([binary, "--version"], capture_output=True, timeout=_CHILD_DEADLINE_S, check=False)  # noqa: S603 - of the package
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("wrong", f"{binary} cannot be run ({error})", "Install tensorboard-data-server again, for this platform.")
    if done.returncode != 0:
        return Finding("wrong", f"{binary} fails (status {done.returncode})", "Install tensorboard-data-server again, for this platform.")
    return Finding("good", "TensorBoard's data server runs")


def namespace_finding(settings: Settings) -> Finding:
    """Whether other users of this machine could reach a data server's port (S-HOST-1)."""
    if settings.tensorboard.namespaces == "off":
        return Finding(
            "note",
            "Other users of this machine can read all runs: network namespaces are switched off",
            "Set tensorboard.namespaces to auto.",
        )
    code = "from tb_share.tensorboards.host import namespace; print(namespace.enter().value)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=_CHILD_DEADLINE_S, check=False)  # noqa: S603 - our own module
    if done.stdout.strip() == "own":
        return Finding("good", "Each TensorBoard has a network of its own: no other user of this machine reaches its data server")
    return Finding(
        "wrong" if settings.tensorboard.namespaces == "require" else "note",
        "This machine allows no network namespaces: every local user can read all runs through the data servers' ports",
        "Let only trusted people log in here, or allow unprivileged user namespaces.",
    )


def clock_finding(data: Path, now: float) -> Finding:
    """Links and sessions end by the clock: it must not have gone back."""
    readable = data.is_dir() and os.access(data, os.R_OK | os.X_OK)
    newest = max((each.lstat().st_mtime for each in data.iterdir()), default=0.0) if readable else 0.0
    if now < newest - _CLOCK_SLACK_S:
        return Finding("wrong", "The clock is behind the data: what has expired may be open again", "Set the clock, for example by NTP.")
    return Finding("good", time.strftime("The clock says %Y-%m-%d %H:%M UTC", time.gmtime(now)))
