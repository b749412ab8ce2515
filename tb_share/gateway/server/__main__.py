"""``python -m tb_share.gateway.server RUNTIME_DIR LISTEN_FD``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tb_share.gateway.server.arbiter import Door
from tb_share.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def main(runtime_dir: Path, listen_fd: int) -> None:
    """Serve the front door on an open socket until the parent says stop or is gone."""
    settings = Settings.model_validate_json((runtime_dir / "settings.json").read_text())

    def load() -> WSGIApplication:
        # Imported in the worker: the master needs none of it.
        from tb_share.gateway.app import build
        from tb_share.tensorboards.control import FleetClient

        return build(settings, FleetClient(runtime_dir / "control.sock"))

    Door(settings, listen_fd, runtime_dir, load).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
