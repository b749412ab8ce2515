"""What each of our credentials says, written and read in one place: a link's token and cookie, a one-time code, a session, an API token.

The database decides whether any of them is still good. Knows nothing of HTTP and of rows.
"""

from __future__ import annotations

import base64
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tb_share.signing import Purpose, Signer

_LONGEST_COOKIE: Final = 512
_LONGEST_ENTRY: Final = 1024
_TOKEN: Final = re.compile(r"tbs_([a-z2-7]{32})([a-z2-7]{7})")
_TOKEN_BYTES: Final = 20


class Credentials:
    """Writes with the last key and reads with all; reading gives None for anything that is not ours and of this kind."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._links = Signer(keys, Purpose.LINK)
        self._link_cookies = Signer(keys, Purpose.LINK_COOKIE)
        self._codes = Signer(keys, Purpose.CODE)
        self._sessions = Signer(keys, Purpose.SESSION)
        self._entries = Signer(keys, Purpose.ENTRY)
        self._content = Signer(keys, Purpose.CONTENT)

    def link(self, link_id: str, secret: str) -> str:
        """The last part of a share link's address."""
        return self._links.sign([link_id, secret])

    def read_link(self, token: str) -> tuple[str, str] | None:
        """A link's id and secret."""
        match self._links.read(token):
            case [str(link_id), str(secret)]:
                return link_id, secret
            case _:
                return None

    def link_cookie(self, link_id: str) -> str:
        """The cookie of somebody who opened a link."""
        return self._link_cookies.sign([link_id])

    def read_link_cookie(self, value: str) -> str | None:
        """A link's id."""
        return _only_text(self._link_cookies.read(value, _LONGEST_COOKIE))

    def code(self, secret: str) -> str:
        """The last part of a one-time address."""
        return self._codes.sign([secret])

    def read_code(self, token: str) -> str | None:
        """A code's secret."""
        return _only_text(self._codes.read(token))

    def session(self, secret: str) -> str:
        """The cookie of somebody who signed in."""
        return self._sessions.sign([secret])

    def read_session(self, value: str) -> str | None:
        """A session's secret."""
        return _only_text(self._sessions.read(value, _LONGEST_COOKIE))

    def entry(self, entry: Entry) -> str:
        """The last part of the address that leads a browser over to the content's origin."""
        return self._entries.sign([entry.session_hash, entry.link_id, entry.project_id, entry.state, entry.expires_at])

    def read_entry(self, token: str) -> Entry | None:
        """What was handed over."""
        match self._entries.read(token, _LONGEST_ENTRY):
            case [str(session), str(link), str(project), str(state), int(expires_at)]:
                return Entry(session, link, project, state, expires_at)
            case _:
                return None

    def content(self, session_hash: str, project_uid: str) -> str:
        """The cookie of somebody who looks at one project's TensorBoard on the content's origin."""
        return self._content.sign([session_hash, project_uid])

    def read_content(self, value: str) -> tuple[str, str] | None:
        """A session's hash and a project's uid."""
        match self._content.read(value, _LONGEST_COOKIE):
            case [str(session_hash), str(project_uid)]:
                return session_hash, project_uid
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is led over to the content's origin, for which project; ``state`` binds it to the browser that asked."""

    session_hash: str
    """Empty without a session."""
    link_id: str
    """Empty without a link."""
    project_id: str
    state: str
    expires_at: int
    """Unix seconds."""


def write_token() -> str:
    """A fresh API token: a prefix that scanners for secrets know, 160 random bits, and a checksum that costs no query (S-TOK-1)."""
    secret = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode().lower()
    return f"tbs_{secret}{_checksum(secret)}"


def is_token(text: str) -> bool:
    """Whether it is written as our tokens are; the database says whether it is one."""
    found = _TOKEN.fullmatch(text)
    return found is not None and _checksum(found[1]) == found[2]


def _checksum(secret: str) -> str:
    return base64.b32encode(zlib.crc32(secret.encode()).to_bytes(4, "big")).decode().lower().rstrip("=")


def _only_text(payload: object) -> str | None:
    match payload:
        case [str(text)]:
            return text
        case _:
            return None
