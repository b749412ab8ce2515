"""A tb-share server somewhere else: asking it, and where the tokens for it are kept."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from platformdirs import user_config_path

from tb_share.cli.data_directory import write_private
from tb_share.errors import SetUpError

_DEADLINE_S: Final = 10.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
CONFIG_DIRECTORY: Final = "TB_SHARE_CONFIG_DIR"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON object."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str:
        """The server's stable word for a failure."""
        return str(self.body.get("error", {}).get("code", ""))

    @property
    def text(self) -> str:
        """The server's sentence for a failure."""
        return str(self.body.get("error", {}).get("message", f"It answers with status {self.status}."))


@dataclass(frozen=True, slots=True)
class Remote:
    """One server, by the address that people type."""

    url: str
    ca_file: str | None = None

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> Answer:
        """One request to its API.

        Raises:
            SetUpError: it does not answer, or is no tb-share.
        """
        headers = {"Accept": "application/json"} | ({} if token is None else {"Authorization": f"Bearer {token}"})
        try:
            answer = requests.request(
                method,
                f"{self.url}{path}",
                json=body,
                headers=headers,
                timeout=_DEADLINE_S,
                allow_redirects=False,
                verify=self.ca_file or True,
            )
            found = answer.json() if answer.content else {}
        except requests.exceptions.SSLError as error:
            raise SetUpError(f"The certificate of {self.url} is not believed. Name its authority with --ca-file.") from error
        except (requests.RequestException, ValueError) as error:
            raise SetUpError(f"No tb-share answers at {self.url}. Check the address.") from error
        if not isinstance(found, dict):
            raise SetUpError(f"What answers at {self.url} is no tb-share. Check the address.")
        return Answer(answer.status_code, found)


def remote(url: str, ca_file: str | None = None) -> Remote:
    """The server at an address.

    Raises:
        SetUpError: it is no address of a server, or one where a token could be read on the way.
    """
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
        raise SetUpError(f'"{url[:200]}" is no address of a server. Write it as https://tb.example.org.')
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SetUpError("A token would travel readable to all. Use https, or an address of this machine.")
    return Remote(f"{parts.scheme}://{parts.netloc.lower()}", ca_file)


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


def keep_token(url: str, token: str | None) -> None:
    """Keep the token for a server, or forget it."""
    tokens = kept_tokens()
    tokens.pop(url, None)
    if token is not None:
        tokens[url] = token
    tokens_file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(tokens_file(), json.dumps(tokens, indent=2))
