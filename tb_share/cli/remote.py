"""A tb-share server somewhere else: asking it, and keeping the tokens for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import requests

from tb_share.cli.data_directory import write_private
from tb_share.errors import SetUpError
from tb_share.sdk.client import Bearer
from tb_share.sdk.server import kept_tokens, server_address, tokens_file

_DEADLINE_S: Final = 10.0


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
        try:
            answer = requests.request(
                method,
                f"{self.url}{path}",
                json=body,
                headers={"Accept": "application/json"},
                auth=_nobody if token is None else Bearer(token),
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


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def remote(url: str, ca_file: str | None = None) -> Remote:
    """The server at an address.

    Raises:
        SetUpError: it is no address of a server, or one where a token could be read on the way.
    """
    return Remote(server_address(url), ca_file)


def keep_token(url: str, token: str | None) -> None:
    """Keep the token for a server, or forget it."""
    tokens = kept_tokens()
    tokens.pop(url, None)
    if token is not None:
        tokens[url] = token
    tokens_file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(tokens_file(), json.dumps(tokens, indent=2))
