"""The host process. Its parent holds the other end of its standard input: when that is gone, so is the host."""

from __future__ import annotations

import os
import sys
import threading

from tb_share.tensorboards.host import namespace
from tb_share.tensorboards.host.specification import Specification


def main() -> None:
    """Read the specification, serve until the parent is gone."""
    specification = Specification.model_validate_json(sys.stdin.readline())
    network = "shared" if specification.settings.namespaces == "off" else namespace.enter().value
    if specification.settings.namespaces == "require" and network != "own":
        sys.exit("This machine allows no network namespaces; set tensorboard.namespaces to auto to serve without.")
    threading.Thread(target=_end_with_parent, daemon=True).start()

    from tb_share.tensorboards.host.serving import serve

    serve(specification.model_copy(update={"network": network}))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
