"""Puts a host together and answers on its Unix socket."""

from __future__ import annotations

import logging
import time
from typing import Final

import waitress

from tb_share.logdir.belongings import LogdirFiles
from tb_share.logdir.index.process import Indexer
from tb_share.logdir.index.reader import Index
from tb_share.plugin.plugin import ExperimentsLoader
from tb_share.tensorboards.host.app import Door, tensorboard_app
from tb_share.tensorboards.host.response_cache import ResponseCache, fresh_for
from tb_share.tensorboards.host.rustboard import RustBoard
from tb_share.tensorboards.host.scoped_provider import ScopedProvider
from tb_share.tensorboards.host.specification import Specification
from tb_share.tensorboards.host.visible_runs import seen

_THREADS: Final = 16
_MAX_BODY: Final = 8 * 1024 * 1024
_INDEX_S: Final = 3.0
"""Small logs are read within it, so that nobody sees an empty page first; large ones are shown while they are being read."""
_NAMES_S: Final = 15.0
"""What there is at all, and the data server, can take longer on a busy machine, and TensorBoard's page asks for both only once."""
_LOOK_S: Final = 0.02


def serve(specification: Specification) -> None:
    """Answer until the process ends."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # Its validator warns of headers that the gateway adds, and its errors repeat what was asked.
    logging.getLogger("tensorboard").setLevel(logging.CRITICAL)
    settings = specification.settings
    rustboard = RustBoard(specification.logdir, settings)
    rustboard.keep()
    Indexer(specification.index, specification.logdir, settings.follow_links_to).start()
    index = Index(specification.index)
    scoped = ScopedProvider(rustboard.provider, lambda: index.view().catalogue, specification.handoff_key, rustboard.keeps_ending)
    files = LogdirFiles(specification.logdir, tuple(settings.follow_links_to), settings.hand_out_files)
    app = tensorboard_app(specification, scoped, ExperimentsLoader(index, seen, files, rustboard.keeps_ending))
    cached = ResponseCache(
        app,
        lambda: f"{specification.generation}.{rustboard.starts}.{rustboard.keeps_ending()}",
        fresh_s=lambda: fresh_for(rustboard.age_s, settings.reload_interval_s),
    )
    _wait_for(index, rustboard)
    specification.socket.unlink(missing_ok=True)
    server = waitress.create_server(
        Door(cached, specification),
        unix_socket=str(specification.socket),
        unix_socket_perms="600",
        threads=_THREADS,
        max_request_body_size=_MAX_BODY,
        ident=None,
        connection_limit=1000,
        channel_timeout=300,
    )
    server.run()


def _wait_for(index: Index, rustboard: RustBoard) -> None:
    began = time.monotonic()
    while True:
        state, waited_s = index.view().progress.state, time.monotonic() - began
        longest_s = _NAMES_S if state == "starting" or not rustboard.starts else _INDEX_S
        if waited_s >= longest_s or (rustboard.starts and state not in {"starting", "indexing"}):
            return
        time.sleep(_LOOK_S)
