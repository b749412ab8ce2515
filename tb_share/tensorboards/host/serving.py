"""Puts a host together and answers on its Unix socket."""

from __future__ import annotations

import logging
from typing import Final

import waitress

from tb_share.logdir.kept_catalogue import KeptCatalogue
from tb_share.plugin.plugin import ExperimentsLoader
from tb_share.tensorboards.host.app import Door, tensorboard_app
from tb_share.tensorboards.host.response_cache import ResponseCache, fresh_for
from tb_share.tensorboards.host.rustboard import RustBoard
from tb_share.tensorboards.host.scoped_provider import ScopedProvider
from tb_share.tensorboards.host.specification import Specification

_THREADS: Final = 16
_MAX_BODY: Final = 8 * 1024 * 1024


def serve(specification: Specification) -> None:
    """Answer until the process ends."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # Its validator warns of headers that the gateway adds, and its errors repeat what was asked.
    logging.getLogger("tensorboard").setLevel(logging.CRITICAL)
    settings = specification.settings
    rustboard = RustBoard(specification.logdir, settings)
    rustboard.keep()
    catalogue = KeptCatalogue(specification.logdir, settings.follow_links_to)
    scoped = ScopedProvider(rustboard.provider, catalogue.now, specification.handoff_key)
    app = tensorboard_app(specification, scoped, ExperimentsLoader(catalogue.now))
    cached = ResponseCache(
        app,
        lambda: f"{specification.generation}.{rustboard.starts}",
        fresh_s=lambda: fresh_for(rustboard.age_s, settings.reload_interval_s),
    )
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
