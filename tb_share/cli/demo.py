"""``tb-share demo``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

PROJECT = "orientation"
_LEFTOVERS_S = 5.0
"""What a killed demo started ends by itself within this time."""


@click.command()
@click.option(
    "--dir", "directory", type=click.Path(path_type=Path), metavar="DIR", help="Where logs and data go. Default: ./tb-share-demo."
)
@click.option("--port", type=click.IntRange(0, 65535), default=6080, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the sign-in address in a browser.")
@click.option("--train-only", is_flag=True, help="Train, do not serve.")
def demo(directory: Path | None, port: int, open_browser: bool, train_only: bool) -> None:
    """Train a small classifier in a few seconds, and serve its logs while one more run is still training.

    A second start uses what is there.
    """
    from tb_share.cli.listening import listen
    from tb_share.sdk.demo.training import train_missing

    if not train_only:
        # Before training: nobody should wait for a sentence about a port.
        listen("127.0.0.1", port, _LEFTOVERS_S).close()
    place = (directory or Path("tb-share-demo")).absolute()
    logdir = place / "logs"
    _make(logdir)
    trained = train_missing(logdir, place / "unfinished", _say)
    _say(f"Trained {trained} runs into {logdir}" if trained else f"Using what was trained in {logdir}")
    if not train_only:
        with _still_training(logdir):
            _serve(place, logdir, port, open_browser)


def _make(logdir: Path) -> None:
    from tb_share.errors import SetUpError

    try:
        logdir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetUpError(f"{logdir} cannot be made ({error.strerror}). Name another directory with --dir.") from None


@contextmanager
def _still_training(logdir: Path) -> Iterator[None]:
    """A run that grows while it is watched. It ends when the pipe to it closes, so also when we are killed."""
    command = [sys.executable, "-P", "-m", "tb_share.sdk.demo.still_training", str(logdir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0) as training:  # noqa: S603 - our own module
        try:
            yield
        finally:
            training.terminate()


def _serve(place: Path, logdir: Path, port: int, open_browser: bool) -> None:
    from tb_share.cli.serving import Manner, serve
    from tb_share.settings import LogdirSource, Settings

    settings = Settings(data=place / "data", logdir=(LogdirSource(name=PROJECT, path=logdir),), port=port)
    log = place / "serve.log"
    with log.open("w", encoding="utf-8") as writing:
        _say(f"Requests are logged in {log}")
        serve(settings, Manner(open_browser=open_browser, log=writing, say=_say))


def _say(line: str) -> None:
    print(line, flush=True)
