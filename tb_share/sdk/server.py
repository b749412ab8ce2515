"""Which server a program means, and the tokens that ``tb-share login`` kept for it on this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from platformdirs import user_config_path

from tb_share.errors import SetUpError

CONFIG_DIRECTORY: Final = "TB_SHARE_CONFIG_DIR"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def server_address(url: str) -> str:
    """Scheme, host and port of an address that somebody typed.

    Raises:
        SetUpError: it is no address of a server, or one where a token could be read on the way.
    """
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
        raise SetUpError(f'"{url[:200]}" is no address of a server. Write it as https://tb.example.org.')
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SetUpError("A token would travel readable to all. Use https, or an address of this machine.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def tokens_file() -> Path:
    """Where the tokens of all servers are kept, readable by their owner only."""
    chosen = os.environ.get(CONFIG_DIRECTORY)
    return (Path(chosen) if chosen else user_config_path("tb-share", appauthor=False)) / "tokens.json"


def kept_tokens() -> dict[str, str]:
    """Token by server.

    Raises:
        SetUpError: the file cannot be used.
    """
    try:
        found = json.loads(tokens_file().read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SetUpError(f"{tokens_file()} cannot be read. Move it away and log in again.") from error
    return {str(url): str(token) for url, token in found.items()} if isinstance(found, dict) else {}
