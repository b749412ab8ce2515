"""gunicorn from our settings: its master, its configuration, and the end of both when their parent is gone."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from tb_share.gateway.server.worker import DoorWorker
from tb_share.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_CONNECTIONS_PER_WORKER: Final = 1000
_GRACE_S: Final = 10
_REQUESTS_PER_WORKER: Final = 50_000


class DoorArbiter(Arbiter):
    """Ends with its parent, however that ended."""

    def __init__(self, application: Door) -> None:
        self._parent = os.getppid()
        super().__init__(application)

    def murder_workers(self) -> None:
        """Runs once a second."""
        if os.getppid() != self._parent:
            raise StopIteration
        super().murder_workers()


class Door(BaseApplication):
    """The gunicorn application. ``load`` runs in each worker, after the fork: nothing is opened before."""

    def __init__(self, settings: Settings, listen_fd: int, runtime_dir: Path, load: Callable[[], WSGIApplication]) -> None:
        self.settings = settings
        self._listen_fd = listen_fd
        self._runtime_dir = runtime_dir
        self._load = load
        super().__init__()

    def load_config(self) -> None:
        """Every setting that is not gunicorn's default; files and environment are not read."""
        for name, value in self._configuration().items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The WSGI application of this worker."""
        return self._load()

    def run(self) -> None:
        """Serve until told to stop."""
        os.umask(0o077)
        # gunicorn would take it for a prefix of every path.
        os.environ.pop("SCRIPT_NAME", None)
        _raise_file_limit()
        DoorArbiter(self).run()

    def _configuration(self) -> dict[str, Any]:
        server = self.settings.server
        return {
            "bind": f"fd://{self._listen_fd}",
            "workers": server.workers,
            "threads": server.threads,
            "worker_class": DoorWorker,
            "worker_connections": _CONNECTIONS_PER_WORKER,
            "worker_tmp_dir": str(self._runtime_dir),
            "timeout": 30,
            "graceful_timeout": _GRACE_S,
            "keepalive": 5,
            "max_requests": _REQUESTS_PER_WORKER,
            "max_requests_jitter": _REQUESTS_PER_WORKER // 10,
            "umask": 0o077,
            "http_parser": "python",
            "limit_request_line": 4094,
            "limit_request_fields": 100,
            "limit_request_field_size": 8190,
            # Nobody may move the prefix, the scheme or the path by a header (finding 5).
            "forwarder_headers": "X-NONE",
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "header_map": "refuse",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "error",
            "control_socket_disable": True,
            "preload_app": False,
        }


def _raise_file_limit() -> None:
    """Each client is a descriptor, and each request to TensorBoard another."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
